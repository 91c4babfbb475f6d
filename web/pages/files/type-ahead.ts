import { type FileItem, fileItem } from '../../state/files.ts';
import { shownTitle } from './words.ts';

/** Letters that come in this time belong to one word, in milliseconds. */
const together = 900;

/** Typing the beginning of a name leads to it. */
export interface TypeAhead {
  /** The entry that a key leads to; undefined for a key that is no letter, or fits nothing. */
  lead(event: KeyboardEvent, ids: readonly string[], active: string | undefined): string | undefined;
}

export function createTypeAhead(): TypeAhead {
  let typed = '';
  let last = 0;
  return {
    lead(event, ids, active) {
      if (event.ctrlKey || event.metaKey || event.altKey || !/^[^\s?]$/u.test(event.key)) return undefined;
      typed = event.timeStamp - last > together ? event.key : typed + event.key;
      last = event.timeStamp;
      const wanted = fold(typed);
      // The same letter again goes on to the next that begins with it.
      const same = [...wanted].every((letter) => letter === wanted[0]);
      const at = ids.indexOf(active ?? '');
      const from = same || typed.length === 1 ? at + 1 : Math.max(0, at);
      const order = [...ids.slice(from), ...ids.slice(0, from)];
      const begins = (words: string) => order.find((id) => beginsWith(fileItem(id), words));
      return begins(wanted) ?? (same ? begins(wanted.charAt(0)) : undefined);
    },
  };
}

function beginsWith(item: FileItem | undefined, words: string): boolean {
  return item !== undefined && fold(shownTitle(item)).startsWith(words);
}

function fold(text: string): string {
  return text.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '');
}
