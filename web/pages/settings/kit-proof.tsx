import Download from 'lucide-solid/icons/download';
import FileUp from 'lucide-solid/icons/file-up';
import Printer from 'lucide-solid/icons/printer';
import { createSignal, createUniqueId, onMount, Show } from 'solid-js';
import { t } from '../../i18n/recovery/translate.ts';
import { kits, type MadeKit, toFailure } from '../../state/recovery.ts';
import { failureWords } from '../../state/recovery-words.ts';
import { showToast } from '../../state/toasts.ts';
import { FilePicker } from '../../ui/file-picker.tsx';
import { KitSheet } from './kit-sheet.tsx';

/** It counts once what was saved was opened. */
export function KitProof(props: { kit: MadeKit; onEnd: () => void }) {
  const [prints, setPrints] = createSignal(false);
  return (
    <>
      <p>{t('kit.saveText')}</p>
      <div class="kit-row">
        <button type="button" class="button primary" onClick={() => save(props.kit)}>
          <Download size={16} />
          {t('kit.save')}
        </button>
        <button type="button" class="button" onClick={() => setPrints(true)}>
          <Printer size={16} />
          {t('kit.print')}
        </button>
      </div>
      <Show when={prints()}>
        <KitSheet kit={props.kit} />
        <Print onEnd={() => setPrints(false)} />
      </Show>
      <p>{t('kit.proveText')}</p>
      <ProofForm kit={props.kit} onEnd={props.onEnd} />
    </>
  );
}

/** Prints what is there now; the dialog holds up the page. */
function Print(props: { onEnd: () => void }) {
  onMount(() =>
    requestAnimationFrame(() => {
      print();
      props.onEnd();
    }),
  );
  return null;
}

function save({ file, fileName }: MadeKit): void {
  const url = URL.createObjectURL(new Blob([file], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function ProofForm(props: { kit: MadeKit; onEnd: () => void }) {
  const id = createUniqueId();
  const [file, setFile] = createSignal<File>();
  const [passphrase, setPassphrase] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal('');
  const prove = async (picked: File) => {
    setBusy(true);
    setFailure('');
    try {
      await kits.prove(props.kit.did, await picked.text(), passphrase());
      showToast(t('kit.proven'));
      props.onEnd();
    } catch (error) {
      setFailure(failureWords(toFailure(error)));
      setBusy(false);
    }
  };
  return (
    <form
      class="join-form"
      onSubmit={(event) => {
        event.preventDefault();
        const picked = file();
        if (picked) void prove(picked);
      }}
    >
      <div class="kit-row kit-picked">
        <FilePicker
          class="button"
          label={t('kit.pick')}
          testId="kit-saved"
          onPick={([picked]) => setFile(picked)}
        >
          <FileUp size={16} />
          {t('kit.pick')}
        </FilePicker>
        <Show when={file()}>
          {(picked) => <span class="quiet-text small">{t('kit.picked', { name: picked().name })}</span>}
        </Show>
      </div>
      <div class="field">
        <label for={id}>{t('kit.passphrase')}</label>
        <input
          id={id}
          class="input"
          type="password"
          autocomplete="off"
          onInput={(event) => setPassphrase(event.currentTarget.value)}
        />
      </div>
      <Show when={failure()}>
        <p class="error-text" role="alert">
          {failure()}
        </p>
      </Show>
      <div class="kit-row">
        <button
          type="submit"
          class="button primary"
          disabled={busy() || file() === undefined || passphrase() === ''}
        >
          {t(busy() ? 'kit.checking' : 'kit.check')}
        </button>
        <button type="button" class="button" disabled={busy()} onClick={() => props.onEnd()}>
          {t('kit.cancel')}
        </button>
      </div>
    </form>
  );
}
