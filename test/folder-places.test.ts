import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { folderPatchSchema } from '../shared/api/folders.ts';
import { resolvePlaces } from '../shared/sync/places.ts';
import { type EntryFields, readFields } from '../relay/socket/folders/index-fields.ts';
import { areEqual, assertWithin, findMembers, listFolder } from '../relay/socket/folders/members.ts';
import { tellEntries, writeEntries } from '../relay/socket/folders/read-index.ts';
import { addEntry, entriesOf, readEntries, updateEntry } from '../web/client/documents/index-entries.ts';
import * as v from 'valibot';

const id = (i: number) => `${'0'.repeat(22)}${String(i).padStart(2, '0')}`;
const folder = id(0);

/** The same numbers for the same seed, 0 to 1. */
function createChance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

/** As the relay reads an index, told in pages. */
function readRelay(doc: Y.Doc, entries = new Map<string, EntryFields>(), whole = true) {
  for (let more = true, all = whole; more; all = false) {
    const told = tellEntries(doc, all);
    for (const { id: of, entry } of told.entries)
      if (entry) entries.set(of, entry);
      else entries.delete(of);
    more = told.more;
  }
  return entries;
}

/** As a browser shows it: who has the folder above it, and nothing hidden on the way. */
function membersInBrowser(doc: Y.Doc): string[] {
  const rows = new Map(readEntries(doc).map((entry) => [entry.id, entry]));
  const places = resolvePlaces(rows);
  const hidden = (of: string) => {
    const { sealed, vault, owner, type } = rows.get(of)!;
    return [sealed, vault, owner].some((mark) => mark !== undefined) || type === 'sealed';
  };
  if (rows.get(folder)?.type !== 'folder' || hidden(folder)) return [];
  return [...rows.keys()].filter((of) => {
    for (let at = of; at !== folder; at = places.get(at)?.parent ?? '') {
      if (at === '' || hidden(at)) return false;
    }
    return of !== folder;
  });
}

const pick = <T>(list: readonly T[], chance: () => number): T => list[Math.floor(chance() * list.length)]!;

/** One of three devices changes its copy. */
function change(doc: Y.Doc, chance: () => number): void {
  const all = [...Array(12).keys()].map((i) => id(i + 1));
  const [one, parent, moved] = [
    pick(all, chance),
    pick([...all, folder, folder, '', 'elsewhere'], chance),
    chance() * 100,
  ];
  const type = pick(['text', 'folder', 'folder', 'folder', 'file', 'text', 'folder', 'sealed'], chance);
  const marks = pick(
    [{}, {}, {}, {}, {}, {}, { owner: 'bob.test' }, { vault: '1' }, { sealed: 'x' }],
    chance,
  );
  if (chance() < 0.5) addEntry(doc, one, { type, parent, moved: Math.floor(moved), title: one, ...marks });
  else if (chance() < 0.8)
    updateEntry(doc, chance() < 0.1 ? folder : one, { parent, moved: Math.floor(moved) });
  else if (chance() < 0.5) updateEntry(doc, one, { type, vault: undefined });
  else entriesOf(doc).delete(one);
}

