import { createSignal, createUniqueId, Show } from 'solid-js';
import { formatNumber } from '../../i18n/translate.ts';
import { t } from '../../i18n/recovery/translate.ts';
import { identityState } from '../../state/identity.ts';
import { kitCost, kits, type MadeKit, suggest, toFailure } from '../../state/recovery.ts';
import { failureWords } from '../../state/recovery-words.ts';
import { KitProof } from './kit-proof.tsx';

/** Passphrase, file and page, and the proof that they open. */
export function KitMaker(props: { again: boolean; onEnd: () => void }) {
  const [made, setMade] = createSignal<MadeKit>();
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal('');
  const make = async (passphrase: string) => {
    setBusy(true);
    setFailure('');
    try {
      setMade(await kits.make(passphrase, aboutKit()));
    } catch (error) {
      setFailure(failureWords(toFailure(error)));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div class="kit-maker">
      <Show
        when={made()}
        fallback={
          <PassphraseForm
            again={props.again}
            busy={busy()}
            onCancel={props.onEnd}
            onDone={(text) => void make(text)}
          />
        }
      >
        {(kit) => <KitProof kit={kit()} onEnd={props.onEnd} />}
      </Show>
      <Show when={failure()}>
        <p class="error-text" role="alert">
          {failure()}
        </p>
      </Show>
    </div>
  );
}

/** For whoever finds the file years later. */
function aboutKit(): string[] {
  const name = identityState.identity.kind === 'claimed' ? identityState.identity.idTag : '';
  return [
    t('file.about1', { name }),
    t('file.about2'),
    t('file.about3'),
    t('file.about4', { rounds: formatNumber(kitCost.rounds) }),
  ];
}

function PassphraseForm(props: {
  again: boolean;
  busy: boolean;
  onCancel: () => void;
  onDone: (passphrase: string) => void;
}) {
  const [oneId, twoId] = [createUniqueId(), createUniqueId()];
  const [one, setOne] = createSignal('');
  const [two, setTwo] = createSignal('');
  const [shown, setShown] = createSignal(false);
  const wrong = () => {
    if (one() === '' || two() === '') return '';
    if (one().trim().length < kitCost.shortest) return t('kit.tooShort');
    return one() === two() ? '' : t('kit.differ');
  };
  const propose = async () => {
    setOne(await suggest());
    setTwo('');
    setShown(true);
  };
  return (
    <form
      class="join-form"
      onSubmit={(event) => {
        event.preventDefault();
        props.onDone(one());
      }}
    >
      <Show when={props.again}>
        <p class="quiet-text small">{t('kit.againText')}</p>
      </Show>
      <Field id={oneId} label={t('kit.passphrase')} value={one()} shown={shown()} onInput={setOne}>
        {t('kit.passphraseHint', { least: formatNumber(kitCost.shortest) })}
      </Field>
      <div class="kit-row">
        <button type="button" class="button" onClick={() => void propose()}>
          {t('kit.suggest')}
        </button>
        <label class="kit-show">
          <input
            type="checkbox"
            checked={shown()}
            onChange={(event) => setShown(event.currentTarget.checked)}
          />
          {t('kit.show')}
        </label>
      </div>
      <Field id={twoId} label={t('kit.repeat')} value={two()} shown={shown()} onInput={setTwo}>
        {wrong()}
      </Field>
      <div class="kit-row">
        <button
          type="submit"
          class="button primary"
          disabled={props.busy || one() === '' || two() === '' || wrong() !== ''}
        >
          {t(props.busy ? 'kit.making' : 'kit.next')}
        </button>
        <button type="button" class="button" disabled={props.busy} onClick={() => props.onCancel()}>
          {t('kit.cancel')}
        </button>
      </div>
    </form>
  );
}

function Field(props: {
  id: string;
  label: string;
  value: string;
  shown: boolean;
  onInput: (text: string) => void;
  children: string;
}) {
  return (
    <div class="field">
      <label for={props.id}>{props.label}</label>
      <input
        id={props.id}
        class="input"
        type={props.shown ? 'text' : 'password'}
        autocomplete="off"
        spellcheck={false}
        value={props.value}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
      <p class="quiet-text small" aria-live="polite">
        {props.children}
      </p>
    </div>
  );
}
