import Fingerprint from 'lucide-solid/icons/fingerprint-pattern';
import KeyRound from 'lucide-solid/icons/key-round';
import { createSignal, createUniqueId, For, onMount, Show } from 'solid-js';
import { formatDay } from '../../i18n/translate.ts';
import { t } from '../../i18n/ways/translate.ts';
import { hasPasskeys } from '../../state/getting-in.ts';
import { isClaimed } from '../../state/identity.ts';
import { mayLetIn } from '../../state/pairing.ts';
import { showToast } from '../../state/toasts.ts';
import { tellFailure } from '../../state/way-failure.ts';
import {
  addPasskey,
  readWays,
  removeWay,
  setPassword,
  shortestPassword,
  waysIn,
  type Way,
} from '../../state/ways.ts';
import './pair-panel.css';

/** Passwords and passkeys of this identity. */
export default function WaysSection() {
  const id = createUniqueId();
  return (
    <Show when={isClaimed() && mayLetIn()}>
      <section class="settings-section" aria-labelledby={id}>
        <h2 id={id}>{t('ways.title')}</h2>
        <div class="card settings-card">
          <p class="quiet-text">{t('ways.intro')}</p>
          <List />
        </div>
      </section>
    </Show>
  );
}

type Form = 'none' | 'password' | 'passkey';

function List() {
  const [form, setForm] = createSignal<Form>('none');
  const [away, setAway] = createSignal(false);
  onMount(() => void readWays().catch(() => setAway(true)));
  const password = () => waysIn()?.some(({ kind }) => kind === 'password');
  const done = () => setForm('none');
  return (
    <>
      <Show when={away()}>
        <p class="quiet-text">{t('ways.offline')}</p>
      </Show>
      <Show when={waysIn()?.length === 0}>
        <p>{t('ways.none')}</p>
      </Show>
      <ul role="list" class="ways-list">
        <For each={waysIn()}>{(way) => <WayLine way={way} />}</For>
      </ul>
      <Show when={form() === 'none' && waysIn()}>
        <div class="pair-buttons">
          <button type="button" class="button" onClick={() => setForm('password')}>
            {t(password() ? 'ways.changePassword' : 'ways.setPassword')}
          </button>
          <Show when={hasPasskeys()} fallback={<p class="quiet-text">{t('ways.noPasskeys')}</p>}>
            <button type="button" class="button" onClick={() => setForm('passkey')}>
              {t('ways.addPasskey')}
            </button>
          </Show>
        </div>
      </Show>
      <Show when={form() === 'password'}>
        <PasswordForm onDone={done} />
      </Show>
      <Show when={form() === 'passkey'}>
        <PasskeyForm onDone={done} />
      </Show>
    </>
  );
}

function WayLine(props: { way: Way }) {
  const [asking, setAsking] = createSignal(false);
  const name = () => (props.way.kind === 'password' ? t('ways.password') : props.way.name);
  const label = () => t(asking() ? 'ways.removeSure' : 'ways.remove');
  const click = () => {
    if (asking()) void tell(removeWay(props.way));
    setAsking(!asking());
  };
  return (
    <li class="device">
      <Show when={props.way.kind === 'passkey'} fallback={<KeyRound size={20} />}>
        <Fingerprint size={20} />
      </Show>
      <span class="device-who">
        <span class="label">
          {name()}
          <span class="badge">{t(props.way.did ? 'ways.opens' : 'ways.confirms')}</span>
        </span>
        <span class="quiet-text small">
          {t('ways.since', { date: formatDay(props.way.createdAt) })}
          <Show when={props.way.usedAt}>{(at) => ` · ${t('ways.used', { date: formatDay(at()) })}`}</Show>
        </span>
        <Show when={!props.way.did}>
          <span class="quiet-text small">{t('ways.confirmsText')}</span>
        </Show>
      </span>
      <button
        type="button"
        class="button"
        aria-label={`${label()} – ${name()}`}
        onClick={click}
        onBlur={() => setAsking(false)}
      >
        {label()}
      </button>
    </li>
  );
}

/** True when it worked; else it is told why not. */
async function tell(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    showToast(tellFailure(error));
    return false;
  }
}

function PasswordForm(props: { onDone: () => void }) {
  const [first, setFirst] = createSignal('');
  const [second, setSecond] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const unequal = () => second() !== '' && second() !== first();
  const save = async () => {
    setBusy(true);
    const saved = await tell(setPassword(first()));
    setBusy(false);
    if (!saved) return;
    showToast(t('ways.passwordSaved'));
    props.onDone();
  };
  const ready = () => first().length >= shortestPassword && first() === second() && !busy();
  return (
    <form
      class="ways-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <PasswordField label={t('ways.new')} onInput={setFirst} />
      <PasswordField label={t('ways.again')} onInput={setSecond} />
      <p class="quiet-text small">{t('ways.rule', { n: shortestPassword })}</p>
      <Show when={unequal()}>
        <p class="error-text">{t('ways.unequal')}</p>
      </Show>
      <div class="pair-buttons">
        <button type="submit" class="button primary" disabled={!ready()}>
          {busy() ? t('door.workingPassword') : t('ways.save')}
        </button>
        <button type="button" class="button quiet" disabled={busy()} onClick={() => props.onDone()}>
          {t('pair.cancel')}
        </button>
      </div>
    </form>
  );
}

function PasswordField(props: { label: string; onInput: (text: string) => void }) {
  const id = createUniqueId();
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <input
        id={id}
        class="input"
        type="password"
        autocomplete="new-password"
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
    </div>
  );
}

function PasskeyForm(props: { onDone: () => void }) {
  const [name, setName] = createSignal(t('ways.passkeyDefault'));
  const [busy, setBusy] = createSignal(false);
  const id = createUniqueId();
  const make = async () => {
    setBusy(true);
    const made = await tell(
      addPasskey(name().trim()).then((opens) =>
        showToast(t(opens ? 'ways.passkeyAdded' : 'ways.passkeyConfirms')),
      ),
    );
    setBusy(false);
    if (made) props.onDone();
  };
  return (
    <form
      class="ways-form"
      onSubmit={(event) => {
        event.preventDefault();
        void make();
      }}
    >
      <div class="field">
        <label for={id}>{t('ways.passkeyName')}</label>
        <input
          id={id}
          class="input"
          maxlength={60}
          value={name()}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </div>
      <p class="quiet-text small">{t('ways.passkeyHost', { host: location.hostname })}</p>
      <div class="pair-buttons">
        <button type="submit" class="button primary" disabled={busy() || name().trim() === ''}>
          {t('ways.make')}
        </button>
        <button type="button" class="button quiet" disabled={busy()} onClick={() => props.onDone()}>
          {t('pair.cancel')}
        </button>
      </div>
    </form>
  );
}
