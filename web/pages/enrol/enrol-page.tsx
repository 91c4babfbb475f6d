import { useLocation } from '@solidjs/router';
import { createSignal, onCleanup, Show } from 'solid-js';
import { type Pairing, parsePairing } from '../../../shared/device/pairing.ts';
import { hasOneFolder } from '../../client/rooms/may-write.ts';
import { t } from '../../i18n/ways/translate.ts';
import { setPageTitle } from '../../state/frame.ts';
import { joinByCode } from '../../state/getting-in.ts';
import { identityState } from '../../state/identity.ts';
import { joining } from '../../state/joining.ts';
import { startSpace } from '../../state/spaces.ts';
import { JoinCard } from '../../ui/join-card.tsx';
import '../../ui/join-card.css';
import { DeviceName } from './device-name-field.tsx';
import { deviceKind } from './device-kind.ts';
import { deviceName } from './device-name.ts';
import { Door } from './door.tsx';
import './enrol.css';
import { isUnderWay, Progress } from './progress.tsx';

/** What the address says: a code or a link, nothing, or something that is neither. */
type Invitation = Pairing | 'none' | 'wrong';

function readInvitation(hash: string): Invitation {
  if (hash.length < 2) return 'none';
  try {
    return parsePairing(hash);
  } catch {
    return 'wrong';
  }
}

/** The door of a space for a browser that is not in: by a code or link in the address, or by any other way. */
export default function EnrolPage() {
  setPageTitle(t('door.title'));
  const location = useLocation();
  const invitation = () => readInvitation(location.hash);
  // Only who was in before coming here is in the wrong place.
  const before = identityState.identity.kind;
  const taken = () =>
    joining().kind === 'idle' && identityState.identity.kind === 'claimed'
      ? identityState.identity.idTag
      : undefined;
  return (
    <JoinCard title={t('door.title')}>
      <Show when={!taken()} fallback={<Taken idTag={taken() ?? before} hash={location.hash} />}>
        <Show when={invitation() !== 'wrong'} fallback={<p role="alert">{t('error.invalid')}</p>}>
          <Show when={asPairing(invitation())} fallback={<Door />}>
            {(pairing) => <Invited pairing={pairing()} />}
          </Show>
        </Show>
      </Show>
    </JoinCard>
  );
}

function asPairing(invitation: Invitation): Pairing | undefined {
  return typeof invitation === 'string' ? undefined : invitation;
}

/** The address has a code: the person only says what this device is called. */
function Invited(props: { pairing: Pairing }) {
  const [name, setName] = createSignal(deviceName(navigator.userAgent));
  const leaving = new AbortController();
  onCleanup(() => leaving.abort());
  const idTag = () => (props.pairing.kind === 'code' ? props.pairing.idTag : undefined);
  const start = () => {
    const arrival = { deviceName: name().trim(), kind: deviceKind(navigator.userAgent), idTag: idTag() };
    if (arrival.deviceName) void joinByCode(props.pairing, arrival, leaving.signal);
  };
  return (
    <>
      <Show when={!isUnderWay()}>
        <p>
          <Show when={idTag()} fallback={t('door.invitedUnknown')}>
            {(whose) => t('door.invited', { idTag: whose() })}
          </Show>
        </p>
      </Show>
      <Progress />
      <Show when={!isUnderWay()}>
        <form
          class="join-form"
          onSubmit={(event) => {
            event.preventDefault();
            start();
          }}
        >
          <DeviceName value={name()} onInput={setName} />
          <button type="submit" class="button primary" disabled={name().trim() === ''}>
            {t(joining().kind === 'failed' ? 'door.retry' : 'door.join')}
          </button>
        </form>
      </Show>
    </>
  );
}

/** A browser is a device of one identity a space. */
function Taken(props: { idTag: string; hash: string }) {
  return (
    <>
      <p>{t('door.taken', { idTag: props.idTag })}</p>
      <Show when={props.hash.length > 1 && !hasOneFolder()}>
        <p class="quiet-text">{t('door.takenLetIn')}</p>
        <a class="button primary" href={`/settings?pair${props.hash}`}>
          {t('pair.readOther')}
        </a>
      </Show>
      <p class="quiet-text">{t('door.takenSpace')}</p>
      <button type="button" class="button" onClick={() => startSpace(`/enrol${props.hash}`)}>
        {t('door.newSpace')}
      </button>
    </>
  );
}
