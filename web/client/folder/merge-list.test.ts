import { expect, test } from 'vitest';
import { applyChanges, type Entries, type Fields, toSendable } from './list-fields.ts';
import { mergeList, type Merged } from './merge-list.ts';

const folder = 'F'.repeat(24);
const id = (n: number): string => String(n).padStart(24, '0');

interface Sides {
  base?: Entries | undefined;
  theirs: Entries;
  mine: Entries;
  unsent?: string[];
  left?: string[];
  writes?: boolean;
}

function merge({ base, theirs, mine, unsent = [], left = [], writes = true }: Sides): Merged {
  const hasUnsent = (one: string): boolean => unsent.includes(one);
  return mergeList({ base, theirs, mine, hasUnsent, left: new Set(left), writes, now: 99 });
}

const entries = (...all: [number, Fields][]): Entries =>
  new Map(all.map(([n, fields]) => [id(n), { parent: '', ...fields }]));

/** What a device has after a merge. */
function settle(mine: Entries, { set, gone }: Merged): Map<string, Fields> {
  const next = applyChanges(
    mine,
    [...set].map(([one, fields]) => ({ id: one, fields })),
    folder,
  );
  for (const one of gone) next.delete(one);
  return next;
}

/** What the relay has after it took what was sent. */
function take(theirs: Entries, { send }: Merged): Map<string, Fields> {
  return applyChanges(
    theirs,
    send.map(({ id: one, changes }) => ({ id: one, fields: changes })),
    folder,
  );
}

test('C15: what changed here stays and is sent, what changed there comes, field by field', () => {
  const base = entries([1, { title: 'Tides', excerpt: 'in', edited: 1 }]);
  const theirs = entries([1, { title: 'Tides', excerpt: 'in and out', edited: 5, 'tag:sea': 4 }]);
  const mine = entries([1, { title: 'Moon', excerpt: 'in', edited: 1, favourite: 3 }]);
  const merged = merge({ base, theirs, mine });
  expect(merged.send).toEqual([{ id: id(1), changes: { title: 'Moon', favourite: 3 }, isNew: false }]);
  expect(merged.set).toEqual(new Map([[id(1), { excerpt: 'in and out', edited: 5, 'tag:sea': 4 }]]));
});

test('C15: what left the folder leaves this device, unless something of it was not sent', () => {
  const base = entries([1, { title: 'One' }], [2, { title: 'Two' }]);
  const merged = merge({ base, theirs: entries(), mine: base, unsent: [id(2)] });
  expect(merged).toMatchObject({ gone: [id(1)], stays: [id(2)], send: [] });
  const later = merge({
    base: entries(),
    theirs: entries(),
    mine: entries([2, { title: 'Two' }]),
    left: [id(2)],
  });
  expect(later).toMatchObject({ gone: [id(2)], send: [] });
});

test('C15: drafts from before enter the folder, what is sealed or of somebody else does not', () => {
  const mine = entries(
    [1, { title: 'Draft' }],
    [2, { type: 'folder', vault: 'v' }],
    [3, { owner: 'bob.test' }],
  );
  const { send } = merge({ base: undefined, theirs: entries([4, { title: 'Old' }]), mine });
  expect(send).toEqual([{ id: id(1), changes: { title: 'Draft', parent: '' }, isNew: true }]);
  expect(toSendable(id(1), send[0]!.changes, folder)).toEqual({
    id: id(1),
    fields: { title: 'Draft', parent: folder },
  });
});

test('C15: an index that the browser lost deletes nothing; what a person took out for good goes to the trash for all', () => {
  const theirs = entries([1, { title: 'One' }], [2, { title: 'Two' }]);
  expect(merge({ base: undefined, theirs, mine: entries() }).send).toEqual([]);
  const merged = merge({ base: theirs, theirs, mine: entries([1, { title: 'One' }]) });
  expect(merged.send).toEqual([{ id: id(2), changes: { trashed: 99 }, isNew: false }]);
  expect(settle(entries(), merged).get(id(2))).toMatchObject({ title: 'Two', trashed: 99 });
});

test('C15: a device that only reads sends nothing, and has what the relay has', () => {
  const base = entries([1, { title: 'One' }]);
  const theirs = entries([1, { title: 'New' }]);
  const merged = merge({
    base,
    theirs,
    mine: entries([1, { title: 'Mine' }], [2, { title: 'Draft' }]),
    writes: false,
  });
  expect(merged.send).toEqual([]);
  expect(merged.set).toEqual(new Map([[id(1), { title: 'New' }]]));
  expect(merged.gone).toEqual([]);
});

