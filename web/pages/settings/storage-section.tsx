import { createResource, createSignal, createUniqueId, onCleanup, Show } from 'solid-js';
import { formatAgo, formatBytes, formatNumber, t } from '../../i18n/translate.ts';
import { t as tf, tCount } from '../../i18n/files/translate.ts';
import {
  readDeviceStorage,
  readRelayStorage,
  type RelayStorage,
  verifyRelayStorage,
} from '../../state/file-storage.ts';
import { isClaimed } from '../../state/identity.ts';
import { persistStorage } from '../../state/install.ts';
import { showToast } from '../../state/toasts.ts';

/** Part of the relay's limit from which a warning stands. */
const nearlyFull = 0.8;
/** Pause between two looks at a running check, in milliseconds. */
const lookAgain = 1000;

/** How much the relay and this device hold, and whether it is still what it was. */
export function StorageSection() {
  const id = createUniqueId();
  return (
    <section class="settings-section" id="storage" aria-labelledby={id}>
      <h2 id={id}>{tf('storage.title')}</h2>
      <div class="card settings-card">
        <div class="storage-part">
          <h3 class="label">{tf('storage.relay')}</h3>
          <Show when={isClaimed()} fallback={<p class="quiet-text">{tf('storage.relayNone')}</p>}>
            <OnRelay />
          </Show>
        </div>
        <div class="storage-part">
          <h3 class="label">{tf('storage.device')}</h3>
          <OnDevice />
        </div>
      </div>
    </section>
  );
}

function OnRelay() {
  const [storage, { mutate, refetch }] = createResource(readRelayStorage);
  // `latest` throws while the relay is away, and the timer asks then too.
  const running = () => storage.state !== 'errored' && storage.latest?.check.state === 'running';
  const timer = setInterval(() => running() && void refetch(), lookAgain);
  onCleanup(() => clearInterval(timer));
  const verify = async () => {
    try {
      mutate(await verifyRelayStorage());
    } catch (error) {
      showToast(t('settings.failed', { message: error instanceof Error ? error.message : String(error) }));
    }
  };
  const away = () => storage.state === 'errored' || (storage.state === 'ready' && storage() === undefined);
  return (
    <Show
      when={!away()}
      fallback={
        <p class="quiet-text" role="status">
          {tf('storage.relayAway')}
        </p>
      }
    >
      <Show when={storage.latest} fallback={<div class="storage-waiting" aria-hidden="true" />}>
        {(now) => (
          <>
            <Usage storage={now()} />
            <div class="setting">
              <CheckWords storage={now()} />
              <button type="button" class="button" disabled={running()} onClick={() => void verify()}>
                {tf('storage.verify')}
              </button>
            </div>
          </>
        )}
      </Show>
    </Show>
  );
}

/** The bar, in words too; it warns before it hurts. */
function Usage(props: { storage: RelayStorage }) {
  const part = () => props.storage.used / Math.max(1, props.storage.limit);
  const words = () =>
    tf('storage.relayUsed', {
      used: formatBytes(props.storage.used),
      limit: formatBytes(props.storage.limit),
      left: formatBytes(props.storage.left),
    });
  return (
    <>
      <p>{words()}</p>
      <progress
        class="progress"
        classList={{ warns: part() >= nearlyFull }}
        aria-label={tf('storage.relay')}
        max={1}
        value={part()}
      />
      <Show when={part() >= nearlyFull}>
        <p class="storage-warning" role="status">
          {tf(props.storage.left <= 0 ? 'storage.full' : 'storage.warn')}
        </p>
      </Show>
    </>
  );
}

function CheckWords(props: { storage: RelayStorage }) {
  const words = () => {
    const { check, damaged } = props.storage;
    if (check.state === 'running')
      return tf('storage.verifying', { done: formatNumber(check.checked), total: formatNumber(check.total) });
    const when = formatAgo(check.endedAt ?? 0, Date.now());
    if (damaged.length > 0) return tCount('storage.damaged', damaged.length, { when });
    return check.endedAt === undefined ? tf('storage.never') : tf('storage.fine', { when });
  };
  const running = () => props.storage.check.state === 'running';
  return (
    <div class="storage-check">
      <p classList={{ 'quiet-text': props.storage.damaged.length === 0 }} role="status">
        {words()}
      </p>
      <Show when={running()}>
        <progress
          class="progress"
          aria-label={tf('storage.verify')}
          max={Math.max(1, props.storage.check.total)}
          value={props.storage.check.checked}
        />
      </Show>
    </div>
  );
}

/** Space here, and whether the browser promised to keep it. */
function OnDevice() {
  const [storage, { refetch }] = createResource(readDeviceStorage);
  const [refused, setRefused] = createSignal(false);
  const ask = async () => {
    setRefused(!(await persistStorage()));
    await refetch();
  };
  return (
    <Show when={storage.latest} fallback={<div class="storage-waiting" aria-hidden="true" />}>
      {(now) => (
        <>
          <p>
            {tf('storage.deviceUsed', {
              used: formatBytes(now().used),
              quota: formatBytes(now().quota),
              files: formatBytes(now().files),
            })}
          </p>
          <Show when={now().evictable > 0}>
            <p class="quiet-text">{tf('storage.evictable', { size: formatBytes(now().evictable) })}</p>
          </Show>
          <div class="setting">
            <span class="quiet-text">
              {t(now().persistent ? 'settings.storagePersistent' : 'settings.storageBestEffort')}
            </span>
            <Show when={!now().persistent}>
              <button type="button" class="button" onClick={() => void ask()}>
                {t('settings.persist')}
              </button>
            </Show>
          </div>
          <Show when={refused()}>
            <p class="small" role="status">
              {t('settings.persistRefused')}
            </p>
          </Show>
        </>
      )}
    </Show>
  );
}
