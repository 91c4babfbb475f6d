import MiniSearch, { type Query, type SearchOptions } from 'minisearch';
import { isPair, readSought, readWords } from './words.ts';

/** What is looked through of one thing. */
export interface IndexedTexts {
  title: string;
  text: string;
  tags: string;
}

export interface Found {
  readonly key: string;
  readonly score: number;
  /** Words of the thing that answer what was looked for, as `readWords` gives them. */
  readonly terms: ReadonlySet<string>;
}

export interface FindOptions {
  limit: number;
  /** Which keys count; all without it. */
  only?: ((key: string) => boolean) | undefined;
}

/** Words of many things, in memory. */
export interface SearchIndex {
  /** Takes the place of what the key had. */
  put(key: string, texts: IndexedTexts): void;
  remove(key: string): void;
  has(key: string): boolean;
  /** The best first. The last word may be just begun, and longer ones may be misspelt. */
  find(sought: string, options: FindOptions): Found[];
}

const fields = ['title', 'tags', 'text'] as const;
const boost = { title: 4, tags: 3, text: 1 };
/**
 * Shorter beginnings than this stand in nearly every text: only names are looked through for them. Among many things that takes a letter
 * more: three letters begin so many words that an answer took a third of a second among 10,000 documents.
 */
const shortest = (things: number): number => (things < 3000 ? 3 : 4);
/** Words that are shorter have too many neighbours to be compared loosely. */
const loose = 4;

/** @param weigh what the score of a key is multiplied by, for instance because it is new */
export function createSearchIndex(weigh: (key: string) => number = () => 1): SearchIndex {
  const index = new MiniSearch<IndexedTexts & { key: string }>({
    idField: 'key',
    fields: [...fields],
    tokenize: (text) => readWords(text).map((word) => word.text),
    processTerm: (term) => term,
  });
  const remove = (key: string): void => {
    if (index.has(key)) index.discard(key);
  };
  return {
    put(key, texts) {
      remove(key);
      index.add({ key, ...texts });
    },
    remove,
    has: (key) => index.has(key),
    find(sought, { limit, only }) {
      const words = readSought(sought);
      if (words.length === 0) return [];
      const found = index.search(toQuery(words, shortest(index.documentCount)), {
        tokenize: (word: string) => [word],
        boost,
        boostDocument: (key: string) => weigh(key),
        ...(only && { filter: ({ id }: { id: string }) => only(id) }),
      });
      return found.slice(0, limit).map(({ id, score, match }): Found => ({
        key: String(id),
        score,
        terms: new Set(Object.keys(match)),
      }));
    },
  };
}

/** Every word must be there: as it is, as a beginning, or nearly. */
function toQuery(words: readonly string[], least: number): Query {
  const isLast = (i: number): boolean => i === words.length - 1;
  return { combineWith: 'AND', queries: words.map((word, i) => toWordQuery(word, isLast(i), least)) };
}

function toWordQuery(word: string, last: boolean, least: number): Query {
  const begun = { queries: [word], prefix: true, weights: { prefix: 0.6, fuzzy: 0.3 } };
  if (isPair(word)) return last ? begun : { queries: [word] };
  const isName = word.length < least;
  const rough: SearchOptions = word.length >= loose ? { fuzzy: word.length >= 8 ? 2 : 1 } : {};
  if (isName && last)
    return { combineWith: 'OR', queries: [{ ...begun, fields: ['title', 'tags'] }, { queries: [word] }] };
  return isName ? { queries: [word] } : { ...begun, ...rough };
}
