import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { createMemberReader } from './member-reader.ts';

function cards(count: number) {
  const doc = new Y.Doc();
  const map = doc.getMap<unknown>('cards');
  doc.transact(() => {
    for (let i = 0; i < count; i++)
      map.set(`c${i}`, new Y.Map<unknown>(Object.entries({ text: new Y.Text(`card ${i}`), at: i })));
  });
  const seen: string[] = [];
  const read = createMemberReader((id, fields) => (seen.push(id), { id, ...fields.toJSON() }));
  const fields = (id: string) => map.get(id) as Y.Map<unknown>;
  return { doc, map, fields, read: () => read(map), seen: () => seen.splice(0) };
}

describe('members of a map', () => {
  test('are read again only when something in them changed: one letter in thousands of cards reads one card', () => {
    const { read, seen, fields, map } = cards(3000);
    const before = read();
    expect(seen()).toHaveLength(3000);
    (fields('c7').get('text') as Y.Text).insert(0, 'x');
    const now = read();
    expect(seen()).toEqual(['c7']);
    expect(now[7]).toMatchObject({ text: 'xcard 7' });
    expect(now.filter((one, i) => one !== before[i])).toHaveLength(1);
    map.delete('c1');
    map.set('c2', new Y.Map([['at', 5]]));
    expect(read().slice(0, 2)).toEqual([
      { id: 'c0', text: 'card 0', at: 0 },
      { id: 'c2', at: 5 },
    ]);
    expect(seen()).toEqual(['c2']);
  });

  test('are read as they are in the middle of a change, and known again behind it', () => {
    const { doc, read, seen, fields } = cards(3);
    read();
    doc.transact(() => {
      seen();
      read();
      expect(seen()).toEqual([]);
      fields('c1').set('at', 10);
      expect(read()[1]).toMatchObject({ at: 10 });
      fields('c1').set('at', 11);
      expect(read()[1]).toMatchObject({ at: 11 });
      seen();
    });
    expect(read()[1]).toMatchObject({ at: 11 });
    expect(seen()).toEqual(['c1']);
  });

  test('of other devices come as well, and what is no map is passed over', () => {
    const { doc, map, read } = cards(2);
    read();
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
    const theirs = other.getMap<unknown>('cards');
    (theirs.get('c0') as Y.Map<unknown>).set('at', 'there');
    theirs.set('c9', new Y.Map([['at', 9]]));
    map.set('odd', 1);
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
    expect(read()).toMatchObject([{ at: 'there' }, { at: 1 }, { id: 'c9', at: 9 }]);
  });
});
