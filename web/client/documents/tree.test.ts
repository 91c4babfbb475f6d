import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { entriesOf, enterDocuments, updateEntry } from './index-entries.ts';
import { type TestDevice, createTestDevice, exchange, merge, shown } from './tree-fixture.ts';

/** One device with /a/b/file and /c. */
function household(): { device: TestDevice; a: string; b: string; c: string; file: string } {
  const device = createTestDevice();
  const { tree } = device;
  const { id: a } = tree.createFolder('a', '');
  const { id: b } = tree.createFolder('b', a);
  const { id: c } = tree.createFolder('c', '');
  const { ids } = tree.enterFiles([{ title: 'file', parent: b, fields: { file: 'f1~x', size: 3 } }]);
  return { device, a, b, c, file: ids[0]! };
}

const start = ['/a', '/a/b', '/a/b/file', '/c'];

test('folders, files and documents are one tree', () => {
  const { device, a, b, file } = household();
  expect(shown(device)).toEqual(start);
  enterDocuments(device.index, [{ id: 'T'.repeat(24), title: 'note', excerpt: '', parent: a }], 5);
  expect(device.tree.children(a).map(({ title }) => title)).toEqual(['b', 'note']);
  expect(device.tree.below(a)).toHaveLength(3);
  expect(device.tree.path(file).map(({ id }) => id)).toEqual([a, b, file]);
  expect(device.tree.get(file)).toMatchObject({ type: 'file', parent: b, size: 3, file: 'f1~x', kept: [] });
});

test('two hundred files enter in one transaction', () => {
  const { device, c } = household();
  let transactions = 0;
  device.index.on('afterTransaction', () => (transactions += 1));
  const { ids, undo } = device.tree.enterFiles(
    Array.from({ length: 200 }, (_, i) => ({ title: `${i}.jpg`, parent: c, fields: { size: i } })),
  );
  expect(transactions).toBe(1);
  expect(device.tree.children(c).map(({ id }) => id)).toEqual(ids);
  expect(undo()).toBe(true);
  expect(shown(device)).toEqual(start);
});

test('each change can be taken back, once', () => {
  const { device, a, b, c, file } = household();
  const { tree } = device;
  const changes = [
    () => tree.createFolder('new', c).undo,
    () => tree.rename(file, 'other'),
    () => tree.move([b, file], c),
    () => tree.trash([a]),
    () => tree.setKept([file], 'abcdefgh', true),
    () => tree.setFields(file, { stored: 'f1~x', size: undefined }),
  ];
  const before = [...device.live.rows().values()];
  for (const change of changes) {
    const undo = change();
    expect([...device.live.rows().values()]).not.toEqual(before);
    expect(undo()).toBe(true);
    expect([...device.live.rows().values()]).toEqual(before);
    expect(undo()).toBe(false);
  }
});

test('what another device changed since is not taken back', () => {
  const { device, a, b, c, file } = household();
  const other = createTestDevice(2);
  merge(device, other);
  const renamed = device.tree.rename(file, 'mine');
  const moved = device.tree.move([b, file], c);
  merge(device, other);
  other.tree.rename(file, 'theirs');
  other.tree.move([b], '');
  merge(other, device);
  expect(renamed()).toBe(false);
  expect(moved()).toBe(false);
  expect(shown(device)).toEqual(['/a', '/b', '/b/theirs', '/c']);
  expect(device.tree.get(a)?.title).toBe('a');
});

test('taking a move back never puts a folder below itself', () => {
  const { device, a, b, c } = household();
  const undo = device.tree.move([b], c);
  device.tree.move([a], b);
  expect(undo()).toBe(false);
  expect(shown(device)).toEqual(['/c', '/c/b', '/c/b/a', '/c/b/file']);
});

test('a folder that somebody put something into is not removed by undo', () => {
  const { device, c } = household();
  const { id, undo } = device.tree.createFolder('new', '');
  device.tree.move([c], id);
  expect(undo()).toBe(false);
  expect(shown(device)).toContain('/new/c');
});

