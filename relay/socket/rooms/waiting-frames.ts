import { IsletError } from '../../../shared/errors.ts';
import { parseRoomFrame, type RoomFrame } from '../../../shared/sync/room-frame.ts';
import type { Edit } from './room.ts';

/** What is done at once: edits that came together, or one other frame. */
export type Portion =
  | { readonly kind: 'edits'; readonly updates: readonly Uint8Array[] }
  | { readonly kind: 'other'; readonly frame: Exclude<RoomFrame, Edit> };

/** Edits that are taken together: so many, and of so many bytes. */
const together = { edits: 500, bytes: 1024 * 1024 };
/** From here on the visitor is made to wait. */
const enough = { frames: 256, bytes: 4 * 1024 * 1024 };

/** Frames of a visitor that wait their turn: edits gather while those before them are being read. */
export interface WaitingFrames {
  /** A frame that is none waits too: what came before it counts. */
  add(bytes: Uint8Array): void;
  /** @returns undefined when nothing waits. @throws IsletError E-FRAME-INVALID: it was the turn of a frame that is none */
  next(): Portion | undefined;
  isFull(): boolean;
}

interface Waiting {
  readonly frame: RoomFrame | IsletError;
  readonly size: number;
}

export function createWaitingFrames(): WaitingFrames {
  let waiting: Waiting[] = [];
  let size = 0;
  const drop = (count: number): void => {
    size -= waiting.slice(0, count).reduce((sum, one) => sum + one.size, 0);
    waiting = waiting.slice(count);
  };
  return {
    add(bytes) {
      const frame = readFrame(bytes);
      if (!frame) return;
      waiting.push({ frame, size: bytes.length });
      size += bytes.length;
    },
    next() {
      const [first] = waiting;
      if (!first) return undefined;
      const updates = takeEdits(waiting);
      drop(Math.max(updates.length, 1));
      if (first.frame instanceof IsletError) throw first.frame;
      return isEdit(first.frame) ? { kind: 'edits', updates } : { kind: 'other', frame: first.frame };
    },
    isFull: () => waiting.length >= enough.frames || size >= enough.bytes,
  };
}

function readFrame(bytes: Uint8Array): RoomFrame | IsletError | undefined {
  try {
    return parseRoomFrame(bytes);
  } catch (error) {
    if (error instanceof IsletError) return error;
    throw error;
  }
}

function isEdit(frame: RoomFrame | IsletError): frame is Edit {
  return !(frame instanceof IsletError) && 'update' in frame;
}

/** Those at the beginning; the first one whatever its size. */
function takeEdits(waiting: readonly Waiting[]): Uint8Array[] {
  const updates: Uint8Array[] = [];
  let bytes = 0;
  for (const { frame, size } of waiting) {
    bytes += size;
    if (!isEdit(frame) || updates.length === together.edits) break;
    if (updates.length > 0 && bytes > together.bytes) break;
    updates.push(frame.update);
  }
  return updates;
}
