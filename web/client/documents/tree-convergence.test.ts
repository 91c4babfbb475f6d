import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { IsletError } from '../../../shared/errors.ts';
import { holds, seed } from '../../../shared/test/seeded.ts';
import { type TestDevice, createTestDevice, exchange, merge } from './tree-fixture.ts';
import type { Undo } from './tree.ts';

const acts = [
  'folder',
  'folder',
  'file',
  'move',
  'move',
  'move',
  'rename',
  'trash',
  'restore',
  'purge',
  'tag',
  'tag',
  'untag',
  'favourite',
  'template',
  'duplicate',
  'undo',
  'merge',
  'drip',
  'cross',
] as const;

/** One thing that happens on one device; the numbers choose what it happens to. */
const step = fc.record({
  act: fc.constantFrom(...acts),
  device: fc.nat(5),
  one: fc.nat(1000),
  other: fc.nat(1000),
});
type Step = { act: (typeof acts)[number]; device: number; one: number; other: number };

/** Devices with their updates as they were sent, and what must be true of all in the end. */
function createWorld(count: number) {
  const devices = Array.from({ length: count }, (_, i) => {
    // Clocks that are hours apart.
    const device = createTestDevice(i + 1, 1_000_000_000 + i * 7_000_000);
    const sent: Uint8Array[] = [];
    device.index.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'arrived') sent.push(update);
    });
    return { ...device, sent, undos: [] as Undo[] };
  });
  const names = new Map<string, Set<string>>();
  const removed = new Set<string>();
  /** By entry, the tags that were given to it and that nobody took away. */
  const tags = new Map<string, Set<string>>();
  return { devices, names, removed, tags, copies: 0 };
}
type World = ReturnType<typeof createWorld>;

function pick<T>(list: readonly T[], number: number): T | undefined {
  return list[number % Math.max(1, list.length)];
}

function perform(world: World, { act, device: which, one, other }: Step): void {
  const { devices, names, removed, tags } = world;
  const device = devices[which % devices.length]!;
  const { tree, live, undos } = device;
  const ids = [...live.rows().keys()].sort();
  const id = pick(ids, one) ?? '';
  const folders = ['', ...ids.filter((each) => tree.get(each)?.type === 'folder')];
  const parent = pick(folders, other) ?? '';
  const name = `${act} ${one}-${other}`;
  const created = (made: string, undo: Undo, title = name): void => {
    names.set(made, new Set([title]));
    undos.push(() => {
      const before = live.rows().has(made);
      const done = undo();
      if (before && !live.rows().has(made)) removed.add(made);
      return done;
    });
  };
  const source = pick(devices, one)!;
  const update = pick(source.sent, other);
  const doing: Record<Step['act'], () => unknown> = {
    folder() {
      const { id: made, undo } = tree.createFolder(name, parent);
      created(made, undo);
    },
    file() {
      const { ids: made, undo } = tree.enterFiles([{ title: name, parent, fields: { size: one } }]);
      created(made[0]!, undo);
    },
    move: () => undos.push(tree.move([id, pick(ids, one + other) ?? id], parent)),
    rename() {
      undos.push(tree.rename(id, name));
      names.get(id)?.add(name);
    },
    trash: () => undos.push(tree.trash([id])),
    restore: () => undos.push(tree.restore([id])),
    purge: () => tree.purge([id]).entries.forEach((entry) => removed.add(entry.id)),
    tag() {
      const taken = device.tree.setTag([id], name, true);
      tags.set(id, (tags.get(id) ?? new Set()).add(name));
      undos.push(() => {
        tags.get(id)?.delete(name);
        return taken();
      });
    },
    untag() {
      const tag = pick(tree.get(id)?.tags ?? [], other) ?? '';
      undos.push(tree.setTag([id], tag, false));
      tags.get(id)?.delete(tag);
    },
    favourite: () => undos.push(tree.setFavourite([id], other % 3 > 0)),
    template: () => undos.push(tree.setTemplate([id], other % 3 > 0)),
    duplicate() {
      const row = tree.get(id);
      if (row === undefined) return;
      const copy = String((world.copies += 1)).padStart(24, 'c');
      created(copy, tree.enterCopy(id, copy), row.title);
      tags.set(copy, new Set(row.tags));
    },
    undo: () => undos.splice(one % Math.max(1, undos.length), 1)[0]?.(),
    merge: () => merge(source, device),
    // Both know both folders, and each puts the other into the one.
    cross() {
      exchange([source, device]);
      source.tree.move([id], parent);
      undos.push(tree.move([parent], id));
    },
    // One update by itself, in whatever order: Yjs keeps what came too early.
    drip: () => update && Y.applyUpdate(device.index, update, 'arrived'),
  };
  try {
    doing[act]();
  } catch (error) {
    if (!(error instanceof IsletError && error.code === 'E-VAL-INVALID')) throw error;
  }
}

/** Each entry is at one place that can be reached from the top, and the trash is told truly. */
function checkTree({ tree, live }: TestDevice): void {
  const reached: string[] = [];
  const look = (folder: string): void => {
    for (const row of live.rows().values()) {
      if (row.parent !== folder) continue;
      reached.push(row.id);
      const above = tree.get(folder)?.trashed === 1;
      expect(row.trashed === 1).toBe(above || row.trashedAt !== undefined);
      look(row.id);
    }
  };
  look('');
  expect(reached.sort()).toEqual([...live.rows().keys()].sort());
}

function checkWorld({ devices, names, removed, tags }: World): void {
  exchange(devices);
  exchange(devices);
  const rows = (device: TestDevice) => Object.fromEntries(device.live.rows());
  for (const device of devices) {
    checkTree(device);
    expect(rows(device)).toEqual(rows(devices[0]!));
  }
  const left = [...names.keys()].filter((id) => !removed.has(id));
  expect(Object.keys(rows(devices[0]!)).sort()).toEqual(left.sort());
  for (const row of devices[0]!.live.rows().values())
    expect([...(names.get(row.id) ?? [])]).toContain(row.title);
  // Whatever was taken away meanwhile, and by whom: what only one of them gave is there.
  for (const row of devices[0]!.live.rows().values())
    expect(row.tags ?? []).toEqual(expect.arrayContaining([...(tags.get(row.id) ?? [])]));
}

test(`J1–J4, J8: whatever devices do at once, all see one tree and nothing is lost (ISLET_SEED=${seed})`, async () => {
  const property = fc.asyncProperty(
    fc.integer({ min: 3, max: 6 }),
    fc.array(step, { minLength: 20, maxLength: 90, size: 'max' }),
    async (count, steps) => {
      const world = createWorld(count);
      for (const each of steps) {
        perform(world, each);
        checkTree(world.devices[each.device % count]!);
      }
      checkWorld(world);
    },
  );
  await holds(property, { runs: 150 });
});
