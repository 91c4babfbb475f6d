import type { Workbox } from 'workbox-window';
import { t } from '../i18n/translate.ts';
import { readStored, writeStored } from '../state/stored.ts';
import { showToast } from '../state/toasts.ts';

const offlineToldKey = 'islet:offline-told';

/**
 * Registers the service worker of a built app. A new version waits until the person agrees or every tab
 * is closed, so that it never takes a page away from under someone's hands.
 */
export function registerServiceWorker(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  import('workbox-window').then(({ Workbox }) => register(new Workbox('/sw.js')), warn);
  tellOfflineStart();
}

function register(workbox: Workbox): void {
  const use = () => {
    // Only the tab that asked is loaded anew; another finds the chunks of its build in the kept caches.
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
    workbox.messageSkipWaiting();
  };
  workbox.addEventListener('waiting', () => {
    showToast(t('app.updated'), { label: t('app.update'), run: use }, 60_000);
  });
  workbox.register().catch(warn);
  // A page whose address was fetched just before the worker began, and that stood just after, was claimed by nobody.
  void navigator.serviceWorker.ready.then(({ active }) => {
    if (navigator.serviceWorker.controller === null) active?.postMessage({ type: 'CLAIM' });
  });
}

/** Without it the app works and is merely not there offline, so nobody is bothered. */
function warn(error: unknown): void {
  console.warn('The service worker could not be registered.', error);
}

/** Says once, at the first start from the cache with no network, that everything is here. */
function tellOfflineStart(): void {
  const fromCache = navigator.serviceWorker.controller !== null;
  if (!fromCache || readStored(offlineToldKey) !== null) return;
  fetch('/healthz', { cache: 'no-store' }).catch(() => {
    if (writeStored(offlineToldKey, '1')) showToast(t('app.offlineStart'));
  });
}
