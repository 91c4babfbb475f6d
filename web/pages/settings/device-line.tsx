import EllipsisVertical from 'lucide-solid/icons/ellipsis-vertical';
import Monitor from 'lucide-solid/icons/monitor';
import MonitorSmartphone from 'lucide-solid/icons/monitor-smartphone';
import Smartphone from 'lucide-solid/icons/smartphone';
import Tablet from 'lucide-solid/icons/tablet';
import { createSignal, lazy, Match, Show, Switch } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import { findFolder, findPreset, mayWriteFolder } from '../../../shared/device/presets.ts';
import { t } from '../../i18n/devices/translate.ts';
import { formatAgo, formatDay, formatTime } from '../../i18n/translate.ts';
import { readmitDevice, removeDevice } from '../../state/device-care.ts';
import type { DeviceRow } from '../../state/identity.ts';
import { folderTitle } from '../../state/one-folder.ts';
import { MenuButton, type MenuItem } from '../../ui/menu.tsx';
import { LostDialog, NarrowDialog, RenameDialog, tell } from './device-dialogs.tsx';

const Claimants = lazy(() => import('./claimants.tsx'));

const icons = { phone: Smartphone, tablet: Tablet, computer: Monitor };
type Open = 'rename' | 'narrow' | 'lost';

/** One device: who it is, what it may do and until when; and what can be done about it by one that may. */
export function DeviceLine(props: { device: DeviceRow; mayManage: boolean }) {
  const [open, setOpen] = createSignal<Open>();
  const close = () => setOpen();
  const items = (): MenuItem[] => {
    const rename = { label: t('rename'), run: () => setOpen('rename') };
    const narrow = { label: t('narrow'), run: () => setOpen('narrow') };
    const lost = { label: t('lost'), danger: true, run: () => setOpen('lost') };
    return props.device.current ? [rename, narrow] : [rename, narrow, lost];
  };
  return (
    <li class="device">
      <Dynamic component={props.device.kind ? icons[props.device.kind] : MonitorSmartphone} size={20} />
      <div class="device-who">
        <span class="label">
          <span>{props.device.name}</span>
          <Show when={props.device.current}>
            <span class="badge">{t('thisDevice')}</span>
          </Show>
        </span>
        <span class="small">{describeRights(props.device)}</span>
        <span class="quiet-text small">{describeTimes(props.device)}</span>
      </div>
      <Show when={props.mayManage || props.device.current}>
        <span class="device-buttons">
          <Show when={!props.device.current}>
            <RemoveButton device={props.device} />
          </Show>
          <MenuButton label={t('more', { name: props.device.name })} items={items()}>
            <EllipsisVertical size={18} />
          </MenuButton>
        </span>
      </Show>
      <Waiting device={props.device} mayManage={props.mayManage} />
      <Switch>
        <Match when={open() === 'rename'}>
          <RenameDialog device={props.device} onClose={close} />
        </Match>
        <Match when={open() === 'narrow'}>
          <NarrowDialog device={props.device} onClose={close} />
        </Match>
        <Match when={open() === 'lost'}>
          <LostDialog device={props.device} onClose={close} />
        </Match>
      </Switch>
    </li>
  );
}

function describeRights({ cap }: DeviceRow): string {
  const preset = findPreset(cap) ?? 'custom';
  if (preset !== 'folder') return t(`may.${preset}`);
  const title = folderTitle(findFolder(cap) ?? '');
  const name = title === undefined ? t('folder.gone') : title.trim() || t('folder.unnamed');
  return t(mayWriteFolder(cap) ? 'may.folder' : 'may.folderRead', { name });
}

/** When it was here, and how long it may be. */
function describeTimes({ current, seen, ends }: DeviceRow): string {
  const now = Date.now();
  const here = () => (seen == null ? t('neverSeen') : t('lastSeen', { time: formatAgo(seen, now) }));
  // What the relay has not told yet is left out.
  const parts = current ? [t('seenNow')] : seen === null ? [] : [here()];
  if (ends !== undefined && ends <= now) parts.push(t('over'));
  else if (ends !== undefined)
    parts.push(t('until', { date: ends - now < 2 * 86_400_000 ? formatTime(ends, now) : formatDay(ends) }));
  return parts.join(' · ');
}

/** What somebody has to decide about it. */
function Waiting(props: { device: DeviceRow; mayManage: boolean }) {
  return (
    <Switch>
      <Match when={props.device.suspended}>
        {(claimants) => (
          <div class="device-waits" data-loud="">
            <Show when={props.mayManage} fallback={<p class="small">{t('suspended')}</p>}>
              <Claimants device={props.device} claimants={claimants()} />
            </Show>
          </div>
        )}
      </Match>
      <Match when={props.device.asked}>
        <div class="device-waits" role="status">
          <span class="small">{t('asks')}</span>
          <Show when={props.mayManage}>
            <button
              type="button"
              class="button primary"
              aria-label={`${t('readmit')} – ${props.device.name}`}
              onClick={() => void tell(readmitDevice(props.device.did))}
            >
              {t('readmit')}
            </button>
          </Show>
        </div>
      </Match>
    </Switch>
  );
}

/** It cannot be undone, so it is asked once, in place; looking away takes the question back. */
function RemoveButton(props: { device: DeviceRow }) {
  const [asking, setAsking] = createSignal(false);
  const label = () => t(asking() ? 'removeSure' : 'remove');
  const click = () => {
    if (asking()) void tell(removeDevice(props.device.did));
    setAsking(!asking());
  };
  return (
    <button
      type="button"
      class="button"
      aria-label={`${label()} – ${props.device.name}`}
      onClick={click}
      onBlur={() => setAsking(false)}
    >
      {label()}
    </button>
  );
}
