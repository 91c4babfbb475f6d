import { createSignal } from 'solid-js';

/** What Chromium's `beforeinstallprompt` carries (not in TypeScript's DOM library). */
interface InstallPrompt {
  prompt(): Promise<unknown>;
}

const [prompt, setPrompt] = createSignal<(Event & InstallPrompt) | undefined>();
const [installed, setInstalled] = createSignal(false);
export { installed };

function isInstallPrompt(event: Event): event is Event & InstallPrompt {
  return 'prompt' in event && typeof event.prompt === 'function';
}

/** Starts listening; call once, early, because the browser tells it only once. */
export function watchInstall(): void {
  const standalone = matchMedia('(display-mode: standalone)');
  setInstalled(standalone.matches);
  standalone.addEventListener('change', () => setInstalled(standalone.matches));
  addEventListener('appinstalled', () => setInstalled(true));
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    if (isInstallPrompt(event)) setPrompt(() => event);
  });
}

/** Asks the browser to install; false when it offers no prompt (then its own menu has it). */
export async function install(): Promise<boolean> {
  const offered = prompt();
  if (!offered) return false;
  setPrompt(undefined);
  await offered.prompt();
  return true;
}

/** Asks the browser to keep our storage. Call on a gesture. */
export async function persistStorage(): Promise<boolean> {
  return 'storage' in navigator && (await navigator.storage.persist());
}

/** Bytes used and allowed here, and whether the browser promised to keep them. */
export async function readStorage(): Promise<{ used: number; quota: number; persistent: boolean }> {
  const [estimate, persistent] = await Promise.all([
    navigator.storage.estimate(),
    navigator.storage.persisted(),
  ]);
  return { used: estimate.usage ?? 0, quota: estimate.quota ?? 0, persistent };
}

/** Whether this page is opened under a name that only this machine knows. */
export function isLocalName(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '127.0.0.1' ||
    hostname === '[::1]'
  );
}
