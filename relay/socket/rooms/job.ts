import * as v from 'valibot';

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
  | { readonly kind: 'state'; readonly room: string }
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
]);

export type Reply = v.InferOutput<typeof replySchema>;
