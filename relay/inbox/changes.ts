import { hashText, type Random } from '../../shared/bytes.ts';
import { IsletError } from '../../shared/errors.ts';
import { type IdTag, parseIdTag } from '../../shared/identity/id-tag.ts';
import { routes } from '../../shared/routes.ts';
import { backoff } from '../delivery/backoff.ts';
import { createLanes, type Step } from '../delivery/lanes.ts';
import type { NodeKeys } from '../identity/node-keys.ts';
import type { Profiles } from '../identity/profiles.ts';
import type { SafeFetch } from '../identity/safe-fetch.ts';
import type { Trust } from '../identity/trust.ts';
import type { Database } from '../store/database.ts';
import { findLogHead } from '../store/device-log.ts';
import { findProfile } from '../store/profiles.ts';
import { findRelation, listRelations } from '../store/relations.ts';
import { findTold, saveTold } from '../store/tellings.ts';
import { isKnown } from './contacts.ts';

/** SPEC K8: keys and devices that are others now. Contacts are told that they are, never what they are; they look themselves. */
export interface Changes {
  /** Tells contacts what they were not told yet. */
  tell(): Promise<void>;
  /** This neighbour is a contact from now on, or may be. */
  met(neighbour: string): void;
  /** A neighbour says so; anybody can say it in its name, so that it is looked at only so often. */
  hear(neighbour: IdTag): void;
  close(): Promise<void>;
}

export interface ChangeParts {
  readonly db: Database;
  readonly keys: NodeKeys;
  readonly profiles: Profiles;
  readonly trust: Trust;
  readonly fetch: SafeFetch;
  readonly random: Random;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A contact stands otherwise than before. */
  readonly changed: () => void;
  readonly report: (error: unknown) => void;
}

/** A neighbour that says so is looked at once in so long; and a profile that was just asked for is not asked for again. Milliseconds. */
const pause = 20_000;
const justAsked = 10_000;
const mostTries = 12;
const mostLooks = 4;

export function createChanges(parts: ChangeParts): Changes {
  const { db, keys, report } = parts;
  const telling = createLanes(createTelling(parts), report);
  const looking = createLanes(createLooking(parts), report);
  return {
    async tell() {
      for (const relation of await listRelations(db, keys.idTag))
        if (isKnown(relation)) telling.wake(relation.neighbour);
    },
    met: telling.wake,
    hear: looking.wake,
    close: async () => void (await Promise.all([telling.close(), looking.close()])),
  };
}

function createTelling({ db, keys, fetch, random, now }: ChangeParts): Step {
  const failures = new Map<string, { tries: number; until: number }>();
  const send = async (neighbour: IdTag): Promise<number | undefined> => {
    const failed = failures.get(neighbour);
    if (failed && failed.until > now()) return failed.until - now();
    if (await say(neighbour, { fetch, idTag: keys.idTag })) {
      failures.delete(neighbour);
      return undefined;
    }
    const tries = (failed?.tries ?? 0) + 1;
    const wait = backoff(tries, random);
    failures.set(neighbour, { tries, until: now() + wait });
    if (tries < mostTries) return wait;
    failures.delete(neighbour);
    return undefined;
  };
  return async (name) => {
    const neighbour = parseIdTag(name);
    const relation = await findRelation(db, keys.idTag, neighbour);
    if (!relation || !isKnown(relation)) return undefined;
    const state = await describeNow(db, keys);
    const told = await findTold(db, keys.idTag, neighbour);
    if (told === state) return undefined;
    // Who is new has just looked.
    const again = told === undefined ? undefined : await send(neighbour);
    if (again === undefined) await saveTold(db, keys.idTag, neighbour, state);
    return again;
  };
}

/** Which keys there are, and how the device log ends. */
async function describeNow(db: Database, keys: NodeKeys): Promise<string> {
  const listed = keys.describe().map(({ row }) => [row.key_id, row.revoked_at]);
  return hashText(JSON.stringify([listed, (await findLogHead(db, keys.idTag)) ?? null]));
}

/** @returns false when another try may do: nodes that know nothing of this refuse it for good */
async function say(neighbour: IdTag, { fetch, idTag }: { fetch: SafeFetch; idTag: IdTag }): Promise<boolean> {
  try {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ idTag });
    const { status } = await fetch(neighbour, routes.changed, {
      method: 'POST',
      headers,
      body,
      limit: 65_536,
    });
    return status < 500 && status !== 429;
  } catch (error) {
    if (error instanceof IsletError) return false;
    throw error;
  }
}

function createLooking({ db, keys, profiles, trust, now, changed }: ChangeParts): Step {
  const looks = new Map<string, { at: number; failures: number }>();
  return async (name) => {
    const neighbour = parseIdTag(name);
    const last = looks.get(neighbour);
    if (last && now() - last.at < pause) return last.at + pause - now();
    const relation = await findRelation(db, keys.idTag, neighbour);
    if (!relation || !isKnown(relation)) return undefined;
    const fetchedAt = (await findProfile(db, neighbour))?.fetched_at ?? 0;
    const since = now() - fetchedAt;
    if (since >= 0 && since < justAsked) return justAsked - since;
    try {
      if (await trust.observe(neighbour, await profiles.refresh(neighbour, 'anyway'))) changed();
      looks.set(neighbour, { at: now(), failures: 0 });
      return undefined;
    } catch (error) {
      if (!(error instanceof IsletError)) throw error;
      const failures = (last?.failures ?? 0) + 1;
      looks.set(neighbour, { at: now(), failures: failures % mostLooks });
      return failures < mostLooks ? pause : undefined;
    }
  };
}
