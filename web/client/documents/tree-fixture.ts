import * as Y from 'yjs';
import type { Bytes } from '../../../shared/bytes.ts';
import { createDice } from '../../../shared/test/seeded.ts';
import { type LiveTree, createLiveTree } from './live-tree.ts';
import { type Tree, openTree } from './tree.ts';

/** One device with its own copy of the index; `clock` may be wrong. */
export interface TestDevice {
  index: Y.Doc;
  live: LiveTree;
  tree: Tree;
  clock: { time: number };
}

export function createTestDevice(seed = 1, time = 1_000_000): TestDevice {
  const index = new Y.Doc();
  const live = createLiveTree(index);
  const clock = { time };
  const dice = createDice(seed);
  const random = (length: number): Bytes => Uint8Array.from({ length }, () => Math.floor(dice() * 256));
  const now = (): number => (clock.time += 1);
  return { index, live, clock, tree: openTree({ index, live, now, random }) };
}

/** Gives one device what another has. */
export function merge(from: TestDevice, to: TestDevice): void {
  Y.applyUpdate(to.index, Y.encodeStateAsUpdate(from.index, Y.encodeStateVector(to.index)));
}

/** The same for all, both ways. */
export function exchange(devices: readonly TestDevice[]): void {
  for (const from of devices) for (const to of devices) if (from !== to) merge(from, to);
}

/** What a person sees: titles with their folders, `/a/b`, in order; what is in the trash behind `trash:`. */
export function shown({ tree, live }: TestDevice): string[] {
  return [...live.rows().values()]
    .map(({ id, trashed }) => {
      const way = tree.path(id).map(({ title }) => title);
      return `${trashed === 1 ? 'trash:' : ''}/${way.join('/')}`;
    })
    .sort();
}
