import * as v from 'valibot';
import type { FolderChange } from '../../../shared/api/folders.ts';
import type { EntryChange } from '../folders/read-index.ts';

/** What the thread that reads documents is asked. `room` names one of the documents that it has open. */
export type Job =
  /** Adds stored updates; the first of several such jobs begins the document, the last tells its size. */
  | {
      readonly kind: 'load';
      readonly room: string;
      readonly updates: readonly Uint8Array[];
      readonly begins: boolean;
      readonly ends: boolean;
    }
  | { readonly kind: 'vector'; readonly room: string }
  | { readonly kind: 'difference'; readonly room: string; readonly vector: Uint8Array }
  | { readonly kind: 'apply'; readonly room: string; readonly update: Uint8Array; readonly byGuest?: boolean }
  /** Several updates of one author, as one: all of them, or none when one of them is refused. */
  | {
      readonly kind: 'applyAll';
      readonly room: string;
      readonly updates: readonly Uint8Array[];
      readonly byGuest?: boolean;
    }
  | { readonly kind: 'state'; readonly room: string }
  /** Of an index: adds stored updates, and tells the entries that are other than they were told; `whole`: all of them. */
  | {
      readonly kind: 'entries';
      readonly room: string;
      readonly updates: readonly Uint8Array[];
      readonly whole: boolean;
    }
  /** Of an index: writes into its entries. */
  | { readonly kind: 'write'; readonly room: string; readonly changes: readonly FolderChange[] }
  | { readonly kind: 'close'; readonly room: string };

const bytes = v.custom<Uint8Array>((value) => value instanceof Uint8Array);

/** `absent`: the thread does not have the document (any more). */
export const replySchema = v.variant('kind', [
  v.object({ kind: v.literal('ready') }),
  v.object({ kind: v.literal('absent') }),
  /** Bytes of the whole document; 0 while it is being loaded. */
  v.object({ kind: v.literal('loaded'), size: v.number() }),
  v.object({ kind: v.literal('bytes'), bytes }),
  /** `news`: what of the update the document did not have; absent when that is nothing. */
  v.object({ kind: v.literal('applied'), news: v.optional(bytes) }),
  v.object({ kind: v.literal('refused'), message: v.string() }),
  /** `more`: ask again, they are told in pages. */
  v.object({
    kind: v.literal('entries'),
    entries: v.custom<readonly EntryChange[]>(Array.isArray),
    more: v.boolean(),
  }),
]);

export type Reply = v.InferOutput<typeof replySchema>;
