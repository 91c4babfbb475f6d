import { describe, expect, test } from 'vitest';
import { formatRoomFrame } from '../../../shared/sync/room-frame.ts';
import { createWaitingFrames, type Portion } from './waiting-frames.ts';

const edit = (...bytes: number[]) => formatRoomFrame({ kind: 'update', update: new Uint8Array(bytes) });
const question = formatRoomFrame({ kind: 'step1', vector: new Uint8Array([0]) });

function add(...frames: readonly Uint8Array[]) {
  const waiting = createWaitingFrames();
  for (const frame of frames) waiting.add(frame);
  return waiting;
}

const sizes = (portion: Portion | undefined) =>
  portion?.kind === 'edits' ? portion.updates.map(({ length }) => length) : portion?.frame.kind;

describe('frames that wait their turn', () => {
  test('Z4: edits that came together are one portion, in their order; other frames keep their place', () => {
    const waiting = add(edit(1), edit(1, 2), question, edit(1, 2, 3));
    expect(sizes(waiting.next())).toEqual([1, 2]);
    expect(sizes(waiting.next())).toBe('step1');
    expect(sizes(waiting.next())).toEqual([3]);
    expect(waiting.next()).toBeUndefined();
  });

  test('Z2: a frame that is none is refused when it is its turn: what came before it counts', () => {
    const waiting = add(edit(1), new Uint8Array([0, 3, 1, 1]), edit(1, 2));
    expect(sizes(waiting.next())).toEqual([1]);
    expect(() => waiting.next()).toThrow(expect.objectContaining({ code: 'E-FRAME-INVALID' }));
    expect(sizes(waiting.next())).toEqual([2]);
  });

  test('Z2: messages that are passed over take no turn', () => {
    expect(add(new Uint8Array([3])).next()).toBeUndefined();
  });

  test('Z4: a portion has at most 1 MiB and 500 edits, or one edit of any size', () => {
    const large = formatRoomFrame({ kind: 'update', update: new Uint8Array(700_000) });
    const huge = formatRoomFrame({ kind: 'update', update: new Uint8Array(3_000_000) });
    const waiting = add(edit(1), large, large, huge, edit(1));
    expect(sizes(waiting.next())).toEqual([1, 700_000]);
    expect(sizes(waiting.next())).toEqual([700_000]);
    expect(sizes(waiting.next())).toEqual([3_000_000]);
    expect(sizes(waiting.next())).toEqual([1]);
    const many = add(...Array.from({ length: 501 }, () => edit(1)));
    expect(sizes(many.next())).toHaveLength(500);
    expect(sizes(many.next())).toHaveLength(1);
  });

  test('Z2: is full by number and by bytes, until something was taken', () => {
    const small = add(...Array.from({ length: 255 }, () => edit(1)));
    expect(small.isFull()).toBe(false);
    small.add(edit(1));
    expect(small.isFull()).toBe(true);
    small.next();
    expect(small.isFull()).toBe(false);
    const large = formatRoomFrame({ kind: 'update', update: new Uint8Array(2_200_000) });
    expect(add(large).isFull()).toBe(false);
    expect(add(large, large).isFull()).toBe(true);
  });
});
