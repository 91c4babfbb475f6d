import * as v from 'valibot';
import type { Witnessed } from '../../shared/api/watch.ts';
import {
  continuesPinned,
  type DeviceLog,
  verifyDeviceLog,
  verifyLogCountersignature,
} from '../../shared/device/device-log.ts';
import { IsletError } from '../../shared/errors.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import type { Profile } from '../../shared/identity/key-set.ts';
import { parseJson } from '../../shared/parse.ts';
import { deviceLogSchema, envelope, routes, type trustSchema } from '../../shared/routes.ts';
import type { Database } from '../store/database.ts';
import { findPin, savePin } from '../store/pins.ts';
import type { PinRow } from '../store/tables.ts';
import type { SafeFetch } from './safe-fetch.ts';

/** A device log is looked at again after so long, in milliseconds. */
const pause = 86_400_000;
/** A longer one is not gone through. */
const mostEntries = 500;
const logLimit = 8 * 1024 * 1024;

/** What a neighbour shows of itself: its keys, and the newest entry of its device log; null when it has none. */
const shownSchema = v.object({
  keys: v.array(v.string()),
  head: v.nullable(v.string()),
  length: v.number(),
});
type Shown = v.InferOutput<typeof shownSchema>;

/** Keys and devices of neighbours since the first contact (SPEC L6, Y7). */
export interface Trust {
  /**
   * Compares what the neighbour shows now with what is pinned, and pins it when it fits.
   * @returns true when it stands otherwise than before
   * @throws IsletError E-NET-* when it cannot be asked
   */
  observe(neighbour: IdTag, profile: Profile): Promise<boolean>;
  /** The same, when that was long ago or its keys are others. @throws as `observe` */
  poll(neighbour: IdTag, profile: Profile): Promise<boolean>;
  /** What it showed last is taken for right from now on. */
  accept(neighbour: IdTag): Promise<void>;
}

