import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { copyBytes } from '../bytes.ts';
import { IsletError } from '../errors.ts';

/** One message of the stock y-websocket framing (SPEC Z2). Updates and vectors are not looked into. */
export type RoomFrame =
  /** The state vector of who sends it: what is beyond it is asked for. */
  | { readonly kind: 'step1'; readonly vector: Uint8Array }
  /** The answer to `step1`. */
  | { readonly kind: 'step2'; readonly update: Uint8Array }
  | { readonly kind: 'update'; readonly update: Uint8Array }
  | { readonly kind: 'awareness'; readonly states: Uint8Array };

const messageSync = 0;
const messageAwareness = 1;
/** Refusals of other servers, and the question for states: stock nodes pass them over. */
const passedOver = [2, 3];
const syncKinds = ['step1', 'step2', 'update'] as const;

export function formatRoomFrame(frame: RoomFrame): Uint8Array<ArrayBuffer> {
  const encoder = encoding.createEncoder();
  if (frame.kind === 'awareness') {
    encoding.writeVarUint(encoder, messageAwareness);
    encoding.writeVarUint8Array(encoder, frame.states);
  } else {
    encoding.writeVarUint(encoder, messageSync);
    encoding.writeVarUint(encoder, syncKinds.indexOf(frame.kind));
    encoding.writeVarUint8Array(encoder, frame.kind === 'step1' ? frame.vector : frame.update);
  }
  return copyBytes(encoding.toUint8Array(encoder));
}

/**
 * SPEC Z2. @returns undefined for a message that is passed over
 * @throws IsletError E-FRAME-INVALID
 */
export function parseRoomFrame(bytes: Uint8Array): RoomFrame | undefined {
  // A copy in a buffer of its own: lib0 checks lengths against the buffer, not against the view.
  const decoder = decoding.createDecoder(copyBytes(bytes));
  let frame: RoomFrame | undefined;
  try {
    const type = decoding.readVarUint(decoder);
    if (passedOver.includes(type)) return undefined;
    frame = readMessage(decoder, type);
  } catch (error) {
    if (error instanceof IsletError) throw error;
    throw new IsletError('E-FRAME-INVALID', 'the frame is truncated or malformed');
  }
  if (decoding.hasContent(decoder))
    throw new IsletError('E-FRAME-INVALID', 'bytes behind the end of the frame');
  return frame;
}

function readMessage(decoder: decoding.Decoder, type: number): RoomFrame {
  if (type === messageAwareness) return { kind: 'awareness', states: readBytes(decoder) };
  const kind = type === messageSync ? syncKinds[decoding.readVarUint(decoder)] : undefined;
  switch (kind) {
    case 'step1':
      return { kind, vector: readBytes(decoder) };
    case 'step2':
    case 'update':
      return { kind, update: readBytes(decoder) };
    case undefined:
      throw new IsletError('E-FRAME-INVALID', 'not a message of this protocol', type);
  }
}

function readBytes(decoder: decoding.Decoder): Uint8Array {
  return copyBytes(decoding.readVarUint8Array(decoder));
}
