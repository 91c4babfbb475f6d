import { createResource, createSignal, createUniqueId, For, Show } from 'solid-js';
import { t } from '../../i18n/identity/translate.ts';
import { formatDay } from '../../i18n/translate.ts';
import { changeIdentityKeys, type IdentityKeys, readIdentityKeys } from '../../state/identity-care.ts';
import { houseParts } from '../../state/house.ts';
import { isClaimed } from '../../state/identity.ts';
import { mayLetIn } from '../../state/pairing.ts';
import { showToast } from '../../state/toasts.ts';
import { Dialog } from '../../ui/dialog.tsx';
import './identity-keys.css';
import { LinkedNames } from './linked-names.tsx';
import { ServiceChoice } from './service-choice.tsx';

/** Keys of the identity, what its did document shows, and its other names. */
export default function IdentityKeysSection() {
  const id = createUniqueId();
  return (
    <Show when={isClaimed()}>
      <section class="settings-section" id="keys" aria-labelledby={id} data-testid="identity-keys">
        <h2 id={id}>{t('keys.title')}</h2>
        <div class="card settings-card">
          <p class="quiet-text">{t('keys.text')}</p>
          <Loaded />
          <LinkedNames />
        </div>
      </section>
    </Show>
  );
}

function Loaded() {
  const [found, { mutate }] = createResource(houseParts, () => readIdentityKeys());
  return (
    <Show when={found.state !== 'errored'} fallback={<p role="status">{t('keys.away')}</p>}>
      <Show when={found.latest}>
        {(now) => (
          <>
            <KeyList keys={now().keys} />
            <Changes planned={now().keys.some(({ state }) => state === 'planned')} onChange={mutate} />
            <ServiceChoice services={now().services} onChange={mutate} />
          </>
        )}
      </Show>
    </Show>
  );
}

type Key = IdentityKeys['keys'][number];

function describe({ state, usedFrom, endsAt = 0 }: Key): string {
  if (state === 'current') return t('keys.current');
  return t(`keys.${state}`, { time: formatDay(state === 'planned' ? usedFrom : endsAt * 1000) });
}

function KeyList(props: { keys: readonly Key[] }) {
  return (
    <ul role="list" class="identity-list">
      <For each={props.keys}>
        {(key) => (
          <li class="identity-line">
            <code>{key.keyId}</code>
            <span classList={{ 'quiet-text': key.state !== 'current' }}>{describe(key)}</span>
          </li>
        )}
      </For>
    </ul>
  );
}

type Step = 'rotate' | 'revoke';

const words = {
  rotate: { title: 'keys.rotateTitle', text: 'keys.rotateText', act: 'keys.rotate', done: 'keys.rotated' },
  revoke: {
    title: 'keys.revokeTitle',
    text: 'keys.revokeText',
    act: 'keys.revokeDo',
    done: 'keys.revoked.done',
  },
} as const;

function Changes(props: { planned: boolean; onChange: (keys: IdentityKeys) => void }) {
  const [asked, setAsked] = createSignal<Step>();
  return (
    <Show when={mayLetIn()}>
      <div class="identity-buttons">
        <button type="button" class="button" disabled={props.planned} onClick={() => setAsked('rotate')}>
          {t('keys.rotate')}
        </button>
        <button type="button" class="button" onClick={() => setAsked('revoke')}>
          {t('keys.revoke')}
        </button>
      </div>
      <Show when={asked()} keyed>
        {(step) => <Confirm step={step} onChange={props.onChange} onClose={() => setAsked(undefined)} />}
      </Show>
    </Show>
  );
}

function Confirm(props: { step: Step; onChange: (keys: IdentityKeys) => void; onClose: () => void }) {
  const [busy, setBusy] = createSignal(false);
  const said = () => words[props.step];
  const act = async () => {
    setBusy(true);
    try {
      props.onChange(await changeIdentityKeys(props.step));
      showToast(t(said().done));
    } catch (error) {
      showToast(t('login.failed', { message: error instanceof Error ? error.message : String(error) }));
    } finally {
      props.onClose();
    }
  };
  return (
    <Dialog open title={t(said().title)} closeLabel={t('close')} onClose={props.onClose}>
      <p>{t(said().text)}</p>
      <div class="identity-buttons">
        <button type="button" class="button" onClick={() => props.onClose()}>
          {t('keys.cancel')}
        </button>
        <button
          type="button"
          class="button"
          classList={{ danger: props.step === 'revoke', primary: props.step === 'rotate' }}
          disabled={busy()}
          onClick={() => void act()}
        >
          {t(said().act)}
        </button>
      </div>
    </Dialog>
  );
}
