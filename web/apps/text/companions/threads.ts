import * as v from 'valibot';
import * as Y from 'yjs';
import type { CommentMessage, CommentThread } from '../../../state/text-panels.ts';

/** Two encoded relative positions: where the words begin and end. */
export type Anchor = readonly [from: Uint8Array, to: Uint8Array];

/** A thread with where its words are, the newest anchor first. */
export interface PlacedThread extends CommentThread {
  anchors: readonly Anchor[];
}

/** So much of the words is kept with a thread. */
export const QUOTE_LENGTH = 300;
/** Longer messages are cut. */
export const TEXT_LENGTH = 10_000;
/** Earlier anchors that are kept: an undo brings back the words that they point at. */
const ANCHORS = 4;
/** No more threads are read: others write into shared documents what they like. */
const MOST_THREADS = 2_000;

const bytes = v.instance(Uint8Array);
const clipped = (length: number) =>
  v.pipe(
    v.string(),
    v.transform((text) => text.slice(0, length)),
  );
const moment = v.pipe(v.number(), v.minValue(0), v.maxValue(8.64e15));
const messageSchema = v.object({
  id: v.string(),
  by: v.fallback(clipped(255), ''),
  name: v.fallback(clipped(80), ''),
  at: v.fallback(moment, 0),
  text: clipped(TEXT_LENGTH),
});
const threadSchema = v.object({
  anchor: v.fallback(v.array(bytes), []),
  quote: v.fallback(clipped(QUOTE_LENGTH), ''),
  resolved: v.fallback(moment, 0),
  messages: v.array(v.unknown()),
});

/** The map of the threads of a document (SPEC J12). */
export function threadsOf(doc: Y.Doc): Y.Map<Y.Map<unknown>> {
  return doc.getMap<Y.Map<unknown>>('comments');
}

/** Reads the threads that have something said in them; what cannot be read is passed over. */
export function readThreads(doc: Y.Doc): PlacedThread[] {
  const threads: PlacedThread[] = [];
  for (const [id, thread] of threadsOf(doc)) {
    const read = v.safeParse(threadSchema, thread instanceof Y.Map ? thread.toJSON() : undefined);
    if (!read.success) continue;
    const { anchor, quote, resolved } = read.output;
    const messages = read.output.messages.flatMap((message): CommentMessage[] => {
      const said = v.safeParse(messageSchema, message);
      return said.success ? [said.output] : [];
    });
    if (messages.length > 0) threads.push({ id, quote, resolved, messages, anchors: toPairs(anchor) });
    if (threads.length === MOST_THREADS) break;
  }
  return threads;
}

function toPairs(anchor: readonly Uint8Array[]): Anchor[] {
  const pairs: Anchor[] = [];
  for (let at = 0; at < ANCHORS * 2; at += 2) {
    const [from, to] = [anchor[at], anchor[at + 1]];
    if (from !== undefined && to !== undefined) pairs.push([from, to]);
  }
  return pairs;
}

/** Begins a thread with its first message. */
export function addThread(
  doc: Y.Doc,
  id: string,
  { anchor, quote, message }: { anchor: Anchor; quote: string; message: CommentMessage },
): void {
  const messages = new Y.Array<unknown>();
  messages.push([message]);
  const fields: [string, unknown][] = [
    ['anchor', [...anchor]],
    ['quote', quote.slice(0, QUOTE_LENGTH)],
    ['resolved', 0],
    ['messages', messages],
  ];
  doc.transact(() => threadsOf(doc).set(id, new Y.Map(fields)));
}

function messagesOf(doc: Y.Doc, thread: string): Y.Array<unknown> | undefined {
  const messages: unknown = threadsOf(doc).get(thread)?.get('messages');
  return messages instanceof Y.Array ? messages : undefined;
}

/** Says something more; nothing happens when the thread is not there. */
export function addMessage(doc: Y.Doc, thread: string, message: CommentMessage): void {
  messagesOf(doc, thread)?.push([message]);
}

/**
 * Takes a message away. The thread stays, even with nothing left in it: an answer that somebody gives meanwhile would be
 * lost with it. Returns what brings the message back to where it was.
 */
export function removeMessage(doc: Y.Doc, thread: string, id: string): () => void {
  const messages = messagesOf(doc, thread);
  const at = messages?.toArray().findIndex((message) => v.is(v.looseObject({ id: v.literal(id) }), message));
  if (messages === undefined || at === undefined || at < 0) return () => undefined;
  const message = messages.get(at);
  messages.delete(at);
  return () => messages.insert(Math.min(at, messages.length), [message]);
}

/** Resolves a thread at a time (milliseconds), or opens it again (0). */
export function setResolved(doc: Y.Doc, thread: string, at: number): void {
  threadsOf(doc).get(thread)?.set('resolved', at);
}

/** Says where the words of a thread are now; earlier anchors stay behind it for a while. */
export function moveAnchor(doc: Y.Doc, thread: PlacedThread, anchor: Anchor): void {
  const anchors = [anchor, ...thread.anchors].slice(0, ANCHORS);
  threadsOf(doc).get(thread.id)?.set('anchor', anchors.flat());
}
