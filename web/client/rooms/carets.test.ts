import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { formatAwareness } from '../../../shared/sync/awareness.ts';
import { showCarets } from './carets.ts';

let awareness: Awareness;
const line = { theirs: new Set<number>(), origin: 'room' };
beforeEach(() => {
  awareness = new Awareness(new Y.Doc());
  awareness.setLocalState({ user: { name: 'Me' } });
  line.theirs.clear();
});
afterEach(() => awareness.destroy());

const named = (client: number, name: string, clock = 1) => ({ client, clock, state: { user: { name } } });
const show = (...entries: Parameters<typeof formatAwareness>[0]): void =>
  showCarets(awareness, formatAwareness(entries), line);

describe('J7: carets that a neighbour’s relay hands on', () => {
  it('J7: never speak for a window of this browser', () => {
    show(named(awareness.clientID, 'Mallory', 99), named(awareness.clientID + 1, 'Alice'));
    expect(awareness.getLocalState()).toEqual({ user: { name: 'Me' } });
    show({ client: awareness.clientID, clock: 100, state: null });
    expect(awareness.getLocalState()).toEqual({ user: { name: 'Me' } });
    expect([...line.theirs]).toEqual([awareness.clientID + 1]);
  });

  it('J7: are never more than can be shown, and make room when they go', () => {
    const flood = Array.from({ length: 1000 }, (_, i) => named(2 ** 32 + i, `n${i}`));
    for (let i = 0; i < flood.length; i += 100) show(...flood.slice(i, i + 100));
    expect(awareness.getStates().size).toBe(201);
    show({ client: 2 ** 32, clock: 2, state: null });
    show(named(7, 'late'));
    expect(awareness.getStates().get(7)).toEqual({ user: { name: 'late' } });
  });

  it('J7: that cannot be read change nothing', () => {
    showCarets(awareness, new Uint8Array([255, 255, 255]), line);
    const deep = `${'['.repeat(100)}${']'.repeat(100)}`;
    show({ client: 8, clock: 1, state: { deep: JSON.parse(deep) as unknown } });
    expect(awareness.getStates().size).toBe(1);
  });
});
