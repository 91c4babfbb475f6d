import * as v from 'valibot';
import type * as Y from 'yjs';

/** How far something was read. Times are milliseconds since 1970, those of `receivedAt`. */
export interface Marks {
  /** 0 when nothing was. */
  read(what: string): number;
  /** Does nothing when that was read before. */
  set(what: string, at: number): void;
  /** Calls back when a mark moved, here or on another device. Returns its end. */
  watch(changed: () => void): () => void;
}

const moment = v.pipe(v.number(), v.minValue(0), v.maxValue(8.64e15));

/**
 * Read marks in the index, so that they follow the person over devices, offline too (SPEC J6). Each device has its own field: of two that
 * read at once neither takes back what the other has read.
 * @param device the last 8 characters of its did
 */
export function createMarks(index: Y.Doc, device: string): Marks {
  const marks = index.getMap<unknown>('marks');
  const own = (what: string) => `${what}:${device}`;
  const read = (what: string): number => {
    let last = 0;
    for (const [field, at] of marks.entries())
      if (field.slice(0, field.lastIndexOf(':')) === what && v.is(moment, at)) last = Math.max(last, at);
    return last;
  };
  return {
    read,
    set: (what, at) => {
      if (at > read(what)) marks.set(own(what), at);
    },
    watch: (changed) => {
      marks.observe(changed);
      return () => marks.unobserve(changed);
    },
  };
}
