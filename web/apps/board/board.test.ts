import fc from 'fast-check';
import { createStore, reconcile } from 'solid-js/store';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createBytes, holds } from '../../../shared/test/seeded.ts';
import { board as model } from './model.ts';
import { type Board, findCard, mapOf, readBoard } from './model/board.ts';
import { type NewCard, createChanges } from './model/change.ts';
import { boardToCsv, csvToBoard, parseCsv } from './model/csv.ts';
import { boardToMarkdown, markdownToBoard } from './model/markdown.ts';

function device(seed: number) {
  const doc = new Y.Doc();
  doc.clientID = seed;
  return { doc, change: createChanges(doc, createBytes(seed)), read: () => readBoard(doc) };
}

function exchange(...docs: Y.Doc[]): void {
  for (const from of docs) for (const to of docs) Y.applyUpdate(to, Y.encodeStateAsUpdate(from));
}

function newBoard() {
  const one = device(1);
  model.create?.(one.doc, ['To do', 'Done']);
  return one;
}

it('J15: is read in one go, with as many labels as cards', () => {
  const { doc, read } = newBoard();
  doc.transact(() => {
    for (let i = 0; i < 30_000; i++) {
      mapOf(doc, 'labels').set(`l${i}`, new Y.Map(Object.entries({ name: `label ${i}` })));
      const card = { text: new Y.Text(`card ${i}`), [`label:l${i}`]: true, [`label:gone`]: true };
      mapOf(doc, 'cards').set(`k${i}`, new Y.Map<unknown>(Object.entries(card)));
    }
  });
  const [first] = read().columns;
  expect(first?.cards).toHaveLength(30_000);
  expect(first?.cards.every(({ id, labels }) => labels.join() === `l${id.slice(1)}`)).toBe(true);
  expect(model.preview?.(doc)).toContain('card');
});

/** How often the cards of a board are read while something is done. */
function readings(doc: Y.Doc, act: () => void): number {
  const cards = mapOf(doc, 'cards');
  const entries = cards.entries.bind(cards);
  let count = 0;
  cards.entries = () => ((count += 1), entries());
  act();
  cards.entries = entries;
  return count;
}

it('J15: a file of thousands of cards with labels, and a column that goes with them, take a few readings of the board', () => {
  const { doc, change, read } = newBoard();
  const cards = Array.from({ length: 3000 }, (_, i) => ({ text: `card ${i}`, labels: [`label ${i % 50}`] }));
  const columns = ['Done', 'New', 'New'].map((name) => ({ name, cards }));
  expect(readings(doc, () => doc.transact(() => change.addAll(columns)))).toBeLessThan(10);
  expect(read().labels).toHaveLength(50);
  expect(read().columns.map(({ name, cards: its }) => [name, its.length])).toEqual([
    ['To do', 0],
    ['Done', 3000],
    ['New', 6000],
  ]);
  const texts = cards.map(({ text }) => text);
  const going = read().columns[2]!;
  expect(going.cards.map(({ text }) => text)).toEqual([...texts, ...texts]);
  change.moveColumn(read().columns[1]!.id, 0);
  expect(readings(doc, () => doc.transact(() => change.removeColumn(going.id)))).toBeLessThan(10);
  expect(read().columns[0]?.cards.map(({ text }) => text)).toEqual([...texts, ...texts, ...texts]);
});

const cardIds = (board: Board) => board.columns.flatMap(({ cards }) => cards.map(({ id }) => id));

