import type { SyncState } from './sync-state.ts';
import type { Sync } from './sync.ts';

interface Options {
  /** Milliseconds since 1970. */
  now: () => number;
  onState: (state: SyncState) => void;
  /** It is time to ask what is new. */
  onWake: (topic: string) => void;
}

/** Nobody tells such a device that something is new: it asks, so many milliseconds apart. */
const pause = 60_000;

/** In the place of sync on a device that may not read documents (SPEC C11): it has none, and no socket. */
export function startWithoutDocuments({ now, onState, onWake }: Options): Sync {
  const wake = (): void => {
    onState({ kind: 'synced', at: now() });
    onWake('actions');
    onWake('devices');
  };
  const timer = setInterval(wake, pause);
  wake();
  return { wake, close: () => clearInterval(timer) };
}
