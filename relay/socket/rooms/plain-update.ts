import * as decoding from 'lib0/decoding';
import { copyBytes } from '../../../shared/bytes.ts';

/** Updates of more bytes than this are read in the thread alone. */
export const maxPlainBytes = 4096;
/** Clocks are counted up to this: beyond 2^53 nobody could read the document any more, and stock nodes count to 2^32. */
export const mostClock = 2 ** 32;

/** Bits of the byte with which a struct begins; the lower five say what it holds. */
const bits = { content: 0b11111, parentKey: 0b100000, rightOrigin: 0b1000000, origin: 0b10000000 };
const skip = 10;
/** Types by their number: array, map, text, element, fragment, hook, text of XML; elements and hooks have a name. */
const types = { count: 7, named: [3, 5] };

/**
 * Whether the bytes are a Yjs update (v1) in the one form in which Yjs writes it, with something in it, and of no more than
 * `maxPlainBytes`. Every step takes bytes, so that the time follows the length, whatever numbers they announce. Documents within a
 * document are left to the thread. What this is true of, Yjs reads, with clocks below `mostClock` (SPEC Z4).
 */
export function isPlainUpdate(update: Uint8Array): boolean {
  if (update.length > maxPlainBytes) return false;
  try {
    // A copy in a buffer of its own: lib0 checks lengths against the buffer, not against the view.
    const decoder = decoding.createDecoder(copyBytes(update));
    const structs = readClients(decoder, readStructs);
    const deletions = readClients(decoder, readDeletions);
    return structs + deletions > 0 && !decoding.hasContent(decoder);
  } catch {
    // Cut off, or a number, text or value that is none.
    return false;
  }
}

function assertPlain(holds: boolean): void {
  if (!holds) throw new RangeError('not as Yjs writes it');
}

interface Id {
  readonly client: number;
  readonly clock: number;
}

/** Clients stand once each, the highest number first. @returns how many there are */
function readClients(
  decoder: decoding.Decoder,
  readClient: (decoder: decoding.Decoder, before: number) => number,
): number {
  const count = readNumber(decoder);
  let before = Infinity;
  for (let i = 0; i < count; i++) before = readClient(decoder, before);
  return count;
}

/** @param before the client in front of it @returns its client */
function readStructs(decoder: decoding.Decoder, before: number): number {
  const count = readNumber(decoder);
  const client = readNumber(decoder);
  assertPlain(count > 0 && client < before);
  let clock = readNumber(decoder);
  for (let i = 0; i < count; i++) clock = end(clock, readStruct(decoder, { client, clock }));
  return client;
}

function readDeletions(decoder: decoding.Decoder, before: number): number {
  const client = readNumber(decoder);
  const count = readNumber(decoder);
  assertPlain(count > 0 && client < before);
  for (let i = 0; i < count; i++) end(readNumber(decoder), readNumber(decoder));
  return client;
}

function end(clock: number, length: number): number {
  assertPlain(length > 0 && clock + length < mostClock);
  return clock + length;
}

/** @returns its length, as clocks count it */
function readStruct(decoder: decoding.Decoder, own: Id): number {
  const begin = decoding.readUint8(decoder);
  if (begin === 0 || begin === skip) return readNumber(decoder);
  const hasOrigin = (begin & bits.origin) !== 0;
  const hasRightOrigin = (begin & bits.rightOrigin) !== 0;
  if (hasOrigin) readId(decoder, own);
  if (hasRightOrigin) readId(decoder, own);
  if (!hasOrigin && !hasRightOrigin) {
    readParent(decoder, own);
    if ((begin & bits.parentKey) !== 0) decoding.readVarString(decoder);
  }
  return readContent(decoder, begin & bits.content);
}

function readParent(decoder: decoding.Decoder, own: Id): void {
  const isRoot = readNumber(decoder);
  assertPlain(isRoot <= 1);
  if (isRoot === 1) decoding.readVarString(decoder);
  else readId(decoder, own);
}

/** @returns its length, as clocks count it */
function readContent(decoder: decoding.Decoder, kind: number): number {
  switch (kind) {
    case 1: // deleted
      return readNumber(decoder);
    case 2: // values as JSON
      return readMany(decoder, () => readJson(decoder, true));
    case 3:
      decoding.readVarUint8Array(decoder);
      return 1;
    case 4:
      return decoding.readVarString(decoder).length;
    case 5: // something embedded
      readJson(decoder);
      return 1;
    case 6: // a mark
      decoding.readVarString(decoder);
      readJson(decoder);
      return 1;
    case 7:
      readType(decoder);
      return 1;
    case 8:
      return readMany(decoder, () => decoding.readAny(decoder));
    default:
      throw new RangeError('not as Yjs writes it');
  }
}

function readMany(decoder: decoding.Decoder, read: () => unknown): number {
  const count = readNumber(decoder);
  for (let i = 0; i < count; i++) read();
  return count;
}

function readType(decoder: decoding.Decoder): void {
  const type = readNumber(decoder);
  assertPlain(type < types.count);
  if (types.named.includes(type)) decoding.readVarString(decoder);
}

/** What something stands beside or in was written before it: Yjs does not look for that within one client. */
function readId(decoder: decoding.Decoder, own: Id): void {
  const client = readNumber(decoder);
  const clock = readNumber(decoder);
  assertPlain(client !== own.client || clock < own.clock);
}

function readJson(decoder: decoding.Decoder, orUndefined = false): void {
  const text = decoding.readVarString(decoder);
  if (!(orUndefined && text === 'undefined')) JSON.parse(text);
}

function readNumber(decoder: decoding.Decoder): number {
  const number = decoding.readVarUint(decoder);
  assertPlain(Number.isSafeInteger(number));
  return number;
}
