import type { Node } from 'prosemirror-model';
import {
  absolutePositionToRelativePosition,
  type initProseMirrorDoc,
  relativePositionToAbsolutePosition,
} from 'y-prosemirror';
import * as Y from 'yjs';
import { findIn } from './matches.ts';
import type { Anchor, PlacedThread } from './threads.ts';

/** A stretch of the editor's document. */
export interface Range {
  from: number;
  to: number;
}

/** The shared content as the editor shows it. */
export interface Content {
  fragment: Y.XmlFragment;
  mapping: ReturnType<typeof initProseMirrorDoc>['mapping'];
  doc: Node;
}

/** A quote shorter than this is not looked for elsewhere: it would be found by accident. */
const SHORTEST_QUOTE = 12;

/** Where words are, so that it holds while others write before, inside and behind them. */
export function createAnchor({ fragment, mapping }: Content, { from, to }: Range): Anchor {
  const start = relativePosition(from, fragment, mapping);
  return [Y.encodeRelativePosition(start), Y.encodeRelativePosition(toEnd(to, fragment, mapping))];
}

function relativePosition(
  pos: number,
  fragment: Y.XmlFragment,
  mapping: Content['mapping'],
): Y.RelativePosition {
  return absolutePositionToRelativePosition(pos, fragment, mapping) as Y.RelativePosition;
}

/** The end holds to the last character of the words, so that what is written behind them is not counted in. */
function toEnd(pos: number, fragment: Y.XmlFragment, mapping: Content['mapping']): Y.RelativePosition {
  const end = relativePosition(pos, fragment, mapping);
  const place =
    fragment.doc === null ? null : Y.createAbsolutePositionFromRelativePosition(end, fragment.doc);
  if (place === null || !(place.type instanceof Y.XmlText) || place.index === 0) return end;
  return Y.createRelativePositionFromTypeIndex(place.type, place.index, -1);
}

/** Where the words of a thread are now; undefined when they are gone. */
export function locate(content: Content, thread: Pick<PlacedThread, 'anchors' | 'quote'>): Range | undefined {
  for (const anchor of thread.anchors) {
    const range = readAnchor(content, anchor);
    if (range !== undefined) return range;
  }
  return findQuote(content.doc, thread.quote);
}

/** Where an anchor points; undefined when no words are left there, or it cannot be read. */
export function readAnchor({ fragment, mapping, doc }: Content, [from, to]: Anchor): Range | undefined {
  const start = toPosition(from, fragment, mapping);
  const end = toPosition(to, fragment, mapping);
  if (start === undefined || end === undefined || start >= end || start < 0) return undefined;
  const range = { from: start, to: Math.min(end, doc.content.size) };
  return range.from < range.to && hasWords(doc, range) ? range : undefined;
}

function toPosition(
  bytes: Uint8Array,
  fragment: Y.XmlFragment,
  mapping: Content['mapping'],
): number | undefined {
  if (fragment.doc === null) return undefined;
  try {
    const position = Y.decodeRelativePosition(bytes);
    return relativePositionToAbsolutePosition(fragment.doc, fragment, position, mapping) ?? undefined;
  } catch {
    // Others write into shared documents what they like: what points nowhere has no place.
    return undefined;
  }
}

function hasWords(doc: Node, { from, to }: Range): boolean {
  return doc.textBetween(from, to, '', '\ufffc').trim() !== '';
}

/** Words that came into another block by an edit of somebody who did not know the thread: found when there is one such place. */
function findQuote(doc: Node, quote: string): Range | undefined {
  if (quote.length < SHORTEST_QUOTE) return undefined;
  const places = findIn(doc, { query: quote, matchCase: true, wholeWord: false }, 2);
  return places.length === 1 ? places[0] : undefined;
}