test('J3: a folder does not go into itself, and a move is later than any that is known', () => {
  const { device, a, b, c, file } = household();
  expect(() => device.tree.move([a], a)).toThrow('put into itself');
  expect(() => device.tree.move([c, a], b)).toThrow('below itself');
  expect(() => device.tree.setFields(a, { parent: b })).toThrow('below itself');
  expect(() => device.tree.move([a], file)).toThrow('not there');
  expect(() => device.tree.move([a], 'nowhere')).toThrow('not there');
  expect(shown(device)).toEqual(start);
  updateEntry(device.index, c, { moved: 9_000_000 });
  device.tree.move([file], c);
  expect(entriesOf(device.index).get(file)?.get('moved')).toBe(9_000_001);
});

test('J2: two folders moved into each other: the one moved last is at the top, on every device', () => {
  const { device, a, b, c } = household();
  const other = createTestDevice(2, device.clock.time + 500);
  merge(device, other);
  device.tree.move([a], c);
  other.tree.move([c], b);
  exchange([device, other]);
  expect(shown(device)).toEqual(['/c', '/c/a', '/c/a/b', '/c/a/b/file']);
  expect(shown(other)).toEqual(shown(device));
  // It stays at the top when the other leaves it, instead of following it.
  other.tree.move([b], '');
  exchange([device, other]);
  expect(shown(device)).toEqual(['/b', '/b/file', '/c', '/c/a']);
});

test('J2: with equal times the greater id goes to the top; a folder in itself too', () => {
  const index = new Y.Doc();
  const device = createTestDevice();
  const folder = (parent: string) =>
    new Y.Map(Object.entries({ type: 'folder', title: 'x', parent, moved: 7 }));
  const [low, high, self] = ['A', 'B', 'C'].map((letter) => letter.repeat(24)) as [string, string, string];
  entriesOf(index).set(low, folder(high));
  entriesOf(index).set(high, folder(low));
  entriesOf(index).set(self, folder(self));
  Y.applyUpdate(device.index, Y.encodeStateAsUpdate(index));
  expect(device.tree.get(high)?.parent).toBe('');
  expect(device.tree.get(low)?.parent).toBe(high);
  expect(device.tree.get(self)?.parent).toBe('');
});

test('J2: what names a folder that is not there, or what is no folder, is at the top', () => {
  const { device, a, c, file } = household();
  updateEntry(device.index, c, { parent: file });
  updateEntry(device.index, a, { parent: 'N'.repeat(24) });
  expect(shown(device)).toEqual(start);
  const other = createTestDevice(3);
  const { id } = other.tree.createFolder('late', '');
  updateEntry(device.index, c, { parent: id });
  merge(other, device);
  expect(shown(device)).toContain('/late/c');
});

test('trash: what is below goes along and comes back along; alone it comes back to the top', () => {
  const { device, a, b, file } = household();
  device.tree.trash([file]);
  device.tree.trash([a, b]);
  expect(shown(device)).toEqual(['/c', 'trash:/a', 'trash:/a/b', 'trash:/a/b/file']);
  expect(device.tree.trashed().map(({ id }) => id)).toEqual([a]);
  expect(device.tree.children('').map(({ title }) => title)).toEqual(['c']);
  expect(device.tree.children(a).map(({ id }) => id)).toEqual([b]);
  expect(() => device.tree.move([file], a)).toThrow('in the trash');
  const undo = device.tree.restore([b]);
  expect(shown(device)).toEqual(['/b', '/c', 'trash:/a', 'trash:/b/file']);
  expect(undo()).toBe(true);
  device.tree.restore([a]);
  expect(shown(device)).toEqual(['/a', '/a/b', '/c', 'trash:/a/b/file']);
  device.tree.restore([file]);
  expect(shown(device)).toEqual(start);
});

