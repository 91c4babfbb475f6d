import { afterEach, expect, test, vi } from 'vitest';
import { parseMarkdown } from '../markdown/parse.ts';
import { type ReadWorker, answerRead, createReader } from './reading.ts';
import { createShelf } from './shelf.ts';

/** Answers as the worker does, in this thread; without an end for words that say so. */
function makeWorker(): ReadWorker {
  const worker: ReadWorker = {
    onmessage: null,
    onerror: null,
    postMessage(request) {
      if (request.text.includes('without end')) return;
      void answerRead(request).then((data) => worker.onmessage?.(new MessageEvent('message', { data })));
    },
    terminate: () => ends.push('ended'),
  };
  return worker;
}

const ends: string[] = [];
afterEach(() => {
  vi.useRealTimers();
  ends.length = 0;
});

function planned(path: string, text: string) {
  const shelf = createShelf([{ path, file: new Blob([text]) }], () => 'a'.repeat(24));
  return { file: shelf.documents[0]!, text, shelf };
}

test('a file is read elsewhere as it is here; what has no end is ended, and the next is read', async () => {
  vi.useFakeTimers();
  const reader = createReader(makeWorker, 1000);
  const ask = (path: string, words: string) => {
    const { file, text, shelf } = planned(path, words);
    return reader.read(file, text, shelf);
  };
  const source = '# Tides\n\n> [!note] High\n> water\n';
  const [first, endless, after] = [ask('a.md', source), ask('b.md', 'without end'), ask('c.csv', 'a,b\n1,2')];
  const refused = expect(endless).rejects.toMatchObject({ reason: 'too-long' });
  expect(await first).toMatchObject({ front: { tags: [] }, pictures: [] });
  expect((await after) satisfies object).toHaveProperty('doc');
  expect(ends).toEqual([]);
  await vi.advanceTimersByTimeAsync(1000);
  await refused;
  expect(ends).toEqual(['ended']);
  const again = await ask('d.md', '# Tides\n');
  expect('doc' in again && again.doc.eq(parseMarkdown('# Tides\n'))).toBe(true);
});

test('a page of ours with a damaged document, and one with more blocks than a document may have, are refused', async () => {
  const mark = '<script type="application/vnd.islet.document+json">';
  const reader = createReader(makeWorker, 60_000);
  const damaged = planned('a.html', `${mark}{"v":1}</script>`);
  await expect(reader.read(damaged.file, damaged.text, damaged.shelf)).rejects.toMatchObject({
    reason: 'broken',
  });
  const long = planned('b.html', '<hr>'.repeat(50_001));
  await expect(reader.read(long.file, long.text, long.shelf)).rejects.toMatchObject({ reason: 'too-long' });
});
