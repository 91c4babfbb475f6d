import { IsletError } from '../../shared/errors.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import { findKey, type IdentityKey, type Profile, profileSchema } from '../../shared/identity/key-set.ts';
import { parseJson } from '../../shared/parse.ts';
import { envelope, routes } from '../../shared/routes.ts';
import type { Database } from '../store/database.ts';
import { findProfile, saveProfile } from '../store/profiles.ts';
import type { ProfileRow } from '../store/tables.ts';
import type { SafeFetch } from './safe-fetch.ts';

/** How long a failure is remembered, in milliseconds. */
const failures = { network: 300_000, permanent: 3_600_000 };
/** A profile is looked at so often, and while that fails; in milliseconds. */
const pauses = { usual: 86_400_000, failing: 4 * 3_600_000 };
/** Failures for so long suspend a neighbour, and end the polling; in milliseconds. */
const patience = { suspended: 86_400_000, polled: 7 * 86_400_000 };
/** Doubts about what is known make a neighbour be asked once in so many milliseconds, whoever has them. */
const shortest = 10_000;
/** Neighbours of whom something is kept in memory. */
const mostKept = 2000;
const profileLimit = 256 * 1024;

/** Profiles and keys of neighbours, from their own API hosts only. */
export interface Profiles {
  /** As known, however old; asked for when not known. @throws IsletError E-NET-FAILED, E-NET-ADDRESS, E-KEY-UNKNOWN */
  read(idTag: IdTag): Promise<Profile>;
  /** Asked for now, unless that has just been done; `anyway`: even if it has just failed. @throws as `read` */
  refresh(idTag: IdTag, anyway?: 'anyway'): Promise<Profile>;
  /** Asked for when it is older than a day (SPEC Y6). A neighbour that has not answered for a week is left alone. */
  poll(idTag: IdTag): Promise<void>;
  /** SPEC K2, Y6: of a suspended neighbour only what it says now. @throws IsletError E-KEY-UNKNOWN besides */
  key(idTag: IdTag, k: string): Promise<IdentityKey>;
}

