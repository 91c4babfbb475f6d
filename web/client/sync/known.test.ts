import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { holds } from '../../../shared/test/seeded.ts';
import {
  addRows,
  decodeKnown,
  encodeKnown,
  holdsAll,
  type Known,
  missingUpdate,
  nothingKnown,
} from './known.ts';

/** A document and the updates that made it, from a list of edits: insert at a place, or delete there. */
function play(edits: readonly { at: number; insert: boolean }[], doc = new Y.Doc()): Uint8Array[] {
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  const text = doc.getText('t');
  for (const { at, insert } of edits) {
    const place = text.length === 0 ? 0 : at % text.length;
    if (insert || text.length === 0) text.insert(place, 'ab');
    else text.delete(place, 1);
  }
  return updates;
}

const edits = fc.array(fc.record({ at: fc.nat(1000), insert: fc.boolean() }), {
  minLength: 1,
  maxLength: 40,
});
const throughStorage = (known: Known): Known => decodeKnown(encodeKnown(known));

describe('what the relay is known to hold', () => {
  it('S11: holds everything after all rows, and not after all but one', async () => {
    await holds(
      fc.property(edits, (list) => {
        const doc = new Y.Doc();
        const updates = play(list, doc);
        expect(holdsAll(throughStorage(addRows(nothingKnown, updates)), doc)).toBe(true);
        expect(holdsAll(throughStorage(addRows(nothingKnown, updates.slice(0, -1))), doc)).toBe(false);
      }),
    );
  });

  it('S11: what is missing brings a relay that has the other rows to the same state', async () => {
    await holds(
      fc.property(edits, fc.nat(40), (list, cut) => {
        const doc = new Y.Doc();
        const updates = play(list, doc);
        const there = updates.slice(0, cut);
        const relay = new Y.Doc();
        for (const update of there) Y.applyUpdate(relay, update);
        const known = throughStorage(addRows(nothingKnown, there));
        Y.applyUpdate(relay, missingUpdate(known, doc));
        expect(relay.getText('t').toString()).toBe(doc.getText('t').toString());
      }),
    );
  });

  it('a row behind a gap does not claim what lies in between', () => {
    const doc = new Y.Doc();
    const [first, , third] = play(
      [1, 2, 3].map((at) => ({ at, insert: true })),
      doc,
    );
    const known = addRows(nothingKnown, [first!, third!]);
    expect(holdsAll(known, doc)).toBe(false);
    const relay = new Y.Doc();
    Y.applyUpdate(relay, first!);
    Y.applyUpdate(relay, missingUpdate(known, doc));
    expect(relay.getText('t').toString()).toBe(doc.getText('t').toString());
  });

  it('a gap inside one merged row is not claimed either', () => {
    const doc = new Y.Doc();
    const [first, , third] = play(
      [1, 2, 3].map((at) => ({ at, insert: true })),
      doc,
    );
    const known = addRows(nothingKnown, [Y.mergeUpdates([first!, third!])]);
    expect(holdsAll(known, doc)).toBe(false);
    const relay = new Y.Doc();
    Y.applyUpdate(relay, first!);
    Y.applyUpdate(relay, missingUpdate(known, doc));
    expect(relay.getText('t').toString()).toBe(doc.getText('t').toString());
  });

  it('a deletion alone is noticed', () => {
    const doc = new Y.Doc();
    const before = play([{ at: 0, insert: true }], doc);
    const known = addRows(nothingKnown, before);
    doc.getText('t').delete(0, 1);
    expect(holdsAll(known, doc)).toBe(false);
  });

  it('words that the relay has are not sent again', () => {
    const doc = new Y.Doc();
    doc.getText('t').insert(0, 'what the relay has already');
    const known = addRows(nothingKnown, [Y.encodeStateAsUpdate(doc)]);
    doc.getText('t').insert(0, 'new');
    const text = new TextDecoder().decode(missingUpdate(known, doc));
    expect(text).toContain('new');
    expect(text).not.toContain('already');
  });
});
