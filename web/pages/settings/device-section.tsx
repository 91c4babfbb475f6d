import MonitorSmartphone from 'lucide-solid/icons/monitor-smartphone';
import { createSignal, createUniqueId, For, Match, Show, Switch } from 'solid-js';
import { formatDay, formatTime, t } from '../../i18n/translate.ts';
import {
  identitySource,
  identityState,
  isClaimed,
  type DeviceLink,
  type DeviceRow,
} from '../../state/identity.ts';
import { showToast } from '../../state/toasts.ts';
import { CopyButton } from '../../ui/copy-button.tsx';

/** The devices of this space, and the one-time link for another. */
export function DeviceSection() {
  const id = createUniqueId();
  return (
    <section class="settings-section" id="link" aria-labelledby={id}>
      <h2 id={id}>{t('settings.devices')}</h2>
      <div class="card settings-card">
        <Show when={isClaimed()} fallback={<p class="quiet-text">{t('settings.devicesNone')}</p>}>
          <ul role="list" class="devices">
            <For each={identityState.devices}>{(device) => <DeviceLine device={device} />}</For>
          </ul>
          <LinkPanel />
        </Show>
      </div>
    </section>
  );
}

function DeviceLine(props: { device: DeviceRow }) {
  return (
    <li class="device">
      <MonitorSmartphone size={20} />
      <span class="device-who">
        <span class="label">
          {props.device.name}
          <Show when={props.device.current}>
            <span class="badge">{t('settings.thisDevice')}</span>
          </Show>
        </span>
        <span class="quiet-text small">
          {t('settings.added', { date: formatDay(props.device.added) })} ·{' '}
          {t('settings.until', { date: formatDay(props.device.until) })}
        </span>
      </span>
      <Show when={!props.device.current}>
        <RemoveButton device={props.device} />
      </Show>
    </li>
  );
}

/** It cannot be undone, so it is asked once, in place; looking away takes the question back. */
function RemoveButton(props: { device: DeviceRow }) {
  const [asking, setAsking] = createSignal(false);
  const label = () => t(asking() ? 'settings.removeSure' : 'settings.remove');
  const click = () => {
    if (asking()) void run((source) => source.removeDevice(props.device.did));
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

/** Runs an action of the source and tells its failure. */
async function run(
  action: (source: NonNullable<ReturnType<typeof identitySource>>) => Promise<void>,
): Promise<void> {
  const source = identitySource();
  if (!source) return;
  try {
    await action(source);
  } catch (error) {
    showToast(t('settings.failed', { message: error instanceof Error ? error.message : String(error) }));
  }
}

function LinkPanel() {
  const [busy, setBusy] = createSignal(false);
  const create = async () => {
    setBusy(true);
    await run((source) => source.createLink());
    setBusy(false);
  };
  const link = () => identityState.link;
  const open = () => openLink(link());
  return (
    <div class="link-panel">
      <Show when={open()}>{(now) => <OpenLink link={now()} />}</Show>
      <p aria-live="polite" classList={{ 'visually-hidden': link().kind === 'none' }}>
        <LinkState link={link()} />
      </p>
      <Show when={link().kind === 'requested'}>
        <button
          type="button"
          class="button primary"
          onClick={() => void run((source) => source.approveLink())}
        >
          {t('settings.approve')}
        </button>
      </Show>
      <Show when={!open()}>
        <button type="button" class="button" disabled={busy()} onClick={() => void create()}>
          {t('settings.link')}
        </button>
      </Show>
    </div>
  );
}

type OpenDeviceLink = Extract<DeviceLink, { url: string }>;

function openLink(link: DeviceLink): OpenDeviceLink | undefined {
  return link.kind === 'waiting' || link.kind === 'requested' ? link : undefined;
}

function OpenLink(props: { link: OpenDeviceLink }) {
  const inputId = createUniqueId();
  return (
    <div class="field">
      <label for={inputId}>{t('settings.linkLabel')}</label>
      <div class="link-row">
        <input
          id={inputId}
          class="input mono"
          readonly
          value={props.link.url}
          onFocus={(event) => event.currentTarget.select()}
        />
        <CopyButton
          value={props.link.url}
          label={t('settings.copy')}
          doneLabel={t('settings.copied')}
          onError={(error) => showToast(t('settings.failed', { message: String(error) }))}
        />
      </div>
      <p class="quiet-text small">
        {t('settings.linkText', { time: formatTime(props.link.expiresAt, Date.now()) })}
      </p>
    </div>
  );
}

function LinkState(props: { link: DeviceLink }) {
  const named = () => ('name' in props.link ? props.link.name : '');
  return (
    <Switch>
      <Match when={props.link.kind === 'waiting'}>{t('settings.link.waiting')}</Match>
      <Match when={props.link.kind === 'requested'}>{t('settings.link.requested', { name: named() })}</Match>
      <Match when={props.link.kind === 'approved'}>{t('settings.link.approved', { name: named() })}</Match>
      <Match when={props.link.kind === 'expired'}>{t('settings.link.expired')}</Match>
      <Match when={props.link.kind === 'failed'}>
        {t('settings.link.failed', { message: 'message' in props.link ? props.link.message : '' })}
      </Match>
    </Switch>
  );
}
