import type { Page } from '@playwright/test';
import * as Y from 'yjs';
import { editor } from './people.ts';

export const id = 'QuilloDocumentOfANeighb0';

export type Delta = { insert?: unknown; attributes?: Record<string, unknown> }[];

/** What a stock node's editor writes: formats, a table, a picture of its own, and things nobody here knows. */
export const written: Delta = [
  { insert: 'Harbour days' },
  { insert: '\n', attributes: { header: 1, bid: 'k3j9x0aa' } },
  { insert: 'Plain, ' },
  { insert: 'bold', attributes: { bold: true } },
  { insert: ', ' },
  { insert: 'red', attributes: { color: 'var(--palette-red)', size: '16pt' } },
  { insert: ' and ' },
  { insert: 'glowing', attributes: { glow: { level: 3 }, font: 'roboto' } },
  { insert: ' with ' },
  { insert: { mention: { id: '@carol.example', kind: 'person' } } },
  { insert: ' and a ' },
  { insert: 'trap', attributes: { link: 'javascript:alert(1)' } },
  { insert: '.\n' },
  { insert: 'First' },
  { insert: '\n', attributes: { list: 'ordered' } },
  { insert: 'Done' },
  { insert: '\n', attributes: { list: 'checked' } },
  { insert: { 'cl-image': { fileId: 'f1~abc', alt: 'The pier', width: '400px' } } },
  { insert: 'Cell one' },
  {
    insert: '\n',
    attributes: { 'table-cell-block': 'cell-a1', 'table-cell': { 'data-row': 'row-a' } },
  },
  { insert: 'Cell two' },
  {
    insert: '\n',
    attributes: { 'table-cell-block': 'cell-a2', 'table-cell': { 'data-row': 'row-a' } },
  },
  { insert: 'The end.\n' },
];

/** Texts that no editor wrote: names of other things, values of other kinds, embeds in odd places. */
export const strangeTexts: Delta[] = [
  [{ insert: 'seen' }],
  [{ insert: 'seen\n\n\n' }],
  [{ insert: 'seen', attributes: { scroll: true, block: 'x', cursor: 1 } }, { insert: '\n' }],
  [{ insert: 'seen', attributes: { image: 'x', constructor: 1, 'ql-align': 'center' } }, { insert: '\n' }],
  [{ insert: 'seen ' }, { insert: { bold: true } }, { insert: '\n' }],
  [{ insert: 'seen ' }, { insert: { scroll: {} } }, { insert: '\n' }],
  [{ insert: 'seen ' }, { insert: { 'a name with spaces <b>': [1, { x: null }] } }, { insert: '\n' }],
  [{ insert: 'seen' }, { insert: '\n', attributes: { header: 99 } }],
  [{ insert: 'seen' }, { insert: '\n', attributes: { header: { a: 1 }, align: 'a b', direction: 7 } }],
  [{ insert: 'seen' }, { insert: '\n', attributes: { list: { deep: true }, indent: 'many' } }],
  [
    { insert: 'seen' },
    { insert: '\n', attributes: { list: 'bullet', indent: 4, header: 2, blockquote: true } },
  ],
  [
    {
      insert: 'seen',
      attributes: { color: 'url(https://x.example)', background: 5, size: 'huge', font: 'a b' },
    },
  ],
  [
    { insert: 'seen', attributes: { link: { href: 'x' }, bold: 'very', script: 'sideways' } },
    { insert: '\n' },
  ],
  [{ insert: 'seen', attributes: { link: '\u0001 JaVaScRiPt:alert(1)' } }, { insert: '\n' }],
  [{ insert: 'seen' }, { insert: { 'cl-image': { fileId: 'f1~a' } } }, { insert: 'after\n' }],
  [{ insert: { 'cl-image': null } }, { insert: 'seen\n' }],
  [{ insert: { 'cl-document': 'x' } }, { insert: { video: 'https://v.example' } }, { insert: 'seen' }],
  [{ insert: 'seen' }, { insert: { video: 3 } }],
  [{ insert: { image: { no: 'address' } } }, { insert: { formula: 'e=mc^2' } }, { insert: ' seen\n' }],
  [
    { insert: 'seen' },
    { insert: '\n', attributes: { 'code-block': { language: 'x' }, 'table-col': { width: 3 } } },
  ],
  [
    { insert: 'seen', attributes: { bold: true } },
    { insert: '\n', attributes: { 'code-block': 'plain' } },
  ],
  [{ insert: '\r\n seen \ufeff\u200b\n' }],
];

export function writeDocument(delta: Delta): Y.Doc {
  const doc = new Y.Doc();
  doc.getMap('meta').set('i', true);
  doc.getText('doc').applyDelta(delta);
  return doc;
}

