import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createBytes, holds } from '../../../shared/test/seeded.ts';
import { whiteboard as model } from './model.ts';
import { createChanges } from './model/change.ts';
import { drawnIn, framedOf } from './model/drawn.ts';
import { boundsOf, boxBetween, edgeOf, holdsPoint, resized, snapBox, turnAround } from './model/geometry.ts';
import { kinds, objectsOf, readObjects, readingOrder, textOf } from './model/objects.ts';
import { objectsToSvg } from './model/svg.ts';
import { fitText, wrapText } from './model/wrap-text.ts';

function device(seed: number) {
  const doc = new Y.Doc();
  doc.clientID = seed;
  return { doc, change: createChanges(doc, createBytes(seed)), read: () => readObjects(doc) };
}

function exchange(...docs: Y.Doc[]): void {
  for (const from of docs) for (const to of docs) Y.applyUpdate(to, Y.encodeStateAsUpdate(from));
}

const note = (text: string, x: number, y: number) =>
  ({ kind: 'note', color: 'yellow', text, box: { x, y, w: 100, h: 80 } }) as const;

it('J16: hundreds of objects that are copied and put behind the others keep their order, after a few readings', () => {
  const { doc, change, read } = device(1);
  const texts = Array.from({ length: 500 }, (_, at) => `${at}`);
  doc.transact(() => texts.forEach((text, at) => change.add(note(text, at, 0))));
  const objects = objectsOf(doc);
  const entries = objects.entries.bind(objects);
  let readings = 0;
  objects.entries = () => ((readings += 1), entries());
  const copies = change.copy(read().map(({ id }) => id));
  change.restack(copies, 'back');
  expect(readings).toBeLessThan(10);
  expect(read().map(({ text }) => text)).toEqual([...texts, ...texts]);
  expect(read()[0]?.id).toBe(copies[0]);
  expect(Math.max(...read().map(({ order }) => order.length))).toBeLessThan(100);
});

