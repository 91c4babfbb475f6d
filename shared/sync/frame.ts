import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { copyBytes } from '../bytes.ts';
import { IsletError } from '../errors.ts';
import { assertTold, type Batch, readBatch, readDocumentId, readSession, writeBatch } from './row.ts';

/** Largest frame either side accepts, in bytes (SPEC S8). */
export const maxFrameBytes = 4 * 1024 * 1024;
/** Batches are packed into frames of about this size. */
export const frameTarget = 256 * 1024;

/** SPEC S4: where a device stands in a relay's log. `seq` 0 and `chain` '' are the beginning. */
export interface Cursor {
  /** Names this log; a relay that lost its data makes a new one. */
  readonly log: string;
  readonly seq: number;
  readonly chain: string;
}

/** A batch with the place its last row has in the log. */
export interface StoredBatch {
  readonly batch: Batch;
  readonly seq: number;
  readonly chain: string;
}

/** SPEC S6. Sent by the device. */
export type DeviceFrame =
  | { readonly kind: 'hello'; readonly token: string; readonly session: string; readonly cursor: Cursor }
  | { readonly kind: 'push'; readonly batches: readonly Batch[] }
  | { readonly kind: 'awareness'; readonly doc: string; readonly states: Uint8Array };

/** SPEC S7. Sent by the relay. */
export type RelayFrame =
  /** `acked`: highest contiguous counter of this session that is durable, -1 for none; `match`: the cursor is in this log. */
  | {
      readonly kind: 'welcome';
      readonly log: string;
      readonly acked: number;
      readonly match: boolean;
      readonly time: number;
    }
  | { readonly kind: 'rows'; readonly batches: readonly StoredBatch[] }
  /** Everything up to `seq` was sent. */
  | { readonly kind: 'current'; readonly seq: number; readonly chain: string }
  /** Durable up to this counter of this session, at `time` (ms, the relay's clock). */
  | { readonly kind: 'ack'; readonly session: string; readonly acked: number; readonly time: number }
  /** Passed on before its commit (SPEC S9). */
  | { readonly kind: 'provisional'; readonly batches: readonly Batch[] }
  /** The batch that begins at `first` of that device's session is in the log. */
  | {
      readonly kind: 'committed';
      readonly device: string;
      readonly session: string;
      readonly first: number;
      readonly seq: number;
      readonly chain: string;
    }
  | { readonly kind: 'awareness'; readonly doc: string; readonly states: Uint8Array }
  /** Something else changed: `actions`, `devices`. */
  | { readonly kind: 'wake'; readonly topic: string }
  | { readonly kind: 'error'; readonly code: string; readonly message: string }
  /** `from` is there, or writes, where `about` says: `t` is of `PRES` (SPEC R10). It passes by. */
  | { readonly kind: 'presence'; readonly from: string; readonly t: string; readonly about: string };

const deviceKinds = ['hello', 'push', 'awareness'] as const;
const relayKinds = [
  'welcome',
  'rows',
  'current',
  'ack',
  'provisional',
  'committed',
  'awareness',
  'wake',
  'error',
  'presence',
] as const;

export function formatDeviceFrame(frame: DeviceFrame): Uint8Array<ArrayBuffer> {
  const encoder = encoding.createEncoder();
  encoding.writeUint8(encoder, deviceKinds.indexOf(frame.kind));
  switch (frame.kind) {
    case 'hello':
      encoding.writeVarString(encoder, frame.token);
      encoding.writeVarString(encoder, frame.session);
      writeCursor(encoder, frame.cursor);
      break;
    case 'push':
      writeList(encoder, frame.batches, writeBatch);
      break;
    case 'awareness':
      writeAwareness(encoder, frame);
      break;
  }
  return copyBytes(encoding.toUint8Array(encoder));
}

/** @throws IsletError E-FRAME-INVALID, E-ROW-INVALID */
export function parseDeviceFrame(bytes: Uint8Array): DeviceFrame {
  return parseFrame(bytes, (decoder): DeviceFrame => {
    const kind = deviceKinds[decoding.readUint8(decoder)];
    switch (kind) {
      case 'hello':
        return {
          kind,
          token: decoding.readVarString(decoder),
          session: readSession(decoder),
          cursor: readCursor(decoder),
        };
      case 'push':
        return { kind, batches: readTold(decoder) };
      case 'awareness':
        return { kind, ...readAwareness(decoder) };
      default:
        throw new IsletError('E-FRAME-INVALID', 'not a frame of this protocol');
    }
  });
}

export function formatRelayFrame(frame: RelayFrame): Uint8Array<ArrayBuffer> {
  const encoder = encoding.createEncoder();
  encoding.writeUint8(encoder, relayKinds.indexOf(frame.kind));
  switch (frame.kind) {
    case 'welcome':
      encoding.writeVarString(encoder, frame.log);
      encoding.writeVarInt(encoder, frame.acked);
      encoding.writeUint8(encoder, frame.match ? 1 : 0);
      encoding.writeVarUint(encoder, frame.time);
      break;
    case 'rows':
      writeList(encoder, frame.batches, writeStoredBatch);
      break;
    case 'current':
      encoding.writeVarUint(encoder, frame.seq);
      encoding.writeVarString(encoder, frame.chain);
      break;
    case 'ack':
      encoding.writeVarString(encoder, frame.session);
      encoding.writeVarInt(encoder, frame.acked);
      encoding.writeVarUint(encoder, frame.time);
      break;
    case 'provisional':
      writeList(encoder, frame.batches, writeBatch);
      break;
    case 'committed':
      encoding.writeVarString(encoder, frame.device);
      encoding.writeVarString(encoder, frame.session);
      encoding.writeVarUint(encoder, frame.first);
      encoding.writeVarUint(encoder, frame.seq);
      encoding.writeVarString(encoder, frame.chain);
      break;
    case 'awareness':
      writeAwareness(encoder, frame);
      break;
    case 'wake':
      encoding.writeVarString(encoder, frame.topic);
      break;
    case 'error':
      encoding.writeVarString(encoder, frame.code);
      encoding.writeVarString(encoder, frame.message);
      break;
    case 'presence':
      for (const text of [frame.from, frame.t, frame.about]) encoding.writeVarString(encoder, text);
      break;
  }
  return copyBytes(encoding.toUint8Array(encoder));
}

