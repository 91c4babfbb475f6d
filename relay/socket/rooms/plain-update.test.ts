import * as encoding from 'lib0/encoding';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { createDice } from '../../../shared/test/seeded.ts';
import { bombUpdate, deletion, gapUpdate } from './hostile-updates-fixture.ts';
import { isPlainUpdate, maxPlainBytes, mostClock } from './plain-update.ts';

const dice = createDice();
const below = (n: number): number => Math.floor(dice() * n);

/** One edit of any kind that a document of ours or of a stock node has. */
function edit(doc: Y.Doc): void {
  const [text, map, list] = [doc.getText('text'), doc.getMap('map'), doc.getArray('list')];
  const values = [1, null, undefined, -2.5, 'ä😀', { a: { b: [true] } }, new Uint8Array([1, 2]), 123n];
  const edits: (() => void)[] = [
    () => text.insert(below(text.length + 1), 'aä😀'),
    () => text.length > 2 && text.delete(below(text.length - 2), 2),
    () => text.length > 2 && text.format(0, 2, { bold: dice() < 0.5 ? true : null }),
    () => text.insertEmbed(0, { image: 'here' }),
    () => map.set(`key ${below(3)}`, values[below(values.length)]),
    () => map.delete('key 0'),
    () => map.set('inner', new Y.Map([['list', new Y.Array()]])),
    () => list.push([{ a: 1 }, [1, 2], new Uint8Array(3)]),
    () => doc.getXmlFragment('page').insert(0, [new Y.XmlElement('p'), new Y.XmlText('words')]),
    () => doc.transact(() => (text.insert(0, 'together'), list.insert(0, [1]))),
  ];
  edits[below(edits.length)]?.();
}

/** Every update that Yjs writes of three people who edit, and some that it merges and cuts of them. */
function writeUpdates(): Uint8Array[] {
  const updates: Uint8Array[] = [];
  const all = new Y.Doc();
  for (const client of [5, 2 ** 31, 77]) {
    const doc = new Y.Doc();
    doc.clientID = client;
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(all));
    const own: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array) => own.push(update));
    for (let i = 0; i < 60; i++) edit(doc);
    const vector = Y.encodeStateVector(doc);
    edit(doc);
    // What is merged of some of them has gaps.
    const gaps = Y.mergeUpdates(own.filter((_, i) => i % 3 > 0));
    updates.push(...own, gaps, Y.encodeStateAsUpdate(doc, vector), Y.encodeStateAsUpdate(doc));
    Y.applyUpdate(all, Y.encodeStateAsUpdate(doc));
  }
  updates.push(Y.encodeStateAsUpdate(all));
  return updates.filter(({ length }) => length > 2 && length <= maxPlainBytes);
}

function mutate(update: Uint8Array): Uint8Array {
  if (dice() < 0.1) return update.slice(0, below(update.length));
  const mutant = new Uint8Array(update);
  for (let i = 0; i <= below(3); i++) mutant[below(mutant.length)] = below(256);
  return mutant;
}

/** The numbers and bytes after one another, as one update. */
function write(...parts: (number | string)[]): Uint8Array {
  const encoder = encoding.createEncoder();
  for (const part of parts)
    if (typeof part === 'string') encoding.writeVarString(encoder, part);
    else encoding.writeVarUint(encoder, part);
  return encoding.toUint8Array(encoder);
}

/** An update of one item of client 5, from clock 7 on, that begins with this and has nothing deleted. */
const item = (...parts: (number | string)[]) => write(1, 1, 5, 7, ...parts, 0);

describe('an update that plainly can be read', () => {
  test('Z4: is whatever Yjs writes', () => {
    const updates = writeUpdates();
    expect(updates.length).toBeGreaterThan(150);
    expect(updates.filter((update) => !isPlainUpdate(update))).toEqual([]);
  });

  test('Z4: Yjs reads, cuts and applies it, with small clocks (600 mutants)', () => {
    const updates = writeUpdates();
    const state = updates.at(-1)!;
    let taken = 0;
    for (let i = 0; i < 600; i++) {
      const mutant = mutate(updates[below(updates.length)]!);
      if (!isPlainUpdate(mutant)) continue;
      taken++;
      const { structs, ds } = Y.decodeUpdate(mutant);
      const ends = structs.map(({ id, length }) => id.clock + length);
      const deleted = [...ds.clients.values()].flat().map(({ clock, len }) => clock + len);
      expect(Math.max(0, ...ends, ...deleted)).toBeLessThan(mostClock);
      const doc = new Y.Doc();
      Y.applyUpdate(doc, state);
      Y.diffUpdate(mutant, Y.encodeStateVector(doc));
      Y.applyUpdate(doc, mutant);
      Y.encodeStateAsUpdate(doc);
    }
    expect(taken).toBeGreaterThan(20);
  });

  const words = item(4, 1, 'text', 'words');
  test.each<[string, Uint8Array]>([
    ['is cut off', words.slice(0, -1)],
    ['has bytes behind its end', new Uint8Array([...words, 0])],
    ['has nothing in it', write(0, 0)],
    ['is larger than what is read at once', bombUpdate(1, maxPlainBytes)],
    ['announces clients that do not come', write(2 ** 50, 1, 5, 7)],
    ['announces structs that do not come', write(1, 2 ** 50, 5, 7, 0, 1, 0)],
    ['announces values that do not come', item(8, 1, 'list', 2 ** 50)],
    ['announces a text that does not come', item(4, 1, 'text', 2 ** 50)],
    ['announces deletions that do not come', write(0, 1, 5, 2 ** 50, 1, 1)],
    ['is version 2', Y.convertUpdateFormatV1ToV2(words)],
    ['has a number beyond 2^53', new Uint8Array([1, 1, ...Array<number>(8).fill(255), 1, 7, 0, 1, 0])],
    ['has clocks that nobody could count on from', gapUpdate(mostClock - 1, 1)],
    ['deletes what nobody could count', deletion(2 ** 52, 2 ** 52)],
    ['has something without a length', gapUpdate(3, 0)],
    ['names a client twice', write(2, 1, 5, 7, 0, 1, 1, 5, 8, 0, 1, 0)],
    ['has a text that is no UTF-8', item(4, 1, 'text', 1, 255)],
    ['has an embedded value that is no JSON', item(5, 1, 'text', '{')],
    ['has a type that is none', item(7, 1, 'text', 9)],
    ['has a content that is none', item(11, 1, 'text', 1)],
    ['stands beside itself', item(132, 5, 7, 'words')],
    ['stands in what is written after it', item(4, 0, 5, 8, 'words')],
    ['has a document within the document', item(9, 1, 'list', 'inner', 126)],
  ])('Z4: is not one that %s', (_, update) => {
    expect([words, item(132, 5, 6, 'words'), item(4, 0, 5, 6, 'words')].every(isPlainUpdate)).toBe(true);
    expect(isPlainUpdate(update)).toBe(false);
  });

  test('Z4: takes no more steps than it has bytes, however deep and wide it says to be', () => {
    const deep = item(8, 1, 'list', 1, ...Array<number>(4000).fill(117), 1);
    expect(isPlainUpdate(deep)).toBe(false);
    expect(isPlainUpdate(item(8, 1, 'list', ...Array<number>(1000).fill(2 ** 52)))).toBe(false);
    expect(isPlainUpdate(bombUpdate(1, 1000))).toBe(true);
  });
});