describe('J16: a whiteboard', () => {
  it('frames only what is drawn of all that is chosen: ten thousand frames held the page for nine seconds', () => {
    const { change, read } = device(1);
    change.add(note('here', 0, 0));
    change.add({ kind: 'line', color: 'ink', from: { x: 0, y: 0 }, to: { x: 9, y: 9 } });
    const [here, line] = read();
    const far = Array.from({ length: 5000 }, (_, at) => `far${at}`);
    expect(framedOf([here!, line!], new Set([here!.id, line!.id, ...far]))).toEqual([here, line]);
    expect(framedOf([here!, line!], new Set([line!.id]))).toEqual([]);
  });

  it('draws what is seen, of very many the largest, and counts what it leaves out', () => {
    const { change, read } = device(1);
    change.add(note('here', 0, 0));
    change.add(note('far', 5000, 0));
    const [here, far] = read();
    const seen = { x: 0, y: 0, w: 800, h: 600 };
    expect(drawnIn(read(), seen)).toEqual({ objects: [here], left: 0 });
    expect(drawnIn(read(), { ...seen, w: 0 }).objects).toEqual([]);
    const small = Array.from({ length: 5000 }, (_, at) => ({
      ...far!,
      id: `small${at}`,
      box: { x: 1, y: 1, w: 2, h: 2 },
    }));
    const { objects, left } = drawnIn([here!, ...small], seen);
    expect([objects.length, left]).toEqual([1000, 4001]);
    const [larger] = drawnIn([...small, here!], seen).objects.slice(-1);
    expect(larger).toBe(here);
    const draft = { ...small[0]!, id: 'draft', box: { x: 1, y: 1, w: 1, h: 1 } };
    expect(drawnIn([...small, draft], seen).objects).toContain(draft);
  });

  it('draws a line to the edges of what it is bound to, and leaves it there when that is gone', () => {
    const { change, read } = device(1);
    const [a, b] = [change.add(note('A', 0, 0)), change.add(note('B', 300, 0))];
    const line = change.add({
      ...{ kind: 'arrow', color: 'ink' },
      ...{ from: { x: 0, y: 0, id: a }, to: { x: 0, y: 0, id: b } },
    } as const);
    const ends = () => read().find(({ id }) => id === line)?.ends;
    expect(ends()).toEqual([
      { x: 104, y: 40 },
      { x: 296, y: 40 },
    ]);
    change.move([b], 0, 100);
    const moved = ends();
    expect(moved?.[1].y).toBeGreaterThan(40);
    change.move([line], 50, 50);
    expect(ends()).toEqual(moved);
    change.remove([b]);
    expect(ends()?.[1]).toEqual(moved?.[1]);
    expect(read()).toHaveLength(2);
  });

  it('keeps words that one writes in what another moves, and the colour that a third gives it', () => {
    const [one, two, three] = [device(1), device(2), device(3)];
    const id = one.change.add(note('Ferry', 0, 0));
    exchange(one.doc, two.doc, three.doc);
    one.change.move([id], 10, 20);
    textOf(two.doc, id)?.insert(5, ' at noon');
    three.change.setLook([id], { color: 'blue' });
    exchange(one.doc, two.doc, three.doc);
    expect(one.read()).toMatchObject([
      { text: 'Ferry at noon', color: 'blue', box: { x: 10, y: 20, w: 100, h: 80 } },
    ]);
    expect(model.searchText(one.doc)).toBe('Ferry at noon');
    expect(model.describe(one.doc)).toEqual({ excerpt: 'Ferry at noon' });
  });

  it('is one picture on all devices, whatever they do at once', async () => {
    const step = fc.record({
      device: fc.nat(2),
      object: fc.nat(8),
      kind: fc.constantFrom(...kinds),
      act: fc.constantFrom('add', 'move', 'front', 'back', 'copy', 'remove', 'exchange'),
    });
    await holds(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const devices = [device(1), device(2), device(3)];
        for (const { device: at, object, kind, act } of steps) {
          const { doc, change, read } = devices[at]!;
          const all = read();
          const id = all[object % Math.max(1, all.length)]?.id;
          if (act === 'add')
            change.add({ kind, color: 'red', box: { x: object * 9, y: at * 50, w: 40, h: 30 } });
          else if (act === 'exchange') exchange(doc, devices[(at + 1) % 3]!.doc);
          else if (id === undefined) continue;
          else if (act === 'move') change.move([id], 5, 7);
          else if (act === 'copy') change.copy([id]);
          else if (act === 'remove') change.remove([id]);
          else change.restack([id], act);
        }
        exchange(...devices.map(({ doc }) => doc));
        exchange(...devices.map(({ doc }) => doc));
        const pictures = devices.map(({ doc }) => model.preview?.(doc));
        expect(new Set(pictures).size).toBe(1);
        for (const { read } of devices) expect(read()).toEqual(devices[0]!.read());
      }),
      { runs: 40 },
    );
  });

  it('draws what strangers write without believing it', () => {
    const { doc, read } = device(1);
    const put = (id: string, fields: object) => objectsOf(doc).set(id, new Y.Map(Object.entries(fields)));
    put('a', { kind: 'rect', box: { x: Infinity, y: 0, w: -5, h: 'x' }, color: 'url(x)', order: '!!' });
    put('b', { kind: 'script' });
    put('c', { kind: 'stroke', points: [1, 'x'], size: { w: 0, h: 0 } });
    put('d', { kind: 'arrow', from: { x: 0, y: 0, id: 'd' }, to: { x: 9, y: 9, id: 'gone' } });
    objectsOf(doc).set('e', 7);
    expect(read().map(({ id }) => id)).toEqual(['a', 'c', 'd']);
    expect(read()[0]).toMatchObject({ box: { x: 0, y: 0, w: 1, h: 1 }, color: 'ink', order: '' });
    const text = new Y.Text('<script>"&\u0000');
    put('f', { kind: 'text', box: { x: 0, y: 0, w: 400, h: 20 }, text });
    const { svg } = objectsToSvg(read(), new Map());
    expect(svg).toContain('&#60;script&#62;&#34;&#38;<');
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('draws the beginning of words without end, and finds all of them', () => {
    const { doc, change } = device(1);
    const long = 'x'.repeat(2_000_000);
    for (const kind of ['note', 'text', 'ellipse'] as const) change.add({ ...note(long, 0, 0), kind });
    const preview = model.preview?.(doc) ?? '';
    expect(preview).toContain('…');
    expect(preview.length).toBeLessThan(200_000);
    expect(model.searchText(doc)).toHaveLength(3 * long.length + 2);
    expect(model.describe(doc).excerpt?.length).toBeLessThan(200);
  });

  it('puts copies beside what is copied, bound among themselves', () => {
    const { change, read } = device(1);
    const [a, b] = [change.add(note('A', 0, 0)), change.add(note('B', 300, 0))];
    const line = {
      kind: 'line',
      color: 'ink',
      from: { x: 0, y: 0, id: a },
      to: { x: 0, y: 0, id: b },
    } as const;
    const id = change.add(line);
    const copies = change.copy([a, b, id]);
    const copied = read().filter((object) => copies.includes(object.id));
    expect(copied.map(({ text, box }) => [text, box.x])).toMatchObject([
      ['A', 24],
      ['B', 324],
      ['', 128],
    ]);
    expect(copied[2]).toMatchObject({ from: { id: copies[0] }, to: { id: copies[1] } });
    change.restack([a], 'front');
    expect(read().at(-1)?.id).toBe(a);
    change.restack([a, b], 'back');
    expect(
      read()
        .slice(0, 2)
        .map((object) => object.id),
    ).toEqual([b, a]);
  });
});