export const documentUpdate = (delta: Delta) => [...Y.encodeStateAsUpdate(writeDocument(delta))];
export const asRead = (delta: Delta) => writeDocument(delta).getText('doc').toDelta() as Delta;

export function indexUpdate(type: string, ids = [id]): number[] {
  const doc = new Y.Doc();
  const entry = { title: 'Harbour', excerpt: '', type, schema: 1, created: 1_790_000_000_000 };
  for (const one of ids)
    doc.getMap('documents').set(one, new Y.Map(Object.entries({ ...entry, edited: entry.created })));
  return [...Y.encodeStateAsUpdate(doc)];
}

/** Puts documents where the app keeps them, before it runs for the first time in this browser. */
export async function keep(page: Page, url: string, documents: Record<string, number[]>): Promise<void> {
  await page.goto(`${url}/manifest.webmanifest`);
  await page.evaluate(async (stored) => {
    for (const [name, update] of Object.entries(stored)) {
      await new Promise<void>((resolve, reject) => {
        const request = indexedDB.open(`islet-doc-${name}`);
        request.onupgradeneeded = () => {
          request.result.createObjectStore('updates', { autoIncrement: true }).add(new Uint8Array(update));
          request.result.createObjectStore('custom');
        };
        request.onerror = () => reject(request.error ?? new Error('no storage'));
        request.onsuccess = () => (request.result.close(), resolve());
      });
    }
  }, documents);
}

/** The updates of a document that this browser has stored. */
export async function storedUpdates(page: Page, of: string): Promise<Uint8Array[]> {
  const updates = await page.evaluate(
    (name) =>
      new Promise<number[][]>((resolve, reject) => {
        const request = indexedDB.open(`islet-doc-${name}`);
        request.onerror = () => reject(request.error ?? new Error('no storage'));
        request.onsuccess = () => {
          const all = request.result.transaction('updates').objectStore('updates').getAll();
          all.onerror = () => reject(all.error ?? new Error('not readable'));
          all.onsuccess = () => {
            request.result.close();
            resolve(all.result.map((row: Uint8Array) => [...row]));
          };
        };
      }),
    of,
  );
  return updates.map((update) => Uint8Array.from(update));
}

/** The document as this browser has stored it. */
export async function storedDelta(page: Page, of = id): Promise<Delta> {
  const doc = new Y.Doc();
  for (const update of await storedUpdates(page, of)) Y.applyUpdate(doc, update);
  return doc.getText('doc').toDelta() as Delta;
}

/** Tells the page of an edit, as another tab with the document does. */
export async function tellPage(page: Page, update: Uint8Array, count: number): Promise<void> {
  await page.evaluate(
    ([bytes, number, doc]) => {
      const channel = new BroadcastChannel('islet-documents');
      const common = { from: 'another-tab', doc, count: number };
      channel.postMessage({ kind: 'update', ...common, update: new Uint8Array(bytes), local: false });
      channel.close();
    },
    [[...update], count + 1, id] as const,
  );
}

/** Writes, deletes or formats somewhere; now and then with what no editor here knows. */
export function changeAtRandom(text: Y.Text, random: () => number): void {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const at = Math.floor(random() * (text.length + 1));
  const long = Math.min(text.length - at, 1 + Math.floor(random() * 8));
  const formats: Record<string, unknown> = pick([
    {},
    { bold: true },
    { list: 'bullet' },
    { header: 2 },
    { 'code-block': 'plain' },
    { glow: { level: 2 } },
    { bold: null, glow: null, list: null },
  ]);
  const action = random();
  if (action < 0.4) text.insert(at, pick(['word ', 'two\nlines', '\n', '\n\n', 'ü€']), formats);
  else if (action < 0.55) text.insertEmbed(at, pick([{ mention: 1 }, { image: 'x' }, { 'cl-image': {} }]));
  else if (action < 0.8 && long > 0) text.delete(at, long);
  else if (long > 0) text.format(at, long, formats);
}

/** The letters of all lines that the editor shows; line by line, because line ends of an editor are blocks. */
export function shownWords(page: Page): Promise<string> {
  return editor(page).evaluate((root) => {
    const lines = [...root.querySelectorAll('p, h1, h2, h3, h4, h5, h6, li, blockquote, .ql-code-block')];
    return lines
      .map((line) => {
        const copy = line.cloneNode(true) as Element;
        for (const drawn of copy.querySelectorAll('.ql-ui, .kept-embed')) drawn.remove();
        return (copy.textContent ?? '').replaceAll('\ufeff', '');
      })
      .join('\n')
      .trimEnd();
  });
}

export function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Every character of a delta, an embed as one U+FFFC. */
export const words = (delta: Delta) =>
  delta.map(({ insert }) => (typeof insert === 'string' ? insert : '\ufffc')).join('');
