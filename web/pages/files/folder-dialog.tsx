import { A } from '@solidjs/router';
import { createSignal, createUniqueId, Show } from 'solid-js';
import { t } from '../../i18n/files/translate.ts';
import { canSeal } from '../../state/files.ts';
import { Dialog } from '../../ui/dialog.tsx';
import './dialogs.css';
import { newFolder } from './operations.ts';

/** Names a new folder; of a sealed one it says what sealing does and what it does not. */
export default function FolderDialog(props: {
  sealed: boolean;
  parent: string;
  onClose: () => void;
  onCreated: (id: string) => void;
}) {
  const [title, setTitle] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const field = createUniqueId();
  const able = () => !props.sealed || canSeal();
  const ready = () => !busy() && title().trim() !== '' && able();
  const submit = async () => {
    if (!ready()) return;
    setBusy(true);
    const id = await newFolder(title().trim(), props.parent, props.sealed);
    setBusy(false);
    if (id === undefined) return;
    props.onCreated(id);
    props.onClose();
  };
  return (
    <Dialog
      open
      title={t(props.sealed ? 'files.sealedTitle' : 'files.folderTitle')}
      closeLabel={t('files.close')}
      onClose={() => props.onClose()}
    >
      <form
        class="folder-form"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Show when={props.sealed}>
          <Sealing />
        </Show>
        <Show when={able()}>
          <div class="field">
            <label for={field}>{t('files.folderName')}</label>
            <input
              id={field}
              class="input"
              autofocus
              maxlength={255}
              value={title()}
              onInput={(event) => setTitle(event.currentTarget.value)}
            />
          </div>
        </Show>
        <div class="dialog-foot">
          <button type="button" class="button" onClick={() => props.onClose()}>
            {t('files.cancel')}
          </button>
          <Show
            when={able()}
            fallback={
              <A class="button primary" href="/name" onClick={() => props.onClose()}>
                {t('files.addName')}
              </A>
            }
          >
            <button type="submit" class="button primary" disabled={!ready()}>
              {t('files.create')}
            </button>
          </Show>
        </div>
      </form>
    </Dialog>
  );
}

function Sealing() {
  return (
    <>
      <p>{t('files.sealedWhat')}</p>
      <ul class="sealed-words">
        <li>{t('files.sealedName')}</li>
        <li>{t('files.sealedRemoved')}</li>
        <li>{t('files.sealedLost')}</li>
      </ul>
      <Show when={!canSeal()}>
        <p role="status">{t('files.sealedNeedsName')}</p>
      </Show>
    </>
  );
}