test('thousands that lie in a trashed folder are restored in one pass over them', () => {
  const { device, c } = household();
  const { ids } = device.tree.enterFiles(
    Array.from({ length: 3000 }, (_, i) => ({ title: `${i}`, parent: c, fields: {} })),
  );
  device.tree.trash([c]);
  let looked = 0;
  const counted = new Proxy(ids, {
    get: (list, name) => {
      if (typeof name === 'string' && /^\d+$/.test(name)) looked += 1;
      return Reflect.get(list, name) as unknown;
    },
  });
  device.tree.restore(counted);
  // Each was compared with all before it.
  expect(looked).toBeLessThan(4 * ids.length);
  expect(device.tree.children('').length).toBe(ids.length + 1);
});

test('a folder and what was in it, trashed one by one and restored together, are as before', () => {
  const { device, a, file } = household();
  device.tree.trash([file]);
  device.tree.trash([a]);
  device.tree.restore([a, file]);
  expect(shown(device)).toEqual(start);
});

test('J4: deleted for good: all below goes, and only bytes that nobody else names', () => {
  const { device, a, c, file } = household();
  device.tree.enterFiles([{ title: 'twin', parent: c, fields: { file: 'f1~x' } }]);
  device.tree.enterFiles([{ title: 'only', parent: a, fields: { file: 'f1~y' } }]);
  const purged = device.tree.purge([a, file]);
  expect(purged.entries.map(({ title }) => title).sort()).toEqual(['a', 'b', 'file', 'only']);
  expect(purged.files).toEqual(['f1~y']);
  expect(shown(device)).toEqual(['/c', '/c/twin']);
});

test('J4: what another device put into a folder that was deleted for good is at the top', () => {
  const { device, a, c } = household();
  const other = createTestDevice(2);
  merge(device, other);
  device.tree.purge([a]);
  other.tree.move([c], a);
  exchange([device, other]);
  expect(shown(device)).toEqual(['/c']);
  expect(shown(other)).toEqual(['/c']);
});

test('names: cleaned, refused when nothing is left; documents and sealed entries are not renamed here', () => {
  const { device, c, file } = household();
  const { tree } = device;
  tree.rename(file, ' ../a\u0000b\u202egpj.exe ');
  expect(tree.get(file)?.title).toBe('..-abgpj.exe');
  expect(() => tree.rename(file, ' \u0000 ')).toThrow('at least one character');
  expect(() => tree.createFolder('..', '')).toThrow('at least one character');
  expect(() => tree.rename('gone', 'x')).toThrow(expect.objectContaining({ details: { reason: 'gone' } }));
  enterDocuments(device.index, [{ id: 'T'.repeat(24), title: 'note', excerpt: '' }], 5);
  expect(() => tree.rename('T'.repeat(24), 'x')).toThrow('first words');
  updateEntry(device.index, c, { sealed: 'k.x' });
  expect(() => tree.rename(c, 'x')).toThrow('sealed');
});

test('nothing readable goes into a sealed folder, and nothing leaves it by a mere move', () => {
  const { device, a, b, c, file } = household();
  const { tree } = device;
  const { id: vault } = tree.createFolder('vault', '', { fields: { vault: '1' } });
  expect(() => tree.move([a], vault)).toThrow('sealed anew');
  expect(() => tree.createFolder('plain', vault)).toThrow('sealed anew');
  expect(() => tree.enterFiles([{ title: 'plain', parent: vault, fields: {} }])).toThrow('sealed anew');
  expect(() => tree.setFields(file, { parent: vault })).toThrow('sealed anew');
  const { id: inner } = tree.createFolder('secret', vault, { fields: { sealed: 'k.abc' } });
  expect(tree.get(inner)?.title).toBe('');
  const sealing = { type: 'sealed', title: '', sealed: 'k.def', mime: undefined, size: undefined };
  const undo = tree.setFields(file, { ...sealing, parent: inner });
  expect(tree.vaultOf(file)?.id).toBe(vault);
  expect(tree.vaultOf(b)).toBeUndefined();
  tree.move([file], vault);
  expect(() => tree.move([file], c)).toThrow('sealed anew');
  expect(undo()).toBe(false);
  tree.move([vault], c);
  expect(tree.path(file).map(({ id }) => id)).toEqual([c, vault, file]);
});

