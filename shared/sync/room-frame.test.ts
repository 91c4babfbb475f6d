import fc from 'fast-check';
import * as syncProtocol from 'y-protocols/sync';
import * as encoding from 'lib0/encoding';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { holds } from '../test/seeded.ts';
import { codeOf } from '../test/vectors.ts';
import { formatRoomFrame, parseRoomFrame, type RoomFrame } from './room-frame.ts';

const bytes = (...values: number[]) => new Uint8Array(values);

describe('Z2: frames of a room', () => {
  it('Z2: are those that y-protocols writes', () => {
    const doc = new Y.Doc();
    doc.getText('text').insert(0, 'Hello');
    const stock = (write: (encoder: encoding.Encoder) => void): Uint8Array => {
      const encoder = encoding.createEncoder();
      encoding.writeVarUint(encoder, 0);
      write(encoder);
      return encoding.toUint8Array(encoder);
    };
    const [vector, update] = [Y.encodeStateVector(doc), Y.encodeStateAsUpdate(doc)];
    const frames: [RoomFrame, Uint8Array][] = [
      [{ kind: 'step1', vector }, stock((encoder) => syncProtocol.writeSyncStep1(encoder, doc))],
      [{ kind: 'step2', update }, stock((encoder) => syncProtocol.writeSyncStep2(encoder, doc))],
      [{ kind: 'update', update }, stock((encoder) => syncProtocol.writeUpdate(encoder, update))],
    ];
    for (const [frame, wire] of frames) {
      expect(formatRoomFrame(frame)).toEqual(new Uint8Array(wire));
      expect(parseRoomFrame(wire)).toEqual(frame);
    }
    expect(formatRoomFrame({ kind: 'awareness', states: bytes(0) })).toEqual(bytes(1, 1, 0));
  });

  it('Z2: come back as they went, whatever they carry', () =>
    holds(
      fc.asyncProperty(
        fc.constantFrom('step2', 'update'),
        fc.uint8Array({ maxLength: 300 }),
        async (kind, update) => {
          expect(parseRoomFrame(formatRoomFrame({ kind, update }))).toEqual({ kind, update });
          return Promise.resolve();
        },
      ),
    ));

  it('Z2: a part of a larger buffer does not show what stands beside it', () => {
    const around = bytes(0, 2, 4, 1, 2, 77, 77, 77);
    expect(() => parseRoomFrame(around.subarray(0, 5))).toThrow();
  });

  it.each([
    ['nothing', bytes()],
    ['an unknown message', bytes(4, 0)],
    ['an unknown sync message', bytes(0, 3, 0)],
    ['bytes behind the end', bytes(0, 2, 1, 7, 0)],
    ['a cut end', bytes(0, 2, 3, 7)],
    ['a length beyond counting', bytes(0, 2, 255, 255, 255, 255, 255, 255, 255, 255, 127)],
  ])('Z2: refuses %s', async (_what, wire) => {
    expect(await codeOf(() => parseRoomFrame(wire))).toBe('E-FRAME-INVALID');
  });

  it('Z2: passes over refusals and questions for states', () => {
    expect(parseRoomFrame(bytes(2, 0, 1, 65))).toBeUndefined();
    expect(parseRoomFrame(bytes(3))).toBeUndefined();
  });
});