describe('C14: what is in a folder', () => {
  test('C14: relay and browsers find the same, after random moves of three devices that meet now and then', () => {
    let found = 0;
    for (let seed = 1; seed <= 25; seed++) {
      const chance = createChance(seed);
      const docs = [new Y.Doc(), new Y.Doc(), new Y.Doc()];
      const relay = new Y.Doc();
      addEntry(docs[0]!, folder, { type: 'folder', title: 'Ours' });
      const known = readRelay(relay);
      for (let step = 0; step < 60; step++) {
        const doc = pick(docs, chance);
        change(doc, chance);
        const other = chance() < 0.3 ? pick(docs, chance) : undefined;
        if (other) Y.applyUpdate(other, Y.encodeStateAsUpdate(doc, Y.encodeStateVector(other)));
        Y.applyUpdate(relay, Y.encodeStateAsUpdate(doc, Y.encodeStateVector(relay)));
        readRelay(relay, known, false);
        if (step % 5 > 0) continue;
        const members = findMembers(known, folder);
        found += members.size;
        expect([...members].sort()).toEqual(membersInBrowser(relay).sort());
      }
      expect(known, 'told piece by piece, and told whole').toEqual(readRelay(relay));
    }
    expect(found).toBeGreaterThan(100);
  });

  test('C14: fields are told as devices read them; what is filled wrongly is left out', () => {
    const { fields, hidden } = readFields({
      ...{
        title: 'Plans',
        type: 7,
        moved: -1,
        size: 1.5,
        created: Number.NaN,
        edited: 8.64e15,
        excerpt: 'x',
      },
      ...{ 'tag:home': 5, 'kept:phone': 'now', 'tag:': 5, strange: 'x', toString: 'x', level: 'W' },
    });
    expect(fields).toEqual({ title: 'Plans', edited: 8.64e15, excerpt: 'x', 'tag:home': 5 });
    expect(hidden).toBe(false);
    expect(readFields({ owner: 'bob.test' }).hidden).toBe(true);
  });

  test('C14: what is no entry is passed over, and a list of 10,000 comes in pages', () => {
    const doc = new Y.Doc();
    const documents = doc.getMap('documents');
    documents.set('short', new Y.Map([['title', 'x']]));
    documents.set(id(1), 'text');
    documents.set(id(2), new Y.Text('text'));
    const numbered = (i: number) => `${'x'.repeat(18)}${String(i).padStart(6, '0')}`;
    addEntry(doc, folder, { type: 'folder', title: 'Ours', parent: id(9), moved: 4 });
    doc.transact(() => {
      for (let i = 0; i < 10_000; i++)
        addEntry(doc, numbered(i), { type: 'text', parent: folder, title: 't' });
    });
    expect(tellEntries(doc, true)).toMatchObject({ more: true, entries: { length: 1000 } });
    const entries = readRelay(doc);
    expect(entries.size).toBe(10_001);
    const list = listFolder(entries, folder, findMembers(entries, folder));
    expect(list.folder).toEqual({ id: folder, fields: { type: 'folder', title: 'Ours', schema: 1 } });
    expect(list.entries).toHaveLength(10_000);
    updateEntry(doc, numbered(7), { title: 'one' });
    expect(tellEntries(doc, false)).toMatchObject({ more: false, entries: [{ id: numbered(7) }] });
  });
});

