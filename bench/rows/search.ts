import { excerptOf } from '../../web/client/search/excerpt.ts';
import { createSearchIndex, type SearchIndex } from '../../web/client/search/search-index.ts';
import { fold, readSought } from '../../web/client/search/words.ts';
import { quantile, type Row, type Samples } from '../row.ts';

const documents = 10_000;
const wordsEach = 300;
const vocabulary = 40_000;
const rounds = 3;
/** As many as the palette shows. */
const shown = 24;

/** The same numbers in every run (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const syllables =
  'ka lo mi ter san ve ru den pol gri ash tem bor wi ne sto fel ran ou qui zel har mon bri'.split(' ');

function makeWords(random: () => number): string[] {
  const words = new Set<string>();
  while (words.size < vocabulary) {
    const length = 1 + Math.floor(random() * 4);
    words.add(Array.from({ length }, () => syllables[Math.floor(random() * syllables.length)]).join(''));
  }
  return [...words];
}

/** Few words are frequent and most are rare, as in what people write. */
function makeTexts(words: readonly string[], random: () => number): string[] {
  const pick = (): string => words[Math.floor(vocabulary ** random()) - 1] ?? '';
  return Array.from({ length: documents }, () => Array.from({ length: wordsEach }, pick).join(' '));
}

/** A word as one types it, letter by letter; two words; and one with a slip. */
function makeQueries(words: readonly string[], random: () => number): string[] {
  const pick = (): string => words[Math.floor(vocabulary ** random()) - 1] ?? '';
  return Array.from({ length: 20 }, () => {
    const [word, other] = [pick() + pick(), pick()];
    const begun = Array.from({ length: word.length }, (_, letters) => word.slice(0, letters + 1));
    const slip = other.slice(0, 2) + other.slice(3);
    return [...begun, other, `${other} ${pick()}`, slip];
  }).flat();
}

function ask(index: SearchIndex, texts: readonly string[], query: string): number {
  const began = performance.now();
  for (const { key, terms } of index.find(query, { limit: shown }))
    excerptOf(texts[Number(key)] ?? '', terms);
  return performance.now() - began;
}

/** Reads every text from its beginning to its end. */
function scan(texts: readonly string[], query: string): number {
  const began = performance.now();
  const sought = readSought(query);
  const found = texts.filter((text) => {
    const folded = fold(text);
    return sought.every((word) => folded.includes(word));
  });
  for (const text of found.slice(0, shown)) excerptOf(text, new Set(sought));
  return performance.now() - began;
}

async function measure(): Promise<Samples> {
  const random = createRandom(6);
  const words = makeWords(random);
  const texts = makeTexts(words, random);
  const queries = makeQueries(words, random);
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const began = performance.now();
  const index = createSearchIndex();
  for (const [i, text] of texts.entries()) index.put(String(i), { title: text.slice(0, 40), text, tags: '' });
  const built = performance.now() - began;
  globalThis.gc?.();
  const held = process.memoryUsage().heapUsed - before;
  process.stderr.write(
    `  built in ${(built / 1000).toFixed(1)} s, ${(held / 1e6).toFixed(0)} MB in memory for ${(texts.join('').length / 1e6).toFixed(0)} MB of texts; ${queries.length} queries\n`,
  );
  const samples = { ours: [] as number[], theirs: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    samples.ours.push(
      quantile(
        queries.map((query) => ask(index, texts, query)),
        0.95,
      ),
    );
    const some = queries.filter((_, i) => i % 20 === round);
    samples.theirs.push(
      quantile(
        some.map((query) => scan(texts, query)),
        0.95,
      ),
    );
  }
  return samples;
}

/** Looking for words among 10,000 documents while one types. */
export const search: Row = {
  name: 'search',
  what: `one query among ${documents} documents of ${wordsEach} words with ${shown} excerpts, the slowest of twenty (p95)`,
  ours: 'the index of the browser',
  theirs: 'reading all texts, which also finds nothing that is misspelt',
  unit: 'ms',
  target: { limit: 100 },
  measure,
};
