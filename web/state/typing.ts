import { createSignal } from 'solid-js';
import type { Presence } from '../client/sync/state-link.ts';

/** In milliseconds: how long somebody counts as writing, and how often one says so oneself. */
const timing = { stays: 6_000, again: 4_000 };

const [typing, setTyping] = createSignal<string>();

/** The id tag of who writes to us just now. */
export { typing };

let ends: ReturnType<typeof setTimeout> | undefined;

/** Notes what somebody says of themselves; a word of one person to another is about a person. */
export function notePresence({ from, t, about }: Presence): void {
  if (t !== 'PRES:TYPING' || !about.startsWith('@')) return;
  clearTimeout(ends);
  setTyping(from);
  ends = setTimeout(() => setTyping(undefined), timing.stays);
}

let tell: ((to: string) => Promise<void>) | undefined;
let said = 0;

/** Says how others are told; the account does. */
export function provideTyping(next: (to: string) => Promise<void>): void {
  tell = next;
}

/** Somebody writes here to `to`. Nothing is lost when it does not arrive. */
export function tellTyping(to: string): void {
  if (Date.now() - said < timing.again) return;
  said = Date.now();
  tell?.(to).catch(() => undefined); // offline: nobody needs to know
}