test('J1: entries of an older version and fields of the wrong type have defaults; strange ids are passed over', () => {
  const device = createTestDevice();
  const entries = entriesOf(device.index);
  const [old, odd] = ['O'.repeat(24), 'G'.repeat(24)];
  entries.set(old, new Y.Map(Object.entries({ title: 'old', excerpt: 'x', created: 5, edited: 9 })));
  const garbage = { title: 7, type: null, parent: 3, moved: 'x', trashed: 'no', size: -1, created: 1e300 };
  entries.set(odd, new Y.Map<unknown>(Object.entries({ ...garbage, file: {}, 'kept:x': 'y', 'kept:z': 4 })));
  entries.set('', new Y.Map(Object.entries({ title: 'nameless' })));
  entries.set('../etc', new Y.Map(Object.entries({ title: 'strange' })));
  Reflect.apply(Y.Map.prototype.set, entries, ['N'.repeat(24), 'no map']);
  const plain = {
    title: '',
    excerpt: '',
    type: 'text',
    created: 0,
    edited: 0,
    trashed: 0,
    parent: '',
    kept: [],
  };
  expect([...device.live.rows().values()]).toEqual([
    { ...plain, id: old, title: 'old', excerpt: 'x', created: 5, edited: 9 },
    { ...plain, id: odd, kept: ['z'] },
  ]);
});

test('rows that stayed as they were are the same objects after a change elsewhere', () => {
  const { device, a, file } = household();
  const before = device.live.rows();
  let heard = 0;
  const stop = device.live.onChange(() => (heard += 1));
  device.tree.rename(file, 'changed');
  expect(heard).toBe(1);
  expect(device.live.rows()).not.toBe(before);
  expect(device.live.rows().get(a)).toBe(before.get(a));
  expect(before.get(file)?.title).toBe('file');
  stop();
  device.tree.rename(file, 'again');
  expect(heard).toBe(1);
});

test('J8: tags that two devices give at once are both there; what is written the same but for its case is one', () => {
  const { device, file, c } = household();
  const other = createTestDevice(2);
  merge(device, other);
  const undo = device.tree.setTag([file, c], ' #Sea, side ', true);
  other.tree.setTag([file], 'boat', true);
  exchange([device, other]);
  for (const { tree } of [device, other]) expect(tree.get(file)?.tags).toEqual(['Sea side', 'boat']);
  other.tree.setTag([c, file], 'SEA SIDE', false);
  other.tree.setTag([c], 'sea SIDE', true);
  exchange([device, other]);
  expect(device.tree.get(file)?.tags).toEqual(['boat']);
  expect(undo()).toBe(false);
  expect(() => device.tree.setTag([file], ' # ', true)).toThrow('at least one');
});

test('J8: what is sealed has no tags, and loses them when it is sealed', () => {
  const { device, file } = household();
  const { tree } = device;
  const { id: vault } = tree.createFolder('vault', '', { fields: { vault: 'v' } });
  tree.setTag([file], 'plain', true);
  const undo = tree.setFields(file, { parent: vault, sealed: 'x', title: '' });
  expect(tree.get(file)?.tags).toBeUndefined();
  expect(() => tree.setTag([file], 'told', true)).toThrow('not be sealed');
  expect(undo()).toBe(true);
  expect(tree.get(file)?.tags).toEqual(['plain']);
});

test('favourites and templates are set and taken back, only where they were otherwise', () => {
  const { device, a, file } = household();
  const { tree } = device;
  tree.setFavourite([a], true);
  const since = tree.get(a)?.favourite;
  const undo = tree.setFavourite([a, file], true);
  expect(tree.get(a)?.favourite).toBe(since);
  expect(undo()).toBe(true);
  expect([tree.get(a)?.favourite, tree.get(file)?.favourite]).toEqual([since, undefined]);
  tree.setTemplate([file], true);
  expect(tree.get(file)?.template).toBeGreaterThan(0);
  tree.setTemplate([file], false);
  expect(tree.get(file)?.template).toBeUndefined();
});
