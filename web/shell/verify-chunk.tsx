import { createSignal, createUniqueId, Show } from 'solid-js';
import { render } from 'solid-js/web';
import { t } from '../i18n/ways/translate.ts';
import { question, type Question } from '../state/verify.ts';
import { tellFailure } from '../state/way-failure.ts';
import { Dialog } from '../ui/dialog.tsx';
import '../ui/join-card.css';

/** Puts the dialog beside the page: any action may have it asked who is there. */
export function showVerifyDialog(): void {
  const place = document.createElement('div');
  document.body.append(place);
  render(() => <Show when={question()}>{(now) => <VerifyDialog question={now()} />}</Show>, place);
}

function VerifyDialog(props: { question: Question }) {
  const [problem, setProblem] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const show = async (work: Promise<void>) => {
    setBusy(true);
    setProblem('');
    try {
      await work;
      props.question.done(true);
    } catch (error) {
      setProblem(tellFailure(error));
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      title={t('verify.title')}
      closeLabel={t('verify.cancel')}
      onClose={() => props.question.done(false)}
    >
      <div class="join-form">
        <p>{t('verify.text')}</p>
        <Show when={problem()}>
          <p class="error-text" role="alert">
            {problem()}
          </p>
        </Show>
        <Show when={props.question.means.passkey}>
          <button
            type="button"
            class="button"
            disabled={busy()}
            onClick={() => void show(props.question.byPasskey())}
          >
            {t('verify.passkey')}
          </button>
        </Show>
        <Show when={props.question.means.password}>
          <ByPassword
            busy={busy()}
            onPassword={(password) => void show(props.question.byPassword(password))}
          />
        </Show>
      </div>
    </Dialog>
  );
}

function ByPassword(props: { busy: boolean; onPassword: (password: string) => void }) {
  const [password, setPassword] = createSignal('');
  const id = createUniqueId();
  return (
    <form
      class="join-form"
      onSubmit={(event) => {
        event.preventDefault();
        props.onPassword(password());
      }}
    >
      <div class="field">
        <label for={id}>{t('verify.password')}</label>
        <input
          id={id}
          class="input"
          type="password"
          autocomplete="current-password"
          onInput={(event) => setPassword(event.currentTarget.value)}
        />
      </div>
      <button type="submit" class="button primary" disabled={props.busy || password() === ''}>
        {t('verify.go')}
      </button>
      <p class="quiet-text small">{t('verify.forgotten')}</p>
    </form>
  );
}
