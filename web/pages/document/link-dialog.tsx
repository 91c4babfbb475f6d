import { createEffect, createSignal, createUniqueId, Show } from 'solid-js';
import { t } from '../../i18n/translate.ts';
import { Dialog } from '../../ui/dialog.tsx';

/** Asks for the address of a link. A bare domain gets `https://`. */
export function LinkDialog(props: {
  open: boolean;
  href: string;
  onClose: () => void;
  onLink: (href: string) => void;
}) {
  const [text, setText] = createSignal('');
  const inputId = createUniqueId();
  createEffect(() => props.open && setText(props.href));
  const finish = (href: string) => {
    props.onClose();
    props.onLink(href);
  };
  return (
    <Dialog
      open={props.open}
      title={t('toolbar.link')}
      closeLabel={t('keys.close')}
      onClose={() => props.onClose()}
    >
      <form
        class="link-form"
        onSubmit={(event) => {
          event.preventDefault();
          finish(completeAddress(text()));
        }}
      >
        <div class="field">
          <label for={inputId}>{t('document.linkPrompt')}</label>
          <input
            id={inputId}
            class="input"
            inputmode="url"
            autocomplete="off"
            autofocus
            value={text()}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </div>
        <div class="link-form-buttons">
          <Show when={props.href}>
            <button type="button" class="button" onClick={() => finish('')}>
              {t('document.linkRemove')}
            </button>
          </Show>
          <button type="submit" class="button primary">
            {t('document.linkApply')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** Puts `https://` before what looks like a domain; leaves paths, fragments and schemes as they are. */
export function completeAddress(text: string): string {
  const trimmed = text.trim();
  return /^[\w-]+(\.[\w-]+)+([/?#:].*)?$/.test(trimmed) ? `https://${trimmed}` : trimmed;
}
