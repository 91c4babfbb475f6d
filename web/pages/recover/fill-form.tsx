import { createSignal, createUniqueId, Show } from 'solid-js';
import { fillNewRelay, readSetup, toFailure } from '../../state/recovery.ts';
import { t } from '../../i18n/recovery/translate.ts';
import { failureWords } from '../../state/recovery-words.ts';

/** The browser that holds everything, and a relay that has nothing. */
export function FillForm(props: { idTag: string; setup: string | undefined }) {
  const id = createUniqueId();
  const [text, setText] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal('');
  const fill = async () => {
    const setup = props.setup ?? readSetup(text());
    if (setup === undefined) return setFailure(t('refill.invalid'));
    setBusy(true);
    setFailure('');
    try {
      await fillNewRelay(setup);
    } catch (error) {
      setFailure(failureWords(toFailure(error), props.idTag));
      setBusy(false);
    }
  };
  return (
    <form
      class="join-form"
      onSubmit={(event) => {
        event.preventDefault();
        void fill();
      }}
    >
      <p>{t('refill.intro', { name: props.idTag })}</p>
      <p class="quiet-text small">{t('refill.others')}</p>
      <Show when={props.setup === undefined}>
        <div class="field">
          <label for={id}>{t('refill.setup')}</label>
          <input
            id={id}
            class="input mono"
            autocomplete="off"
            value={text()}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </div>
      </Show>
      <Show when={failure()}>
        <p class="error-text" role="alert">
          {failure()}
        </p>
      </Show>
      <button type="submit" class="button primary" disabled={busy()}>
        {t(busy() ? 'refill.working' : 'refill.start')}
      </button>
    </form>
  );
}
