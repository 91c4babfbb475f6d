import { delegationLifetime, lateDraftWindow } from '../../shared/device/delegation.ts';
import type { IdentityKey } from '../../shared/identity/key-set.ts';
import type { IdentityKeyRow } from '../store/tables.ts';

/** A new key is listed for so long before it signs, in milliseconds: until then everybody's copy of the old list has run out. */
export const publishedBefore = 86_400_000;
/** For so long after it an older key still countersigns drafts that name it, in seconds: a device may have been away as long. */
const retiresAfter = delegationLifetime + lateDraftWindow;
/** Profiles of neighbours have at most 64 keys. */
const mostListed = 60;

/** SPEC K5: `planned` is listed and waits, `current` signs, `older` only countersigns drafts that name it, the others are past. */
export type KeyState = 'planned' | 'current' | 'older' | 'retired' | 'revoked';

const toSeconds = (ms: number) => Math.floor(ms / 1000);

function hasEnded({ expires }: IdentityKeyRow, now: number): boolean {
  return expires !== null && expires < toSeconds(now);
}

/** The key that signs: the newest of those that are used. @param rows oldest first */
export function findCurrent(rows: readonly IdentityKeyRow[], now: number): IdentityKeyRow | undefined {
  return rows.findLast((row) => row.used_from <= now && !hasEnded(row, now));
}

/** A pure function of the rows and the clock: nothing has to be awake for a key to come and go. */
export function stateOf(row: IdentityKeyRow, rows: readonly IdentityKeyRow[], now: number): KeyState {
  if (row.revoked_at !== null) return 'revoked';
  if (hasEnded(row, now)) return 'retired';
  if (row.used_from > now) return 'planned';
  return findCurrent(rows, now) === row ? 'current' : 'older';
}

/** SPEC K6: the key that signs first; `expiresAt` rolls, at most a day ahead, and is past for what has ended. */
export function listKeys(rows: readonly IdentityKeyRow[], now: number): IdentityKey[] {
  const order: readonly KeyState[] = ['current', 'planned', 'older', 'retired', 'revoked'];
  const places = rows.map((row) => ({ row, place: order.indexOf(stateOf(row, rows, now)) })).toReversed();
  return places
    .sort((a, b) => a.place - b.place)
    .slice(0, mostListed)
    .map(({ row }) => describe(row, now));
}

/** Rounded to the hour, so that the answer and its ETag stay the same for that long. */
function describe({ key_id, public_key, expires }: IdentityKeyRow, now: number): IdentityKey {
  const hour = 3_600_000;
  const rolling = Math.floor(now / hour) * (hour / 1000) + 86_400;
  return { keyId: key_id, publicKey: public_key, expiresAt: Math.min(expires ?? rolling, rolling) };
}

/** When keys that sign now end, once another is planned for `from` (milliseconds). In seconds. */
export function planEnd(from: number): number {
  return toSeconds(from) + retiresAfter;
}

/** Two digits each of year, month and day, as neighbours name theirs; a number behind it when that is taken. */
export function nameKey(rows: readonly Pick<IdentityKeyRow, 'key_id'>[], now: number): string {
  const day = new Date(now).toISOString().slice(2, 10).replaceAll('-', '');
  const taken = new Set(rows.map(({ key_id }) => key_id));
  for (let n = 1; ; n++) {
    const name = n === 1 ? day : `${day}-${n}`;
    if (!taken.has(name)) return name;
  }
}
