import { createStore, reconcile } from 'solid-js/store';
import type { KeyStore, Membership } from '../client/device/key-store.ts';

/** Reasons a person can act on; `other` carries the message. */
export type JoinFailure = 'used' | 'expired' | 'unreachable' | 'invalid' | 'other';

/** Progress of claiming a space (`/setup`) or of linking this browser to one (`/enrol`). */
export type Joining =
  | { kind: 'idle' }
  | { kind: 'keys' }
  /** Both devices show `words`; a person compares them. */
  | { kind: 'waiting'; words?: readonly string[] }
  | { kind: 'claiming'; done: number; total: number }
  | { kind: 'done'; idTag: string }
  | { kind: 'failed'; reason: JoinFailure; message: string; code?: string };

/** What a way in works with. */
export interface JoiningParts {
  readonly store: KeyStore;
  readonly appOrigin: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What the client does for pages that bring a browser in; progress arrives by `setJoining`. */
export interface JoiningSource {
  /** @param idTag of another identity than the app's own */
  claim(setupToken: string, idTag?: string): Promise<void>;
  /** Any way of a browser that is free yet to speak for an identity: its documents go there too. */
  enter(work: (parts: JoiningParts) => Promise<Membership>): Promise<void>;
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

/** The last attempt is the one that the page shows. */
let attempts = 0;

/** Whether the person has turned to something else. */
export function isGivenUp(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

/** Runs one of the two, and turns a rejection into a failure the page can show. One that is given up shows nothing any more. */
export async function join(run: (source: JoiningSource) => Promise<void>): Promise<void> {
  const mine = ++attempts;
  try {
    if (!source) throw new Error('This build has no relay client.');
    setJoining({ kind: 'keys' });
    await run(await source());
  } catch (error) {
    if (mine !== attempts) return;
    if (isGivenUp(error)) return setJoining({ kind: 'idle' });
    if (joining().kind === 'failed') return; // the source has already said it better
    setJoining({
      kind: 'failed',
      reason: 'other',
      message: error instanceof Error ? error.message : String(error),
    });
  }
}

const setupLink = /^#?([\w-]{16,})(?:&([a-z0-9.-]+))?$/;

/** The token of a setup link `#<token>` or `#<token>&<id tag>`; undefined when it is not one. */
export function parseSetupFragment(hash: string): string | undefined {
  return setupLink.exec(hash)?.[1];
}

/** Whose setup link it is, when not of the app's own identity. */
export function parseSetupOwner(hash: string): string | undefined {
  return setupLink.exec(hash)?.[2];
}