test('C15: of two moves the later one stands, and moves into each other leave the folder as the relay has it', () => {
  const type = 'folder';
  const base = entries([1, { type, moved: 1 }], [2, { type, moved: 1 }]);
  const one = merge({
    base,
    theirs: entries([1, { type, moved: 9, parent: id(2) }], [2, { type, moved: 1 }]),
    mine: entries([1, { type, moved: 5, parent: '' }], [2, { type, moved: 5, parent: id(1) }]),
  });
  expect(one.send).toEqual([]);
  expect(settle(base, one).get(id(1))).toMatchObject({ parent: id(2), moved: 9 });
  expect(settle(base, one).get(id(2))).toMatchObject({ parent: '', moved: 1 });
});

test('J3: what was put into a folder that is gone by now is put at the top', () => {
  const mine = entries([1, { type: 'folder' }], [2, { title: 'New', parent: id(1) }]);
  const merged = merge({ base: entries([1, { type: 'folder' }]), theirs: entries(), mine });
  expect(merged.send).toEqual([{ id: id(2), changes: { title: 'New', parent: '' }, isNew: true }]);
  expect(settle(mine, merged).get(id(2))).toMatchObject({ parent: '' });
});

/** Mulberry32: the same history for the same seed. */
function createChance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** One change, as the tree of a device makes it: nothing is put into itself. */
function change(side: Map<string, Fields>, chance: (below: number) => number, at: number): void {
  const ids = [...side.keys()];
  const one = ids[chance(ids.length)]!;
  const fields = side.get(one)!;
  const what = chance(4);
  if (what === 0) side.set(one, { ...fields, title: `t${at}` });
  else if (what === 1) side.set(one, { ...fields, [`tag:${chance(3)}`]: at });
  else if (what === 2)
    side.set(id(1000 + at), { type: chance(3) ? 'text' : 'folder', title: `n${at}`, parent: '' });
  else {
    const folders = ['', ...ids.filter((n) => side.get(n)!['type'] === 'folder')];
    const parent = folders[chance(folders.length)]!;
    if (wayUp(side, parent).includes(one)) return;
    side.set(one, { ...fields, parent, moved: at });
  }
}

test.each(Array.from({ length: 300 }, (_, i) => i + 1))(
  'C15: changes made apart come together and none is lost, seed %i',
  (seed) => {
    const chance = createChance(seed);
    const base = entries(
      ...Array.from({ length: 8 }, (_, n): [number, Fields] => [
        n,
        { type: n < 4 ? 'folder' : 'text', title: `b${n}` },
      ]),
    );
    const [theirs, mine] = [new Map(base), new Map(base)];
    // What other devices make has other ids.
    for (let at = 1; at < 40; at++) change(chance(2) ? theirs : mine, chance, at);
    const leaving = new Set([...theirs.keys()].filter(() => chance(12) === 0));
    const below = [...theirs.keys()].filter((one) => wayUp(theirs, one).some((up) => leaving.has(up)));
    for (const one of below) theirs.delete(one);

    const merged = merge({ base, theirs, mine });
    const [here, there] = [settle(mine, merged), take(theirs, merged)];
    expect(here).toEqual(there);
    expect(merge({ base: there, theirs: there, mine: here })).toMatchObject({
      send: [],
      gone: [],
      stays: [],
    });

    for (const one of mine.keys()) if (!base.has(one)) expect(there.has(one)).toBe(true);
    for (const [one, fields] of there) {
      const [before, own, told] = [base.get(one), mine.get(one), theirs.get(one)];
      for (const name of ['title', 'tag:0', 'tag:1', 'tag:2']) {
        const isOurs = told === undefined || (own !== undefined && own[name] !== before?.[name]);
        expect(fields[name]).toBe((isOurs ? own : told)?.[name]);
      }
      expect(wayUp(there, one).at(-1)).toBe('');
    }
  },
);

/** The entry and what is above it, up to the top; what is no folder, or comes again, ends it. */
function wayUp(side: Entries, one: string): string[] {
  const way = [one];
  for (let up = one; up !== '';) {
    up = String(side.get(up)?.['parent'] ?? '');
    if (way.includes(up) || (up !== '' && side.get(up)?.['type'] !== 'folder')) return way;
    way.push(up);
  }
  return way;
}
