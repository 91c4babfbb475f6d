import * as v from 'valibot';
import { currentSpace, isSpaceId, type SpaceId } from './spaces.ts';

/** What is known of a space without opening it. Kept in `localStorage`, where the first script of a page finds it. */
export interface Space {
  readonly id: SpaceId;
  /** As the person calls it here; empty when they do not. */
  readonly name: string;
  /** Degrees on the colour wheel; undefined for the one that follows from the name. */
  readonly hue?: number | undefined;
  /** The identity that it belongs to, when it was looked at last. */
  readonly idTag?: string | undefined;
  /** How much was new in it. */
  readonly unread: number;
  /** Milliseconds since 1970; the first space comes first. */
  readonly added: number;
}

/** `localStorage`, or what takes its place in a test. */
export type SpaceStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/** Also read by `public/theme.js`. The last one that was used, and in front of each entry. */
export const lastKey = 'islet:space';
const entryPrefix = 'islet:space:';
const gonePrefix = 'islet:gone:';

const entrySchema = v.object({
  name: v.fallback(v.string(), ''),
  hue: v.fallback(v.optional(v.number()), undefined),
  idTag: v.fallback(v.optional(v.string()), undefined),
  unread: v.fallback(v.number(), 0),
  added: v.fallback(v.number(), 0),
});

/** An entry that another build wrote is still a space: only its name is the poorer. */
function parseEntry(id: SpaceId, text: string): Space {
  const read = (): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      return {};
    }
  };
  const parsed = v.safeParse(entrySchema, read());
  return { id, ...(parsed.success ? parsed.output : { name: '', unread: 0, added: 0 }) };
}

function keysOf(storage: SpaceStorage, prefix: string): SpaceId[] {
  const keys = Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? '');
  return keys.flatMap((key) => (key.startsWith(prefix) ? key.slice(prefix.length) : [])).filter(isSpaceId);
}

/** The spaces of this browser, oldest first. While there is only one nothing is kept about it. */
export function listSpaces(storage: SpaceStorage, current = currentSpace): Space[] {
  const listed = keysOf(storage, entryPrefix).map((id) =>
    parseEntry(id, storage.getItem(entryPrefix + id) ?? ''),
  );
  if (!listed.some(({ id }) => id === current)) listed.push(parseEntry(current, '{}'));
  return listed.sort((a, b) => a.added - b.added || (a.id < b.id ? -1 : 1));
}

/** Keeps what changed about a space. */
export function writeSpace(storage: SpaceStorage, id: SpaceId, changes: Partial<Omit<Space, 'id'>>): void {
  const entry = { ...parseEntry(id, storage.getItem(entryPrefix + id) ?? '{}'), ...changes };
  storage.setItem(entryPrefix + id, JSON.stringify({ ...entry, id: undefined }));
}

/** Whether a space is written down: the only one of a browser is not. */
export function isListed(storage: SpaceStorage, id: SpaceId): boolean {
  return storage.getItem(entryPrefix + id) !== null;
}

/** Writes down a new, empty space. The one that was there alone is written down with it. */
export function createSpace(
  storage: SpaceStorage,
  options: { current: SpaceId; random: (n: number) => Uint8Array; now: number },
): SpaceId {
  const { current, random, now } = options;
  if (!isListed(storage, current)) writeSpace(storage, current, {});
  const id = newSpaceId(random);
  writeSpace(storage, id, { added: now });
  return id;
}

function newSpaceId(random: (n: number) => Uint8Array): SpaceId {
  return [...random(8)].map((byte) => (byte % 36).toString(36)).join('');
}

/** The id of a space that is to be filled before it is listed. Until `forgetGone` it counts as one that is being removed. */
export function claimSpaceId(storage: SpaceStorage, random: (n: number) => Uint8Array): SpaceId {
  const id = newSpaceId(random);
  storage.setItem(gonePrefix + id, '1');
  return id;
}

/** From now on nobody opens the space; what it stored goes as soon as no page lives in it. */
export function markGone(storage: SpaceStorage, id: SpaceId): void {
  storage.setItem(gonePrefix + id, '1');
  storage.removeItem(entryPrefix + id);
}

/** Spaces that are being removed. */
export function listGone(storage: SpaceStorage): SpaceId[] {
  return keysOf(storage, gonePrefix);
}

/** Nothing of it is left. */
export function forgetGone(storage: SpaceStorage, id: SpaceId): void {
  storage.removeItem(gonePrefix + id);
}

/** Whether a key of `localStorage` is about spaces, so that it may tell of a change in another tab. */
export function isSpaceKey(key: string | null): boolean {
  return key === null || key.startsWith(entryPrefix);
}
