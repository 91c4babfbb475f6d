import * as v from 'valibot';
import type * as Y from 'yjs';
import type { Description } from './describe.ts';

/** A document written out as a file. */
export interface WrittenFile {
  /** With its dot, such as `.md`. */
  ending: string;
  mime: string;
  text: string;
}

/** What a type of document is without a screen: lists, search, sharing and export know it by this. */
export interface DocumentModel {
  /** The content type under which it is shared (SPEC J14). */
  mime: string;
  /** Version of its schema that this build writes; a document of a greater one is shown, not edited. */
  schema: number;
  /** Puts into an empty document what a new one begins with; `words` are its first names, in the language of who makes it. */
  create?(doc: Y.Doc, words: readonly string[]): void;
  /** What lists show; without a title the entry keeps the one that it was given. */
  describe(doc: Y.Doc): Partial<Description>;
  /** All words that a person can read in it, for search. */
  searchText(doc: Y.Doc): string;
  /** The document as a file that other programs read. */
  write?(doc: Y.Doc, title: string): WrittenFile;
  /** A small picture of it: an SVG without scripts and addresses; empty while there is nothing to see. */
  preview?(doc: Y.Doc): string;
}

/** Whether a document was made by a later version of its type. */
export function isNewerThan(doc: Y.Doc, { schema }: Pick<DocumentModel, 'schema'>): boolean {
  const written = doc.getMap('meta').get('schema');
  return v.is(v.number(), written) && written > schema;
}

/** The first so many characters, with `…` when there were more. */
export function cutText(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, length).join('').trimEnd()}…`;
}