export interface ProfileParts {
  readonly db: Database;
  readonly fetch: SafeFetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createProfiles({ db, fetch, now }: ProfileParts): Profiles {
  const flights = new Map<IdTag, Promise<Profile>>();
  const parseKept = createParse();
  /** When a neighbour was last asked for its profile because what is known did not do. */
  const doubted = new Map<IdTag, number>();

  const ask = async (idTag: IdTag, row: ProfileRow | undefined): Promise<Profile> => {
    try {
      const { profile, etag } = await download(fetch, idTag, row);
      const returned_at = row && isSuspended(row) ? now() : (row?.returned_at ?? 0);
      const answered = { etag, profile: JSON.stringify(profile), returned_at };
      await saveProfile(db, { ...settled(idTag, now()), ...answered });
      return profile;
    } catch (error) {
      if (!(error instanceof IsletError)) throw error;
      await saveProfile(db, { ...settled(idTag, now()), ...row, ...failed(error, row, now()) });
      throw error;
    }
  };

  /** One request a neighbour at a time, shared by all who wait for it. */
  const refresh: Profiles['refresh'] = async (idTag, anyway) => {
    const running = flights.get(idTag);
    if (running) return running;
    const flight = (async () => {
      const row = await findProfile(db, idTag);
      if (row && row.failed_until > now() && !anyway) throw readFailure(row);
      const isAskedEnough = now() - (doubted.get(idTag) ?? -Infinity) < shortest;
      if (row?.profile && row.failed_until === 0 && isAskedEnough)
        return parseJson(profileSchema, row.profile);
      if (doubted.size >= mostKept) doubted.clear();
      if (row?.profile) doubted.set(idTag, now());
      return ask(idTag, row);
    })().finally(() => flights.delete(idTag));
    flights.set(idTag, flight);
    return flight;
  };

  const readRow = (idTag: IdTag, row: ProfileRow | undefined): Promise<Profile> | Profile =>
    row?.profile ? parseKept(idTag, row.profile) : refresh(idTag);
  const read = async (idTag: IdTag): Promise<Profile> => readRow(idTag, await findProfile(db, idTag));

  return {
    read,
    refresh,
    async poll(idTag) {
      const row = await findProfile(db, idTag);
      if (row && !isDue(row, now())) return;
      await refresh(idTag).catch((error: unknown) => {
        if (!(error instanceof IsletError)) throw error;
      });
    },
    async key(idTag, k) {
      const seconds = Math.floor(now() / 1000);
      const row = await findProfile(db, idTag);
      const isDoubtful = row && isSuspended(row);
      if (isDoubtful) await refresh(idTag).catch(putOff);
      const { keys } = isDoubtful ? await read(idTag) : await readRow(idTag, row);
      const cached = keys.find(({ keyId, expiresAt }) => keyId === k && (expiresAt ?? seconds) >= seconds);
      return cached ?? findKey((await refresh(idTag)).keys, k, seconds);
    },
  };
}

/** Of each neighbour the text that was parsed last is not parsed again: every token of it asks for its key. */
function createParse(): (idTag: IdTag, text: string) => Profile {
  const kept = new Map<IdTag, { readonly text: string; readonly profile: Profile }>();
  return (idTag, text) => {
    const known = kept.get(idTag);
    if (known?.text === text) return known.profile;
    if (kept.size >= mostKept) kept.clear();
    const profile = parseJson(profileSchema, text);
    kept.set(idTag, { text, profile });
    return profile;
  };
}

function settled(idTag: IdTag, at: number): ProfileRow {
  const untroubled = { failed_until: 0, failure: null, failing_since: 0, returned_at: 0 };
  return { id_tag: idTag, etag: null, profile: null, fetched_at: at, ...untroubled };
}

function failed({ code, message }: IsletError, row: ProfileRow | undefined, at: number) {
  return {
    fetched_at: at,
    failed_until: at + (code === 'E-NET-FAILED' ? failures.network : failures.permanent),
    failure: JSON.stringify([code, message]),
    failing_since: row?.failing_since || at,
  };
}

/** SPEC Y6: it was known, and every try of more than a day has failed. */
export function isSuspended({ profile, failing_since, fetched_at }: ProfileRow): boolean {
  return profile !== null && failing_since > 0 && fetched_at - failing_since >= patience.suspended;
}

function isDue({ failing_since, fetched_at }: ProfileRow, now: number): boolean {
  if (failing_since === 0) return now - fetched_at >= pauses.usual;
  return now - fetched_at >= pauses.failing && now - failing_since < patience.polled;
}

/** Whatever it was that failed: another try may do. */
function putOff(error: unknown): never {
  if (!(error instanceof IsletError)) throw error;
  throw new IsletError('E-NET-FAILED', 'the neighbour has not answered for a day', error);
}

function readFailure({ failure }: ProfileRow): IsletError {
  const isNetwork = failure?.includes('E-NET-FAILED') ?? false;
  return isNetwork
    ? new IsletError('E-NET-FAILED', 'the neighbour was not reached a moment ago')
    : new IsletError('E-KEY-UNKNOWN', 'the neighbour has no profile that can be used');
}

async function download(fetch: SafeFetch, idTag: IdTag, row: ProfileRow | undefined) {
  const headers: Record<string, string> = row?.etag && row.profile ? { 'if-none-match': row.etag } : {};
  const answer = await fetch(idTag, routes.me, { headers, limit: profileLimit });
  if (answer.status === 304 && row?.profile)
    return { profile: parseJson(profileSchema, row.profile), etag: row.etag };
  if (answer.status >= 500 || answer.status === 429)
    throw new IsletError('E-NET-FAILED', `${idTag} answered ${answer.status}`);
  if (answer.status !== 200) throw new IsletError('E-KEY-UNKNOWN', `${idTag} has no profile`, answer.status);
  const { data: profile } = parseJson(
    envelope(profileSchema),
    answer.bytes.toString('utf8'),
    'E-KEY-UNKNOWN',
  );
  if (profile.idTag !== idTag)
    throw new IsletError('E-KEY-UNKNOWN', 'the profile is of somebody else', profile.idTag);
  const { etag } = answer.headers;
  return { profile, etag: typeof etag === 'string' ? etag : null };
}
