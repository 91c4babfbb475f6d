import { A } from '@solidjs/router';
import Fingerprint from 'lucide-solid/icons/fingerprint-pattern';
import Keyboard from 'lucide-solid/icons/keyboard';
import KeyRound from 'lucide-solid/icons/key-round';
import LifeBuoy from 'lucide-solid/icons/life-buoy';
import Link2 from 'lucide-solid/icons/link-2';
import QrCodeIcon from 'lucide-solid/icons/qr-code';
import ScanLine from 'lucide-solid/icons/scan-line';
import { type Component, createResource, createSignal, For, Match, Show, Switch } from 'solid-js';
import { type IdTag, parseIdTag } from '../../../shared/identity/id-tag.ts';
import { IsletError } from '../../../shared/errors.ts';
import { t, type WaysKey } from '../../i18n/ways/translate.ts';
import { type Arrival, type Door as DoorState, hasPasskeys, readDoor } from '../../state/getting-in.ts';
import { joining, setJoining } from '../../state/joining.ts';
import { ByCode, ByPasskey, ByPassword, BySetupLink, ShowsCode } from './steps.tsx';
import { deviceKind } from './device-kind.ts';
import { deviceName } from './device-name.ts';
import { DeviceName } from './device-name-field.tsx';
import { isUnderWay, Progress } from './progress.tsx';
import { Whose } from './whose.tsx';

type Step = 'scan' | 'type' | 'show' | 'passkey' | 'password' | 'setup';

const ways: readonly { step: Step; title: WaysKey; text: WaysKey; icon: Component<{ size?: number }> }[] = [
  { step: 'scan', title: 'door.scan', text: 'door.scanText', icon: ScanLine },
  { step: 'type', title: 'door.type', text: 'door.typeText', icon: Keyboard },
  { step: 'show', title: 'door.show', text: 'door.showText', icon: QrCodeIcon },
  { step: 'passkey', title: 'door.passkey', text: 'door.passkeyText', icon: Fingerprint },
  { step: 'password', title: 'door.password', text: 'door.passwordText', icon: KeyRound },
  { step: 'setup', title: 'door.setup', text: 'door.setupText', icon: Link2 },
];

/** All ways in, when the address says nothing. */
export function Door() {
  const [name, setName] = createSignal(deviceName(navigator.userAgent));
  const [wanted, setWanted] = createSignal<string>();
  const [step, setStep] = createSignal<Step>();
  // Asked again for another name; away, the ways that need no answer are left.
  const [door] = createResource(
    () => ({ idTag: wanted() }),
    async ({ idTag }) => readOrFail(idTag),
  );
  const arrival = (): Arrival => ({
    deviceName: name().trim() || deviceName(navigator.userAgent),
    kind: deviceKind(navigator.userAgent),
    idTag: chosen(door.latest, wanted()),
  });
  const back = () => {
    setJoining({ kind: 'idle' });
    setStep(undefined);
  };
  return (
    <div class="door-step">
      <Show when={!step() && !isUnderWay()}>
        <Whose door={door.latest} wanted={wanted()} onChoose={setWanted} />
        <DeviceName value={name()} onInput={setName} />
        <h2>{t('door.ways')}</h2>
        <Ways door={door.latest} onChoose={setStep} />
      </Show>
      <Show when={step()}>
        {(now) => (
          <Switch>
            <Match when={now() === 'scan' || now() === 'type'}>
              <ByCode arrival={arrival()} camera={now() === 'scan'} />
            </Match>
            <Match when={now() === 'show'}>
              <ShowsCode arrival={arrival()} />
            </Match>
            <Match when={now() === 'passkey'}>
              <ByPasskey arrival={arrival()} />
            </Match>
            <Match when={now() === 'password'}>
              <ByPassword arrival={arrival()} />
            </Match>
            <Match when={now() === 'setup'}>
              <BySetupLink />
            </Match>
          </Switch>
        )}
      </Show>
      <Progress />
      <Show when={step() && !['keys', 'claiming', 'done'].includes(joining().kind)}>
        <button type="button" class="button quiet" onClick={back}>
          {t('door.back')}
        </button>
      </Show>
    </div>
  );
}

/** What the relay says of itself, or why it says nothing. */
export type Look = DoorState | 'away' | 'unknown';

async function readOrFail(idTag: string | undefined): Promise<Look> {
  try {
    return await readDoor(idTag);
  } catch (error) {
    return error instanceof IsletError ? 'unknown' : 'away';
  }
}

function chosen(door: Look | undefined, wanted: string | undefined): IdTag | undefined {
  if (typeof door === 'object') return door.idTag;
  return wanted === undefined ? undefined : parseIdTag(wanted);
}

function Ways(props: { door: Look | undefined; onChoose: (step: Step) => void }) {
  const offered = (step: Step): boolean => {
    const door = typeof props.door === 'object' ? props.door : undefined;
    if (step === 'passkey') return (door?.passkey ?? false) && hasPasskeys();
    return step !== 'password' || door?.password !== undefined;
  };
  return (
    <div class="door-ways">
      <For each={ways.filter(({ step }) => offered(step))}>
        {({ step, title, text, icon }) => (
          <button type="button" class="door-way" onClick={() => props.onChoose(step)}>
            {icon({ size: 20 })}
            <span class="label">{t(title)}</span>
            <span class="quiet-text small">{t(text)}</span>
          </button>
        )}
      </For>
      <A class="door-way" href="/recover">
        <LifeBuoy size={20} />
        <span class="label">{t('door.kit')}</span>
        <span class="quiet-text small">{t('door.kitText')}</span>
      </A>
    </div>
  );
}
