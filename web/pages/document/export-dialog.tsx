import { createSignal, createUniqueId, For, onCleanup, Show } from 'solid-js';
import { t, tCount } from '../../i18n/formats/translate.ts';
import { exportOne, type ExportFormat } from '../../state/exporting.ts';
import { showToast } from '../../state/toasts.ts';
import { Dialog } from '../../ui/dialog.tsx';
import './export.css';

type Choice = ExportFormat | 'pdf';

const choices: readonly Choice[] = ['standalone', 'markdown', 'html', 'docx', 'pdf'];
/** What documents that are no text can be: their type writes the rest. */
const others: readonly Choice[] = ['standalone', 'markdown', 'html'];

/** Chooses what a document is written as. */
export default function ExportDialog(props: { id: string; type: string; onClose: () => void }) {
  const [choice, setChoice] = createSignal<Choice>('standalone');
  const [open, setOpen] = createSignal(true);
  const [busy, setBusy] = createSignal(false);
  const name = createUniqueId();
  const off = new AbortController();
  onCleanup(() => off.abort());
  const run = async () => {
    const format = choice();
    setBusy(true);
    try {
      if (format === 'pdf') {
        setOpen(false);
        // The dialog is gone before the page is drawn for paper.
        requestAnimationFrame(() => window.print());
        return;
      }
      const missing = await exportOne(props.id, format, off.signal);
      if (missing.length > 0) showToast(tCount('export.missing', missing.length));
      setOpen(false);
    } catch (error) {
      if (off.signal.aborted) return;
      showToast(t('export.failed', { message: error instanceof Error ? error.message : String(error) }));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog open={open()} title={t('export.title')} closeLabel={t('export.close')} onClose={props.onClose}>
      <form
        class="export-form"
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <fieldset class="export-choices">
          <legend class="label">{t('export.format')}</legend>
          <For each={props.type === 'text' ? choices : others}>
            {(value) => (
              <label class="export-choice">
                <input
                  type="radio"
                  name={name}
                  value={value}
                  checked={choice() === value}
                  onChange={() => setChoice(value)}
                />
                <span>
                  <span class="label">{t(`export.${value}`)}</span>
                  <span class="quiet-text small">{t(`export.${value}.about`)}</span>
                </span>
              </label>
            )}
          </For>
        </fieldset>
        <Show when={busy()}>
          <span class="visually-hidden" role="status">
            {t('export.title')}…
          </span>
        </Show>
        <button type="submit" class="button primary" disabled={busy()}>
          {t('export.run')}
        </button>
      </form>
    </Dialog>
  );
}
