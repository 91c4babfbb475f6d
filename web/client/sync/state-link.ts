import { storageName } from '../spaces.ts';
import type { SyncState } from './sync-state.ts';

/** What somebody does just now, in the words of PRES. */
export interface Presence {
  readonly from: string;
  readonly t: string;
  readonly about: string;
}

type Message =
  | { kind: 'ask' }
  | { kind: 'state'; state: SyncState }
  | { kind: 'wake'; topic: string }
  | { kind: 'presence'; presence: Presence };

/** Tells all tabs of this space what the one with the socket hears. */
export interface StateLink {
  /** The tab with the socket says how it stands. */
  tell(state: SyncState): void;
  /** The relay says that something besides documents changed. */
  wake(topic: string): void;
  presence(presence: Presence): void;
  close(): void;
}

interface Listeners {
  onState: (state: SyncState) => void;
  onWake: (topic: string) => void;
  onPresence: (presence: Presence) => void;
}

/** The listeners hear this tab's and the others' words; a tab that comes later asks for the last state. */
export function openStateLink({ onState, onWake, onPresence }: Listeners): StateLink {
  const channel = new BroadcastChannel(storageName('islet-sync'));
  let last: SyncState | undefined;
  const send = (message: Message): void => channel.postMessage(message);
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.kind === 'state') onState(data.state);
    else if (data.kind === 'wake') onWake(data.topic);
    else if (data.kind === 'presence') onPresence(data.presence);
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
    presence: (presence) => {
      send({ kind: 'presence', presence });
      onPresence(presence);
    },
    close: () => channel.close(),
  };
}