describe('J16: what is turned', () => {
  const turned = { box: { x: 0, y: 0, w: 200, h: 100 }, turn: 90 };
  const near = (point: object) =>
    Object.fromEntries(Object.entries(point).map(([name, value]) => [name, Math.round(Number(value))]));

  it('is taken hold of, framed and joined where it is seen', () => {
    expect(near(boundsOf(turned))).toEqual({ x: 50, y: -50, w: 100, h: 200 });
    expect(holdsPoint(turned, { x: 100, y: 140 })).toBe(true);
    expect(holdsPoint(turned, { x: 10, y: 50 })).toBe(false);
    expect(near(edgeOf(turned, { x: 500, y: 50 }, false))).toEqual({ x: 154, y: 50 });
    expect(near(edgeOf({ ...turned, turn: 45 }, { x: 500, y: 50 }, true)).x).toBeLessThan(204);
  });

  it('grows from the corner that is held still', async () => {
    await holds(
      fc.property(fc.integer({ min: 0, max: 359 }), fc.integer({ min: 1, max: 900 }), (turn, w) => {
        const [before, next] = [
          { ...turned, turn },
          { ...turned.box, w },
        ];
        const after = resized(before, next);
        const corner = ({ x, y, ...size }: typeof next) =>
          turnAround({ x, y }, { x: x + size.w / 2, y: y + size.h / 2 }, turn);
        expect(corner(after).x).toBeCloseTo(corner(before.box).x, 6);
        expect(corner(after).y).toBeCloseTo(corner(before.box).y, 6);
        expect(after.w).toBe(w);
      }),
      { runs: 100 },
    );
  });

  it('turns together around the middle of all, and comes back', () => {
    const { change, read } = device(1);
    const [a, b] = [change.add(note('A', 0, 0)), change.add(note('B', 300, 0))];
    const free = change.add({ kind: 'line', color: 'ink', from: { x: 0, y: 40 }, to: { x: 400, y: 40 } });
    change.turn([a, b, free], 90);
    expect(read()).toMatchObject([
      { turn: 90, box: { x: 150, y: -150, w: 100, h: 80 } },
      { turn: 90, box: { x: 150, y: 150, w: 100, h: 80 } },
      { turn: 0, from: { x: 200, y: -160 }, to: { x: 200, y: 240 } },
    ]);
    change.turn([a, b, free], -90);
    expect(read()).toMatchObject([{ turn: 0, box: { x: 0, y: 0 } }, { box: { x: 300, y: 0 } }, { turn: 0 }]);
    change.setTurn(a, -30);
    change.copy([a]);
    expect(read().map(({ turn }) => turn)).toEqual([330, 0, 0, 330]);
  });

  it('is drawn turned in files and previews, and whatever strangers call an angle stands upright', () => {
    const { doc, change, read } = device(1);
    const id = change.add({ ...note('A', 0, 0), turn: 45 });
    expect(model.preview?.(doc)).toContain('<g transform="rotate(45 50 40)"><path');
    for (const turn of [NaN, Infinity, 1e308, '90', {}, null, new Y.Text('9')]) {
      objectsOf(doc).set(id, new Y.Map<unknown>([...Object.entries(note('A', 0, 0)), ['turn', turn]]));
      expect(read()[0]?.turn).toBe(0);
      expect(model.preview?.(doc)).not.toMatch(/rotate|NaN|Infinity/);
    }
  });

  it('stays turned when an older version moves it and gives it another colour', () => {
    const { doc, change, read } = device(1);
    const id = change.add({ ...note('A', 0, 0), turn: 30 });
    const fields = objectsOf(doc).get(id) as Y.Map<unknown>;
    fields.set('box', { x: 9, y: 9, w: 100, h: 80 });
    fields.set('color', 'red');
    expect(read()).toMatchObject([{ turn: 30, color: 'red', box: { x: 9, y: 9 } }]);
  });
});

