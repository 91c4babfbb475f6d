import { createSignal } from 'solid-js';
import { type Arrival, type ImportState, sendArchive } from '../client/archive/send-archive.ts';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import { parseKit, type RecoveryKit } from '../../shared/identity/recovery-kit.ts';

export { parseKit, type RecoveryKit };

/** An archive on its way into this relay, as the page shows it. */
export type Arriving =
  | { kind: 'idle' }
  | { kind: 'moving'; state: ImportState }
  | { kind: 'checked'; state: ImportState; arrival: Arrival }
  | { kind: 'done'; idTag: string }
  | { kind: 'failed'; message: string };

/** Milliseconds between two looks. */
const pause = 1000;

/** Brings an archive by the setup token of the relay that serves this page. @param whose the identity, when it is not the app's own */
export function createArriving(setup: string, whose?: string) {
  const [arriving, setArriving] = createSignal<Arriving>({ kind: 'idle' });
  const stop = new AbortController();
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (stop.signal.aborted) return;
      setArriving({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  };
  return {
    arriving,
    send: (file: File) =>
      attempt(async () => {
        const arrival = await sendArchive({
          ...{ setup, file, appOrigin: location.origin, signal: stop.signal },
          ...(whose !== undefined && { idTag: parseIdTag(whose) }),
          onState: (state) => setArriving({ kind: 'moving', state }),
          wait: () => new Promise((resolve) => setTimeout(resolve, pause)),
        });
        const { state } = arrival;
        if (state.state === 'done') setArriving({ kind: 'done', idTag: state.identity?.idTag ?? '' });
        else setArriving({ kind: 'checked', state, arrival });
      }),
    /** What a kit refuses is thrown, so that another passphrase can be tried. */
    async take(opening?: { kit: RecoveryKit; passphrase: string }): Promise<void> {
      const now = arriving();
      if (now.kind !== 'checked') return;
      const end = await now.arrival.take(opening);
      setArriving({ kind: 'done', idTag: end.identity?.idTag ?? '' });
    },
    close: () => stop.abort(),
  };
}
