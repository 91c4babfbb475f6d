import { createSignal, createUniqueId, Match, Show, Switch } from 'solid-js';
import { isIdTag } from '../../../shared/identity/id-tag.ts';
import { t } from '../../i18n/ways/translate.ts';
import type { Look } from './door.tsx';

/** Whose devices this browser is to be one of: a relay may serve several people. */
export function Whose(props: {
  door: Look | undefined;
  wanted: string | undefined;
  onChoose: (idTag: string) => void;
}) {
  const [open, setOpen] = createSignal(false);
  const known = () => (typeof props.door === 'object' ? props.door.idTag : props.wanted);
  return (
    <>
      <div class="door-whose">
        <p>
          <Show when={known()} fallback={t('door.introUnknown')}>
            {(idTag) => t('door.intro', { idTag: idTag() })}
          </Show>
        </p>
        <Show when={!open()}>
          <button type="button" class="button quiet" onClick={() => setOpen(true)}>
            {t('door.other')}
          </button>
        </Show>
      </div>
      <Switch>
        <Match when={props.door === 'away'}>
          <p class="quiet-text">{t('door.away')}</p>
        </Match>
        <Match when={props.door === 'unknown'}>
          <p role="alert">{t('door.unknown')}</p>
        </Match>
      </Switch>
      <Show when={open()}>
        <OtherName
          onChoose={(idTag) => {
            setOpen(false);
            props.onChoose(idTag);
          }}
        />
      </Show>
    </>
  );
}

function OtherName(props: { onChoose: (idTag: string) => void }) {
  const [text, setText] = createSignal('');
  const id = createUniqueId();
  const idTag = () => text().trim().toLowerCase();
  return (
    <form
      class="field"
      onSubmit={(event) => {
        event.preventDefault();
        if (isIdTag(idTag())) props.onChoose(idTag());
      }}
    >
      <label for={id}>{t('door.idTag')}</label>
      <input
        id={id}
        class="input"
        autocapitalize="none"
        spellcheck={false}
        placeholder={t('door.idTagHint')}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <button type="submit" class="button" disabled={!isIdTag(idTag())}>
        {t('door.use')}
      </button>
    </form>
  );
}
