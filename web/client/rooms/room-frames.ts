import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

/** What travels on a stock y-websocket connection. */
export type RoomFrame =
  /** `state`: a state vector. `difference`: what it lacks. `update`: what was just written. */
  | { kind: 'state' | 'difference' | 'update'; bytes: Uint8Array }
  /** An update of y-protocols' awareness. */
  | { kind: 'awareness'; bytes: Uint8Array };

const sync = 0;
const awareness = 1;
const steps = ['state', 'difference', 'update'] as const;

export function formatRoomFrame({ kind, bytes }: RoomFrame): Uint8Array<ArrayBuffer> {
  const encoder = encoding.createEncoder();
  if (kind === 'awareness') encoding.writeVarUint(encoder, awareness);
  else {
    encoding.writeVarUint(encoder, sync);
    encoding.writeVarUint(encoder, steps.indexOf(kind));
  }
  encoding.writeVarUint8Array(encoder, bytes);
  return encoding.toUint8Array(encoder) as Uint8Array<ArrayBuffer>;
}

/** Undefined for a kind that is of no use here. @throws Error when it is cut off */
export function parseRoomFrame(frame: Uint8Array): RoomFrame | undefined {
  const decoder = decoding.createDecoder(frame);
  const type = decoding.readVarUint(decoder);
  if (type === awareness) return { kind: 'awareness', bytes: decoding.readVarUint8Array(decoder) };
  const kind = type === sync ? steps[decoding.readVarUint(decoder)] : undefined;
  return kind && { kind, bytes: decoding.readVarUint8Array(decoder) };
}
