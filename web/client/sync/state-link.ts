import type { SyncState } from './sync.ts';

type Message = { kind: 'ask' } | { kind: 'state'; state: SyncState } | { kind: 'wake'; topic: string };

/** Tells all tabs of this browser what the one with the socket hears. */
export interface StateLink {
  /** The tab with the socket says how it stands. */
  tell(state: SyncState): void;
  /** The relay says that something besides documents changed. */
  wake(topic: string): void;
  close(): void;
}

interface Listeners {
  onState: (state: SyncState) => void;
  onWake: (topic: string) => void;
}

/** Both listeners hear this tab's and the others' words; a tab that comes later asks for the last state. */
export function openStateLink({ onState, onWake }: Listeners): StateLink {
  const channel = new BroadcastChannel('islet-sync');
  let last: SyncState | undefined;
  const send = (message: Message): void => channel.postMessage(message);
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.kind === 'state') onState(data.state);
    else if (data.kind === 'wake') onWake(data.topic);
    else if (last) send({ kind: 'state', state: last });
  };
  send({ kind: 'ask' });
  return {
    tell: (state) => {
      last = state;
      send({ kind: 'state', state });
      onState(state);
    },
    wake: (topic) => {
      send({ kind: 'wake', topic });
      onWake(topic);
    },
    close: () => channel.close(),
  };
}
