import type { SyncState } from './sync.ts';

/** Tells the sync state to all tabs of this browser: only one of them holds the socket. */
export interface StateLink {
  /** The tab with the socket says how it stands. */
  tell(state: SyncState): void;
  close(): void;
}

/** `onState` hears this tab's and the others' words; a tab that comes later asks for the last one. */
export function openStateLink(onState: (state: SyncState) => void): StateLink {
  const channel = new BroadcastChannel('islet-sync-state');
  let last: SyncState | undefined;
  channel.onmessage = ({ data }: MessageEvent<'ask' | SyncState>) => {
    if (data !== 'ask') onState(data);
    else if (last) channel.postMessage(last);
  };
  channel.postMessage('ask');
  return {
    tell: (state) => {
      last = state;
      channel.postMessage(state);
      onState(state);
    },
    close: () => channel.close(),
  };
}