describe('C15: what a device with one folder changes', () => {
  const text = (parent: string, more = {}) => ({ fields: { type: 'text', parent, ...more }, hidden: false });
  const aFolder = (parent: string, moved = 1) => ({
    fields: { type: 'folder', parent, moved },
    hidden: false,
  });
  /** 0 ⊃ 1 ⊃ 2 ⊃ text 3; text 4 in 0. Outside: 5, text 6 in it; text 7 in a folder that is gone; 8 somebody else's, in 0. */
  const entries = new Map<string, EntryFields>([
    [folder, aFolder('')],
    [id(1), aFolder(folder, 5)],
    [id(2), aFolder(id(1), 9)],
    [id(3), text(id(2))],
    [id(4), text(folder)],
    [id(5), aFolder('')],
    [id(6), text(id(5))],
    [id(7), text(id(20))],
    [id(8), { ...text(folder), hidden: true }],
  ]);
  const members = findMembers(entries, folder);
  const within = (...changes: { id: string; fields: Record<string, string | number | null> }[]) =>
    assertWithin(entries, { folder, members }, v.parse(folderPatchSchema, { changes }).changes);

  test('C15: names, moves inside, the trash, and what is new', () => {
    expect([...members].sort()).toEqual([1, 2, 3, 4].map(id));
    expect(within({ id: id(3), fields: { title: 'Other', trashed: 5, 'tag:home': 1 } })).toEqual([]);
    expect(within({ id: id(2), fields: { parent: folder, moved: 10 } })).toEqual([]);
    expect(within({ id: id(9), fields: { type: 'text', parent: id(2) } })).toEqual([id(9)]);
    const [a, b] = [id(10), id(11)];
    expect(
      within(
        { id: b, fields: { type: 'text', parent: a } },
        { id: a, fields: { type: 'folder', parent: folder } },
        { id: a, fields: { title: 'Both' } },
      ).sort(),
    ).toEqual([a, b]);
  });

  test.each<[string, number, Record<string, string | number | null>]>([
    ['the folder itself', 0, { title: 'Mine' }],
    ['a document outside', 6, { title: 'Mine' }],
    ['a folder outside', 5, { title: 'Mine' }],
    ["somebody else's document inside", 8, { title: 'Mine' }],
    ['a move of something outside into it', 6, { parent: folder }],
    ['a move out', 3, { parent: id(5) }],
    ['a move to what is not there', 3, { parent: id(40) }],
    ['a move into a text', 3, { parent: id(4) }],
    ['a circle', 1, { parent: id(2), moved: 20 }],
    ['a circle that frees another one', 1, { parent: id(2), moved: 2 }],
    ['a folder that is made a text, with something in it', 2, { type: 'text' }],
    ['a new one at the top', 9, { type: 'text' }],
    ['a new one outside', 9, { type: 'text', parent: id(5) }],
    ['a new folder that others, outside, name', 20, { type: 'folder', parent: folder }],
  ])('C15: refuses %s', (_what, of, fields) => {
    expect(() => within({ id: id(of), fields })).toThrow(
      expect.objectContaining({ code: 'E-DELEGATION-SCOPE' }) as Error,
    );
  });

  test.each<[string, Record<string, unknown>]>([
    ['an owner', { owner: 'bob.test' }],
    ['a sealed type', { type: 'sealed' }],
    ['a vault', { vault: '1' }],
    ['a level', { level: 'W' }],
    ['a text for a time', { trashed: 'now' }],
    ['a time that is none', { moved: -1 }],
    ['a title without end', { title: 'x'.repeat(1001) }],
    ['a parent taken away', { parent: null }],
    ['an object', { title: {} }],
    ['a tag that is a text', { 'tag:home': 'x' }],
    ['a tag without a name', { 'tag:': 1 }],
    ['another field', { toString: 1 }],
  ])('C15: refuses a request with %s', (_what, fields) => {
    expect(v.is(folderPatchSchema, { changes: [{ id: id(3), fields }] })).toBe(false);
    expect(v.is(folderPatchSchema, { changes: [{ id: id(3), fields: { title: 'x' } }] })).toBe(true);
  });

  test('C15: is one row, which devices read like any other, and the same again is none', () => {
    const [relay, device] = [new Y.Doc(), new Y.Doc()];
    addEntry(relay, id(3), { type: 'text', title: 'Plans', trashed: 4 });
    Y.applyUpdate(device, Y.encodeStateAsUpdate(relay));
    const { changes } = v.parse(folderPatchSchema, {
      changes: [
        { id: id(3), fields: { title: 'Other', trashed: null, excerpt: null } },
        { id: id(9), fields: { type: 'text', parent: folder, 'tag:home': 3 } },
      ],
    });
    const row = writeEntries(relay, changes)!;
    Y.applyUpdate(device, row);
    expect(readEntries(device)).toMatchObject([
      { id: id(3), title: 'Other' },
      { id: id(9), parent: folder, tags: ['home'] },
    ]);
    expect(readEntries(device)[0]).not.toHaveProperty('trashed');
    expect(writeEntries(relay, changes)).toBeUndefined();
    relay.getMap('documents').set(id(8), 'no entry');
    expect(() => writeEntries(relay, [{ id: id(8), fields: { title: 'x' } }])).toThrow('no entry');
  });

  test('C15: sets are compared by what is in them', () => {
    expect([
      areEqual(new Set([1, 2].map(id)), new Set([2, 1].map(id))),
      areEqual(new Set(), new Set(['x'])),
    ]).toEqual([true, false]);
  });
});
