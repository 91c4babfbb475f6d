import { A } from '@solidjs/router';
import { createSignal, createUniqueId, Show } from 'solid-js';
import { formatDay } from '../../i18n/translate.ts';
import { joining } from '../../state/joining.ts';
import { readSetup, recover, type RecoveryFailure, type RecoveryKit } from '../../state/recovery.ts';
import { KitPicker } from './kit-picker.tsx';
import { t } from '../../i18n/recovery/translate.ts';
import { failureWords } from '../../state/recovery-words.ts';

/** A kit, its passphrase, and what an empty relay asks for. */
export function KitForm(props: { setup: string | undefined }) {
  const [kit, setKit] = createSignal<RecoveryKit>();
  const [failure, setFailure] = createSignal<RecoveryFailure>();
  const needsSetup = () => failure()?.reason === 'setup-missing' || failure()?.reason === 'setup';
  const running = () => ['keys', 'waiting', 'claiming'].includes(joining().kind);
  const words = () => {
    const now = failure();
    return now && failureWords(now, kit()?.key.idTag);
  };
  const start = async (form: FormValues) => {
    const found = kit();
    if (!found) return;
    setFailure(undefined);
    const setup = readSetup(form.setup) ?? props.setup;
    setFailure(await recover(found, { ...form, setup }));
  };
  return (
    <Show when={joining().kind !== 'done'} fallback={<Done />}>
      <p>{t('recover.intro')}</p>
      <KitPicker
        onKit={(found) => {
          setKit(found);
          setFailure(undefined);
        }}
        onFailure={setFailure}
      />
      <Show when={kit()}>{(found) => <KitName kit={found()} />}</Show>
      <Show when={words()}>
        <p class="error-text" role="alert">
          {words()}
        </p>
      </Show>
      <Show when={kit()}>
        <Fields needsSetup={needsSetup()} busy={running()} onStart={(form) => void start(form)} />
      </Show>
    </Show>
  );
}

function KitName(props: { kit: RecoveryKit }) {
  const values = () => ({
    name: props.kit.key.idTag,
    date: formatDay(props.kit.key.createdAt * 1000),
  });
  return (
    <p class="label" data-testid="kit">
      {props.kit.entries.length > 0 ? t('recover.kitOf', values()) : t('recover.codeOnly', values())}
    </p>
  );
}

interface FormValues {
  readonly passphrase: string;
  readonly setup: string;
  readonly deviceName: string;
}

function Fields(props: { needsSetup: boolean; busy: boolean; onStart: (form: FormValues) => void }) {
  const [passphraseId, setupId, nameId] = [createUniqueId(), createUniqueId(), createUniqueId()];
  const [passphrase, setPassphrase] = createSignal('');
  const [setup, setSetup] = createSignal('');
  const [name, setName] = createSignal(t('recover.thisBrowser'));
  const progress = () => t(joining().kind === 'keys' ? 'recover.opening' : 'recover.entering');
  return (
    <form
      class="join-form"
      onSubmit={(event) => {
        event.preventDefault();
        props.onStart({ passphrase: passphrase(), setup: setup(), deviceName: name().trim() });
      }}
    >
      <div class="field">
        <label for={passphraseId}>{t('kit.passphrase')}</label>
        <input
          id={passphraseId}
          class="input"
          type="password"
          autocomplete="off"
          onInput={(event) => setPassphrase(event.currentTarget.value)}
        />
      </div>
      <Show when={props.needsSetup}>
        <div class="field">
          <label for={setupId}>{t('recover.setup')}</label>
          <input
            id={setupId}
            class="input mono"
            autocomplete="off"
            onInput={(event) => setSetup(event.currentTarget.value)}
          />
          <p class="quiet-text small">{t('recover.setupHint')}</p>
        </div>
      </Show>
      <div class="field">
        <label for={nameId}>{t('recover.device')}</label>
        <input
          id={nameId}
          class="input"
          maxlength={60}
          value={name()}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </div>
      <button
        type="submit"
        class="button primary"
        disabled={props.busy || passphrase() === '' || name().trim() === ''}
      >
        {props.busy ? progress() : t('recover.start')}
      </button>
    </form>
  );
}

function Done() {
  const name = () => {
    const now = joining();
    return now.kind === 'done' ? now.idTag : '';
  };
  return (
    <>
      <p class="label" role="status">
        {t('recover.done', { name: name() })}
      </p>
      <p class="quiet-text">{t('recover.doneText')}</p>
      <div class="kit-row">
        <A class="button primary" href="/home">
          {t('recover.open')}
        </A>
        <A class="button" href="/settings">
          {t('recover.settings')}
        </A>
      </div>
    </>
  );
}
