import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as v from 'valibot';
import { copyBytes } from '../bytes.ts';
import { IsletError } from '../errors.ts';
import type { IdTag } from '../identity/id-tag.ts';

/** Largest list of states, in bytes. */
export const maxAwarenessBytes = 64 * 1024;
const mostEntries = 200;
const deepest = 32;

/** Where somebody is in a document, under the Yjs client id of one window; null when it has gone (y-protocols awareness). */
export interface AwarenessEntry {
  readonly client: number;
  readonly clock: number;
  readonly state: AwarenessState | null;
}

export type AwarenessState = Readonly<Record<string, unknown>>;

const stateSchema = v.nullable(v.record(v.string(), v.unknown()));
const clientSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** One more can still be written: that somebody has gone is told with the next one. */
const clockSchema = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 32 - 2));

/** @throws IsletError E-FRAME-INVALID */
export function parseAwareness(bytes: Uint8Array): AwarenessEntry[] {
  if (bytes.length > maxAwarenessBytes)
    throw new IsletError('E-FRAME-INVALID', 'awareness is too large', bytes.length);
  const decoder = decoding.createDecoder(copyBytes(bytes));
  try {
    const count = decoding.readVarUint(decoder);
    if (count > mostEntries) throw new IsletError('E-FRAME-INVALID', 'awareness of too many', count);
    return Array.from({ length: count }, () => readEntry(decoder));
  } catch (error) {
    if (error instanceof IsletError) throw error;
    throw new IsletError('E-FRAME-INVALID', 'awareness is truncated or malformed');
  }
}

function readEntry(decoder: decoding.Decoder): AwarenessEntry {
  const client = v.parse(clientSchema, decoding.readVarUint(decoder));
  const clock = v.parse(clockSchema, decoding.readVarUint(decoder));
  const state: unknown = JSON.parse(decoding.readVarString(decoder));
  if (!isShallow(state, deepest)) throw new IsletError('E-FRAME-INVALID', 'awareness is nested too deep');
  return { client, clock, state: v.parse(stateSchema, state) };
}

/** What is nested too deep can be read and not be written again. */
function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => isShallow(inner, levels - 1));
}

export function formatAwareness(entries: readonly AwarenessEntry[]): Uint8Array<ArrayBuffer> {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, entries.length);
  for (const { client, clock, state } of entries) {
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, clock);
    encoding.writeVarString(encoder, JSON.stringify(state));
  }
  return copyBytes(encoding.toUint8Array(encoder));
}

/**
 * SPEC Z7: the state with the name of who sent it in `user.idTag`, and in `user.name` when `named`. A state without `user` stays as it is.
 * @returns undefined when `user` is not an object: no name can be put into it
 */
export function stampAwareness(
  entry: AwarenessEntry,
  idTag: IdTag,
  named = false,
): AwarenessEntry | undefined {
  const user = entry.state?.['user'];
  if (user === undefined) return entry;
  if (typeof user !== 'object' || user === null || Array.isArray(user)) return undefined;
  return { ...entry, state: { ...entry.state, user: { ...user, idTag, ...(named && { name: idTag }) } } };
}