describe('J15: a board', () => {
  it('is on the screen what is written, whatever goes and comes back', () => {
    const { doc, change, read } = newBoard();
    const undo = new Y.UndoManager(['cards', 'columns', 'labels'].map((name) => doc.getMap(name)));
    const [shown, show] = createStore<Board>(read());
    const look = (): void => {
      undo.stopCapturing();
      show(reconcile(read(), { key: 'id', merge: true }));
      const copy = new Y.Doc();
      exchange(doc, copy);
      expect(shown).toEqual(readBoard(copy));
    };
    const card = change.addCard('c0', {
      text: 'One',
      labels: ['soon'],
      checks: [{ text: 'a', done: false }],
    });
    change.addCard('c1', { text: 'Two', labels: ['soon', 'later'] });
    look();
    const [label] = read().labels;
    const back = (act: () => void): void => {
      for (const step of [act, () => undo.undo(), () => undo.redo(), () => undo.undo()]) {
        step();
        look();
      }
    };
    back(() => change.removeLabel(label!.id));
    back(() => change.removeColumn('c0'));
    back(() => doc.getMap('columns').delete('c1'));
    back(() => change.setCheck(card, findCard(read(), card)!.checks[0]!.id, { done: true }));
    back(() => change.removeCard(card));
  });

  it('has cards in columns, in the order that they were put in', () => {
    const { doc, change, read } = newBoard();
    const [todo, done] = read().columns;
    const ids = ['one', 'two', 'three'].map((text) => change.addCard(todo!.id, { text }));
    change.moveCard(ids[2]!, { column: todo!.id, index: 0 });
    change.moveCard(ids[0]!, { column: done!.id, index: 0 });
    expect(read().columns.map((column) => [column.name, column.cards.map(({ text }) => text)])).toEqual([
      ['To do', ['three', 'two']],
      ['Done', ['one']],
    ]);
    expect(model.describe(doc)).toEqual({ excerpt: 'three · two · one' });
    expect(model.searchText(doc)).toBe('To do\nthree\ntwo\nDone\none');
    expect(model.preview?.(doc)).toContain('>three<');
    expect(model.preview?.(doc), 'as wide as its two columns').toContain('viewBox="0 0 120 120"');
  });

  it('shows what two devices did at once: text of both, labels and people of both', () => {
    const one = newBoard();
    const id = one.change.addCard('c0', { text: 'Boat', checks: [{ text: 'Oars', done: false }] });
    const two = device(2);
    exchange(one.doc, two.doc);
    one.change.setPerson(id, 'ann.test', true);
    two.change.setPerson(id, 'bob.test', true);
    one.change.setLabel(id, one.change.addLabel('Soon', 'red'), true);
    two.change.setCard(id, { due: '2026-12-24' });
    const check = two.read().columns[0]!.cards[0]!.checks[0]!;
    two.change.setCheck(id, check.id, { done: true });
    one.change.setCheck(id, check.id, { text: 'Two oars' });
    exchange(one.doc, two.doc);
    const card = findCard(one.read(), id);
    expect(card).toMatchObject({ people: ['ann.test', 'bob.test'], due: '2026-12-24' });
    expect(card?.checks).toMatchObject([{ text: 'Two oars', done: true }]);
    expect(two.read()).toEqual(one.read());
    expect(two.read().labels).toMatchObject([{ name: 'Soon', color: 'red' }]);
  });

  it('keeps a card that was moved into a column that another device removed', () => {
    const one = newBoard();
    const id = one.change.addCard('c0', { text: 'Boat' });
    const two = device(2);
    exchange(one.doc, two.doc);
    one.change.moveCard(id, { column: 'c1', index: 0 });
    two.change.removeColumn('c1');
    exchange(one.doc, two.doc);
    expect(one.read().columns.map(({ cards }) => cards.map((card) => card.id))).toEqual([[id]]);
    expect(two.read()).toEqual(one.read());
    one.change.removeColumn('c0');
    expect(cardIds(one.read())).toEqual([id]);
  });

  it('loses and doubles no card, whatever three devices move at once', async () => {
    const step = fc.record({
      device: fc.nat(2),
      card: fc.nat(5),
      column: fc.nat(2),
      index: fc.nat(6),
      act: fc.constantFrom('move', 'column', 'remove', 'exchange'),
    });
    await holds(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const devices = [newBoard(), device(2), device(3)];
        const ids = [...'abcdef'].map((text) => devices[0]!.change.addCard('c0', { text }));
        exchange(...devices.map(({ doc }) => doc));
        for (const { device: at, card, column, index, act } of steps) {
          const { doc, change, read } = devices[at]!;
          const { columns } = read();
          const there = columns[column % columns.length]!.id;
          if (act === 'move') change.moveCard(ids[card]!, { column: there, index });
          else if (act === 'column') change.moveColumn(there, index % 3);
          else if (act === 'remove') change.removeColumn(there);
          else exchange(doc, devices[(at + 1) % 3]!.doc);
        }
        exchange(...devices.map(({ doc }) => doc));
        exchange(...devices.map(({ doc }) => doc));
        expect(cardIds(devices[0]!.read()).sort()).toEqual([...ids].sort());
        for (const { read } of devices) expect(read()).toEqual(devices[0]!.read());
      }),
      { runs: 40 },
    );
  });

  it('reads what strangers write without believing it', () => {
    const { doc, read } = newBoard();
    mapOf(doc, 'cards').set('x', new Y.Map(Object.entries({ place: 7, text: 9, due: 'soon', done: 'yes' })));
    mapOf(doc, 'cards').set('y', 'no card');
    mapOf(doc, 'columns').set('z', 1);
    expect(read().columns[0]?.cards).toMatchObject([{ id: 'x', text: '', due: '', done: false, order: '' }]);
    expect(read().columns).toHaveLength(2);
  });
});