export interface TrustParts {
  readonly db: Database;
  readonly idTag: IdTag;
  readonly fetch: SafeFetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createTrust({ db, idTag, fetch, now }: TrustParts): Trust {
  const observe: Trust['observe'] = async (neighbour, profile) => {
    const pin = await findPin(db, idTag, neighbour);
    const entries = await download(fetch, neighbour);
    const seen = await judge(neighbour, { pin, entries, profile, keys: keysOf(profile, now()) });
    const next = repin(pin ?? { id_tag: idTag, neighbour }, seen, now());
    await savePin(db, next);
    return !pin || stateOf(pin) !== stateOf(next);
  };
  return {
    observe,
    async poll(neighbour, profile) {
      const pin = await findPin(db, idTag, neighbour);
      const isFresh = pin && now() - pin.looked_at < pause && isListedIn(pin.keys, keysOf(profile, now()));
      return isFresh ? false : observe(neighbour, profile);
    },
    async accept(neighbour) {
      const pin = await findPin(db, idTag, neighbour);
      if (!pin?.offered) return;
      const { keys, ...log } = parseJson(shownSchema, pin.offered);
      const settled = { keys: JSON.stringify(keys), ...log, changed: 0, forked: 0, offered: null } as const;
      await savePin(db, { ...pin, ...settled, since: now() });
    },
  };
}

/** As devices are told. */
export function pinToTrust(pin: PinRow): v.InferOutput<typeof trustSchema> {
  return { state: stateOf(pin), at: pin.since };
}

/** As devices of the neighbour are told (SPEC L13). */
export function pinToWitnessed({ head, length, offered }: PinRow): Witnessed {
  const shown = offered === null ? undefined : parseJson(shownSchema, offered);
  return {
    pinned: head === null ? null : { head, length },
    ...(shown && shown.head !== null && { offered: { head: shown.head, length: shown.length } }),
  };
}

function stateOf({ changed, forked, head }: PinRow) {
  if (changed) return 'changed';
  if (forked) return 'forked';
  return head === null ? 'none' : 'pinned';
}

/** SPEC Y7: those that hold. Whoever takes a name over can list its old keys too, as retired ones. @param now milliseconds */
function keysOf({ keys }: Profile, now: number): string[] {
  return keys.filter(({ expiresAt = Infinity }) => expiresAt * 1000 >= now).map(({ publicKey }) => publicKey);
}

function isListedIn(pinned: string, keys: readonly string[]): boolean {
  return parseJson(v.array(v.string()), pinned).some((key) => keys.includes(key));
}

type Entries = v.InferOutput<typeof deviceLogSchema>['entries'];

/** Stock nodes have no device log. @throws IsletError E-NET-* */
async function download(fetch: SafeFetch, neighbour: IdTag): Promise<Entries | undefined> {
  const answer = await fetch(neighbour, routes.deviceLog, { limit: logLimit });
  if (answer.status >= 500 || answer.status === 429)
    throw new IsletError('E-NET-FAILED', `${neighbour} answered ${answer.status} for its device log`);
  if (answer.status !== 200) return undefined;
  try {
    const { entries } = parseJson(envelope(deviceLogSchema), answer.bytes.toString('utf8')).data;
    return entries.length > 0 ? entries : undefined;
  } catch (error) {
    if (error instanceof IsletError) return undefined;
    throw error;
  }
}

interface Judged extends Shown {
  readonly changed: boolean;
  readonly forked: boolean;
}

interface Found {
  readonly pin: PinRow | undefined;
  readonly entries: Entries | undefined;
  readonly profile: Profile;
  /** Those of its keys that hold now. */
  readonly keys: readonly string[];
}

/** SPEC Y7: what is shown now, and whether it goes on from what is pinned. */
async function judge(neighbour: IdTag, { pin, entries, profile, keys: shown }: Found): Promise<Judged> {
  const keys = [...shown];
  const changed = pin !== undefined && !isListedIn(pin.keys, keys);
  const none = { keys, changed, head: null, length: 0 };
  if (!entries) return { ...none, forked: pin !== undefined && pin.head !== null };
  const pinned = pin && pin.head !== null ? { head: pin.head, length: pin.length } : undefined;
  const log = await verify(neighbour, entries, { profile, from: pinned?.length ?? 0 });
  if (!log) return { ...none, forked: true };
  const forked = pinned !== undefined && !continuesPinned(log, pinned);
  return { keys, changed, forked, head: log.head, length: log.length };
}

/** Countersignatures of entries that were seen before are by keys that may be gone. */
async function verify(
  neighbour: IdTag,
  entries: Entries,
  { profile, from }: { profile: Profile; from: number },
): Promise<DeviceLog | undefined> {
  if (entries.length > mostEntries) return undefined;
  try {
    const log = await verifyDeviceLog(
      neighbour,
      entries.map(({ entry }) => entry),
    );
    for (const { entry, countersignature } of entries.slice(from))
      await verifyLogCountersignature(entry, countersignature, profile.keys);
    return log;
  } catch (error) {
    if (error instanceof IsletError) return undefined;
    throw error;
  }
}

/** What does not fit is kept apart until a person accepts it: nothing that comes later makes it right by itself. */
function repin(before: PinRow | Pick<PinRow, 'id_tag' | 'neighbour'>, seen: Judged, now: number): PinRow {
  const { keys, head, length } = seen;
  const was = 'since' in before ? before : undefined;
  const marks = {
    changed: seen.changed || was?.changed === 1 ? 1 : 0,
    forked: seen.forked || was?.forked === 1 ? 1 : 0,
  } as const;
  const isRight = marks.changed === 0 && marks.forked === 0;
  const next: PinRow = {
    ...{ id_tag: before.id_tag, neighbour: before.neighbour, looked_at: now, since: now, ...marks },
    ...(was && !isRight
      ? { keys: was.keys, head: was.head, length: was.length }
      : { keys: JSON.stringify(keys), head, length }),
    offered: isRight ? null : JSON.stringify({ keys, head, length } satisfies Shown),
  };
  return was && stateOf(was) === stateOf(next) ? { ...next, since: was.since } : next;
}
