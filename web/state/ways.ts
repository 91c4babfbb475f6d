import { createStore, reconcile } from 'solid-js/store';
import type { Way } from '../../shared/api/ways.ts';
import type { Ways } from '../client/device/ways.ts';
import { provideVerification, verified } from './verify.ts';

export type { Way };
export { shortestPassword } from '../client/device/password.ts';

/** Passwords and passkeys of this identity; undefined until the relay has said. */
const [state, setState] = createStore<{ ways: Way[] | undefined }>({ ways: undefined });

export function waysIn(): Way[] | undefined {
  return state.ways;
}

let source: Ways | undefined;

/** Lets Settings change the ways in. */
export function provideWays(next: Ways): void {
  source = next;
  provideVerification(next);
}

function known(): Ways {
  if (!source) throw new Error('This space has no name yet.');
  return source;
}

/** Asks the relay. Rejects with a message for people. */
export async function readWays(): Promise<void> {
  setState('ways', reconcile(await known().list(), { key: 'id' }));
}

async function changing<T>(change: (ways: Ways) => Promise<T>): Promise<T> {
  const ways = known();
  const result = await verified(() => change(ways));
  await readWays();
  return result;
}

/** A new password in the place of the one before. */
export function setPassword(password: string): Promise<void> {
  return changing((ways) => ways.setPassword(password));
}

/** @returns false when the passkey only shows that its person is there */
export function addPasskey(name: string): Promise<boolean> {
  return changing((ways) => ways.addPasskey(name));
}

export function removeWay(way: Way): Promise<void> {
  return changing((ways) => ways.remove(way));
}