const words = fc.string({ unit: fc.constantFrom(...'ab #@[]\\"\'=-x,;.📅ä'), maxLength: 12 });
const line = words.map((text) => text.replace(/\s+/g, ' ').trim());
const title = line.filter((text) => text !== '' && !text.includes('📅'));
const card: fc.Arbitrary<NewCard> = fc.record({
  text: fc
    .tuple(title, fc.array(title, { maxLength: 2 }))
    .map(([first, rest]) => [first, ...rest].join('\n')),
  done: fc.boolean(),
  people: fc.uniqueArray(fc.constantFrom('ann.test', 'bob.test'), { maxLength: 2 }).map((all) => all.sort()),
  labels: fc.uniqueArray(fc.constantFrom('Two words', 'rot', 'ß'), { maxLength: 3 }).map((all) => all.sort()),
  checks: fc.array(fc.record({ text: title, done: fc.boolean() }), { maxLength: 2 }),
});

/** A board that holds these cards, and what is read from it again. */
function filled(cards: NewCard[]): Board {
  const { change, read } = newBoard();
  change.addAll([{ name: 'To do', cards }]);
  return read();
}

const plain = (board: Board) => {
  const names = new Map(board.labels.map(({ id, name }) => [id, name]));
  return board.columns.map(({ name, cards }) => ({
    name,
    cards: cards.map(({ text, done, due, people, labels, checks }) => ({
      ...{ text, done, due, people, labels: labels.map((id) => names.get(id)) },
      checks: checks.map((check) => ({ text: check.text, done: check.done })),
    })),
  }));
};

function readAgain(columns: ReturnType<typeof markdownToBoard>): Board {
  const { change, read } = device(5);
  change.addAll(columns);
  return read();
}

describe('files of a board', () => {
  it('comes back from Markdown as it went', async () => {
    await holds(
      fc.property(fc.array(card, { maxLength: 4 }), (cards) => {
        const board = filled(cards);
        expect(plain(readAgain(markdownToBoard(boardToMarkdown(board, 'Title'))))).toEqual(plain(board));
      }),
      { runs: 100 },
    );
  });

  it('comes back from CSV as it went', async () => {
    await holds(
      fc.property(fc.array(card, { maxLength: 4 }), (cards) => {
        const board = filled(cards);
        const there = plain(readAgain(csvToBoard(boardToCsv(board))));
        expect(there).toEqual(plain(board).filter((column) => column.cards.length > 0));
      }),
      { runs: 100 },
    );
  });

  it('is Markdown that a person would write', () => {
    const board = filled([
      {
        text: 'Buy a boat\nnot too large',
        done: true,
        due: '2026-12-24',
        people: ['ann.test'],
        labels: ['Soon', 'At sea'],
        checks: [{ text: 'Oars', done: true }],
      },
    ]);
    expect(boardToMarkdown(board, 'Spring')).toBe(
      '# Spring\n\n## To do\n\n- [x] Buy a boat @ann.test #[At sea] #Soon 📅 2026-12-24\n  not too large\n  - [x] Oars\n\n## Done\n',
    );
  });

  it('takes lists as others write them', () => {
    expect(markdownToBoard('* one\n\n## Later\r\n- [X] two\n  - [ ] half\n\t- [x] rest\n')).toMatchObject([
      { name: '', cards: [{ text: 'one', done: false }] },
      { name: 'Later', cards: [{ text: 'two', done: true, checks: [{ text: 'half' }, { text: 'rest' }] }] },
    ]);
    expect(parseCsv('a,"b\n""c"""\r\n,\r\nd')).toEqual([['a', 'b\n"c"'], ['', ''], ['d']]);
    expect(csvToBoard('Status,Card\nopen,Boat\n')).toMatchObject([{ name: '', cards: [{ text: 'Boat' }] }]);
  });

  it('writes nothing that a spreadsheet runs', () => {
    expect(boardToCsv(filled([{ text: '=1+1' }]))).toContain(",'=1+1,");
  });
});