/** @throws IsletError E-FRAME-INVALID, E-ROW-INVALID */
export function parseRelayFrame(bytes: Uint8Array): RelayFrame {
  return parseFrame(bytes, (decoder): RelayFrame => {
    const kind = relayKinds[decoding.readUint8(decoder)];
    switch (kind) {
      case 'welcome':
        return {
          kind,
          log: decoding.readVarString(decoder),
          acked: decoding.readVarInt(decoder),
          match: decoding.readUint8(decoder) === 1,
          time: decoding.readVarUint(decoder),
        };
      case 'rows':
        return { kind, batches: readList(decoder, readStoredBatch) };
      case 'current':
        return { kind, seq: decoding.readVarUint(decoder), chain: decoding.readVarString(decoder) };
      case 'ack':
        return {
          kind,
          session: decoding.readVarString(decoder),
          acked: decoding.readVarInt(decoder),
          time: decoding.readVarUint(decoder),
        };
      case 'provisional':
        return { kind, batches: readTold(decoder) };
      case 'committed':
        return {
          kind,
          device: decoding.readVarString(decoder),
          session: decoding.readVarString(decoder),
          first: decoding.readVarUint(decoder),
          seq: decoding.readVarUint(decoder),
          chain: decoding.readVarString(decoder),
        };
      case 'awareness':
        return { kind, ...readAwareness(decoder) };
      case 'wake':
        return { kind, topic: decoding.readVarString(decoder) };
      case 'error':
        return { kind, code: decoding.readVarString(decoder), message: decoding.readVarString(decoder) };
      case 'presence':
        return { kind, ...readPresence(decoder) };
      default:
        throw new IsletError('E-FRAME-INVALID', 'not a frame of this protocol');
    }
  });
}

/** Every byte must be read: a truncated frame and one with something behind it are refused alike. */
function parseFrame<F>(bytes: Uint8Array, read: (decoder: decoding.Decoder) => F): F {
  const decoder = decoding.createDecoder(bytes);
  let frame: F;
  try {
    frame = read(decoder);
  } catch (error) {
    if (error instanceof IsletError) throw error;
    throw new IsletError('E-FRAME-INVALID', 'the frame is truncated or malformed');
  }
  if (decoding.hasContent(decoder))
    throw new IsletError('E-FRAME-INVALID', 'bytes behind the end of the frame');
  return frame;
}

function writeCursor(encoder: encoding.Encoder, { log, seq, chain }: Cursor): void {
  encoding.writeVarString(encoder, log);
  encoding.writeVarUint(encoder, seq);
  encoding.writeVarString(encoder, chain);
}

function readCursor(decoder: decoding.Decoder): Cursor {
  return {
    log: decoding.readVarString(decoder),
    seq: decoding.readVarUint(decoder),
    chain: decoding.readVarString(decoder),
  };
}

function writeAwareness(
  encoder: encoding.Encoder,
  { doc, states }: { doc: string; states: Uint8Array },
): void {
  encoding.writeVarString(encoder, doc);
  encoding.writeVarUint8Array(encoder, states);
}

function readAwareness(decoder: decoding.Decoder): { doc: string; states: Uint8Array } {
  return { doc: readDocumentId(decoder), states: copyBytes(decoding.readVarUint8Array(decoder)) };
}

function readPresence(decoder: decoding.Decoder): { from: string; t: string; about: string } {
  const [from, t, about] = [0, 1, 2].map(() => decoding.readVarString(decoder)) as [string, string, string];
  return { from, t, about };
}

function readTold(decoder: decoding.Decoder): Batch[] {
  const batches = readList(decoder, readBatch);
  assertTold(batches);
  return batches;
}

function writeStoredBatch(encoder: encoding.Encoder, { batch, seq, chain }: StoredBatch): void {
  writeBatch(encoder, batch);
  encoding.writeVarUint(encoder, seq);
  encoding.writeVarString(encoder, chain);
}

function readStoredBatch(decoder: decoding.Decoder): StoredBatch {
  return {
    batch: readBatch(decoder),
    seq: decoding.readVarUint(decoder),
    chain: decoding.readVarString(decoder),
  };
}

function writeList<T>(
  encoder: encoding.Encoder,
  list: readonly T[],
  write: (encoder: encoding.Encoder, item: T) => void,
): void {
  encoding.writeVarUint(encoder, list.length);
  for (const item of list) write(encoder, item);
}

function readList<T>(decoder: decoding.Decoder, read: (decoder: decoding.Decoder) => T): T[] {
  const length = decoding.readVarUint(decoder);
  if (length > 10_000) throw new IsletError('E-FRAME-INVALID', 'too many items in a frame', length);
  const list: T[] = [];
  for (let i = 0; i < length; i++) list.push(read(decoder));
  return list;
}
