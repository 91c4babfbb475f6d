import { createUniqueId, For, lazy, Show } from 'solid-js';
import { allows } from '../../../shared/device/capability.ts';
import { t as tDevices } from '../../i18n/devices/translate.ts';
import { formatDay, t } from '../../i18n/translate.ts';
import { identityState, isClaimed } from '../../state/identity.ts';
import { removal } from '../../state/removal.ts';
import { SignOutRow } from './device-dialogs.tsx';
import { DeviceLine } from './device-line.tsx';
import './devices.css';
import { QuarantineCard } from './quarantine-card.tsx';

const PairPanel = lazy(() => import('./pair-panel.tsx'));

/** The devices of this space, the code for another, and what lost ones left. */
export function DeviceSection() {
  const id = createUniqueId();
  const mayManage = () =>
    identityState.devices.some(({ current, cap }) => current && allows(cap, 'device/enrol', '*'));
  return (
    <section class="settings-section" id="link" aria-labelledby={id}>
      <h2 id={id}>{t('settings.devices')}</h2>
      <LostNotice />
      <div class="card settings-card">
        <Show when={isClaimed()} fallback={<p class="quiet-text">{t('settings.devicesNone')}</p>}>
          <ul role="list" class="devices">
            <For each={identityState.devices}>
              {(device) => <DeviceLine device={device} mayManage={mayManage()} />}
            </For>
          </ul>
          <Show when={mayManage()}>
            <PairPanel />
            <Show when={identityState.devices.length > 1}>
              <SignOutRow />
            </Show>
          </Show>
        </Show>
      </div>
      <QuarantineCard />
    </section>
  );
}

/** On a device that was lost: what is handed over, and afterwards what was deleted. */
function LostNotice() {
  const handing = () => {
    const now = removal();
    return now?.kind === 'handing' ? now : undefined;
  };
  const wiped = () => {
    const now = removal();
    return now?.kind === 'wiped' ? now : undefined;
  };
  return (
    <>
      <Show when={handing()}>
        {(now) => (
          <p class="card" role="status">
            {tDevices('handing', { done: now().done, total: now().total })}
          </p>
        )}
      </Show>
      <Show when={wiped()}>
        {(now) => (
          <div class="card wiped-card" role="status">
            <p class="label">{tDevices('wiped.title', { idTag: now().idTag })}</p>
            <p>
              {tDevices('wiped.text', { date: formatDay(now().at) })}{' '}
              {tDevices('wiped.handed', {
                ...{ documents: now().documents, drafts: now().drafts },
                ...{ files: now().files, changes: now().changes },
              })}
            </p>
            <Show when={now().left > 0}>
              <p>{tDevices('wiped.left', { left: now().left })}</p>
            </Show>
          </div>
        )}
      </Show>
    </>
  );
}
