import { createStore, reconcile } from 'solid-js/store';

/** Reasons a person can act on; `other` carries the message. */
export type JoinFailure = 'used' | 'expired' | 'unreachable' | 'invalid' | 'other';

/** Progress of claiming a space (`/setup`) or of linking this browser to one (`/enrol`). */
export type Joining =
  | { kind: 'idle' }
  | { kind: 'keys' }
  | { kind: 'waiting' }
  | { kind: 'claiming'; done: number; total: number }
  | { kind: 'done'; idTag: string }
  | { kind: 'failed'; reason: JoinFailure; message: string };

/** What the client does for `/setup` and `/enrol`; progress arrives by `setJoining`. */
export interface JoiningSource {
  claim(setupToken: string): Promise<void>;
  enrol(link: { id: string; secret: string }, deviceName: string): Promise<void>;
}

const [state, setState] = createStore<{ now: Joining }>({ now: { kind: 'idle' } });

/** Where it stands. */
export function joining(): Joining {
  return state.now;
}

/** Tells the page where it stands. */
export function setJoining(next: Joining): void {
  setState('now', reconcile(next));
}

let source: (() => Promise<JoiningSource>) | undefined;

/** Gives the two pages their actions; loaded when first used. */
export function provideJoining(load: () => Promise<JoiningSource>): void {
  source = load;
}

/** Runs one of the two, and turns a rejection into a failure the page can show. */
export async function join(run: (source: JoiningSource) => Promise<void>): Promise<void> {
  try {
    if (!source) throw new Error('This build has no relay client.');
    setJoining({ kind: 'keys' });
    await run(await source());
  } catch (error) {
    if (joining().kind === 'failed') return; // the source has already said it better
    setJoining({
      kind: 'failed',
      reason: 'other',
      message: error instanceof Error ? error.message : String(error),
    });
  }
}

/** Parses the fragment `#<token>` of a setup link; undefined when it is not one. */
export function parseSetupFragment(hash: string): string | undefined {
  return /^#?([\w-]{16,})$/.exec(hash)?.[1];
}

/** Parses the fragment `#<id>.<secret>` of a device link; undefined when it is not one. */
export function parseEnrolFragment(hash: string): { id: string; secret: string } | undefined {
  const match = /^#?([\w-]{8,})\.([\w-]{16,})$/.exec(hash);
  return match?.[1] && match[2] ? { id: match[1], secret: match[2] } : undefined;
}