describe('drawing', () => {
  it('writes every kind into a file that needs nothing else', () => {
    const { doc, change, read } = device(1);
    kinds.forEach((kind, index) =>
      change.add({
        ...{ kind, color: 'green', filled: true, text: 'Words', blob: 'b1~x' },
        ...{ box: { x: index * 120, y: 0, w: 100, h: 60 }, from: { x: 0, y: 100 }, to: { x: 50, y: 150 } },
        ...{ points: [0, 0, 0.5, 20, 10, 0.5, 40, 30, 0.5], size: { w: 100, h: 60 } },
      }),
    );
    const { svg, width, height } = objectsToSvg(read(), new Map([['b1~x', 'data:image/png;base64,AA==']]));
    expect(svg.match(/<(path|text|image) /g)).toHaveLength(11);
    expect(svg).toContain('href="data:image/png;base64,AA=="');
    expect([width, height]).toEqual([988, 198]);
    expect(model.write?.(doc, '')).toMatchObject({ ending: '.svg', mime: 'image/svg+xml' });
    expect(model.preview?.(doc)).not.toMatch(/href|<script/);
  });

  it('breaks lines between words, and long words where they end', async () => {
    expect(wrapText('one two three', 60, 10)).toEqual(['one two', 'three']);
    expect(wrapText('a\n\nb', 60, 10)).toEqual(['a', '', 'b']);
    await holds(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 60 }),
        fc.integer({ min: 5, max: 200 }),
        (text, width) => {
          const lines = wrapText(text, width, 10);
          const words = (all: string) => all.replace(/\s/g, '');
          expect(words(lines.join(''))).toBe(words(text));
          expect(fitText(text, { w: width, h: 50 }, 20).size).toBeGreaterThanOrEqual(8);
        },
      ),
    );
  });

  it('snaps to the nearest edge or middle within reach, and says where', () => {
    const box = { x: 103, y: 50, w: 40, h: 40 };
    expect(snapBox(box, [{ x: 100, y: 400, w: 200, h: 10 }], 6)).toEqual({ dx: -3, dy: 0, x: 100 });
    expect(snapBox(box, [{ x: 300, y: 400, w: 80, h: 10 }], 6)).toEqual({ dx: 0, dy: 0 });
    const square = { x: 0, y: 0, w: 92, h: 92 };
    expect(edgeOf({ box: square, turn: 0 }, { x: 46, y: 500 }, true)).toEqual({ x: 46, y: 96 });
    expect(boxBetween({ x: 5, y: 9 }, { x: 1, y: 2 })).toEqual({ x: 1, y: 2, w: 4, h: 7 });
  });

  it('reads objects in rows from the top', () => {
    const { change, read } = device(1);
    for (const [text, x, y] of [
      ['right', 300, 10],
      ['below', 0, 200],
      ['left', 10, 30],
    ] as const)
      change.add(note(text, x, y));
    expect(readingOrder(read()).map(({ text }) => text)).toEqual(['left', 'right', 'below']);
  });
});
