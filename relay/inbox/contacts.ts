import type { Random } from '../../shared/bytes.ts';
import { type ActionPayload, baseType, isContact } from '../../shared/action/define.ts';
import { IsletError } from '../../shared/errors.ts';
import { type IdTag, parseIdTag } from '../../shared/identity/id-tag.ts';
import { profileSchema } from '../../shared/identity/key-set.ts';
import { parseJson } from '../../shared/parse.ts';
import { backoff, maxTries } from '../delivery/backoff.ts';
import { createLanes } from '../delivery/lanes.ts';
import type { Profiles } from '../identity/profiles.ts';
import type { Trust } from '../identity/trust.ts';
import type { Database } from '../store/database.ts';
import { dropHistory, findHistory, saveHistory } from '../store/histories.ts';
import { findProfile } from '../store/profiles.ts';
import { findRelation, listRelations, rowToRelation } from '../store/relations.ts';
import type { HistoryRow, RelationRow } from '../store/tables.ts';
import { type HistoryParts, pullHistory } from './history.ts';

/** Keeps up, in the background, with those whom the identity has to do with: profile, keys and devices, what they said before. */
export interface Contacts {
  /** How the identity stands to this neighbour may have changed. */
  wake(neighbour: string): void;
  /** Looks at all of them, and at the clock. */
  wakeAll(): Promise<void>;
  close(): Promise<void>;
}

export interface ContactParts extends HistoryParts {
  readonly db: Database;
  readonly idTag: IdTag;
  readonly profiles: Profiles;
  readonly trust: Trust;
  readonly random: Random;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly changed: () => void;
  readonly report: (error: unknown) => void;
}

/** A neighbour that does not know yet that it is followed is asked again so soon, four times as late each time. In milliseconds. */
const firstRefused = 1_000;
const mostRefused = 9;

export function createContacts(parts: ContactParts): Contacts {
  const { db, idTag, report } = parts;
  const lanes = createLanes(async (name) => {
    const neighbour = parseIdTag(name);
    const relation = await findRelation(db, idTag, neighbour);
    if (!relation || !isKnown(relation)) return dropHistory(db, idTag, neighbour).then(() => undefined);
    await lookAt(neighbour, parts);
    if (!isContact(rowToRelation(relation))) return dropHistory(db, idTag, neighbour).then(() => undefined);
    return catchUp(neighbour, parts);
  }, report);
  return {
    wake: lanes.wake,
    async wakeAll() {
      for (const relation of await listRelations(db, idTag))
        if (isKnown(relation)) lanes.wake(relation.neighbour);
    },
    close: lanes.close,
  };
}

/** Following and connecting change how two stand to each other. */
export function wakeContact(
  { t, iss, aud }: ActionPayload,
  tenant: IdTag,
  contacts?: Pick<Contacts, 'wake'>,
): void {
  const other = iss === tenant ? aud : iss;
  if (other !== undefined && ['FLLW', 'CONN'].includes(baseType(t))) contacts?.wake(other);
}

/** The identity has to do with this neighbour. */
export function isKnown({ following, follower, connected, blocked }: RelationRow): boolean {
  return blocked === 0 && (following === 1 || follower === 1 || connected !== 'none');
}

/** SPEC Y6, Y7. Who cannot be asked now is asked again at the next look at the clock. */
async function lookAt(neighbour: IdTag, { db, profiles, trust, changed }: ContactParts): Promise<void> {
  await profiles.poll(neighbour);
  const row = await findProfile(db, neighbour);
  if (!row?.profile || row.failing_since > 0) return;
  try {
    if (await trust.poll(neighbour, parseJson(profileSchema, row.profile))) changed();
  } catch (error) {
    if (!(error instanceof IsletError)) throw error;
  }
}

/** SPEC Y5. @returns as a step of a lane */
async function catchUp(neighbour: IdTag, parts: ContactParts): Promise<number | undefined> {
  const { db, idTag, now } = parts;
  const known = await findHistory(db, idTag, neighbour);
  const returned = (await findProfile(db, neighbour))?.returned_at ?? 0;
  if (known?.state === 'done' && returned <= known.pulled_at) return undefined;
  const start = { id_tag: idTag, neighbour, pulled_at: known?.pulled_at ?? 0 };
  const row: HistoryRow =
    known?.state === 'waiting' ? known : { ...start, state: 'waiting', tries: 0, next_at: now() };
  if (row.next_at > now()) return row.next_at - now();
  try {
    await pullHistory(neighbour, parts);
    await saveHistory(db, { ...row, state: 'done', pulled_at: now() });
    return undefined;
  } catch (error) {
    if (!(error instanceof IsletError)) throw error;
    return putOff(row, error, parts);
  }
}

async function putOff(
  row: HistoryRow,
  { code }: IsletError,
  { db, now, random }: ContactParts,
): Promise<number | undefined> {
  const isRefused = code === 'E-AUTH-NOPERM';
  const tries = row.tries + 1;
  if (tries >= (isRefused ? mostRefused : maxTries)) {
    await saveHistory(db, { ...row, state: 'done', tries, pulled_at: now() });
    return undefined;
  }
  const pause = isRefused ? firstRefused * 4 ** row.tries : backoff(tries, random);
  await saveHistory(db, { ...row, tries, next_at: now() + pause });
  return pause;
}
