import * as v from 'valibot';
import { actionTyp, type ParsedAction, parseAction } from '../../../shared/action/action.ts';
import { type Heard, heardSchema, pinnedSchema } from '../../../shared/api/watch.ts';
import type { DeviceLog } from '../../../shared/device/device-log.ts';
import { judgeWitness } from '../../../shared/device/witness.ts';
import { IsletError } from '../../../shared/errors.ts';
import {
  findKey,
  type IdentityKey,
  importIdentityKey,
  profileSchema,
} from '../../../shared/identity/key-set.ts';
import { proxyTokenSchema, routes } from '../../../shared/routes.ts';
import { verifyCompact } from '../../../shared/token/compact.ts';
import { readVerdict } from '../actions/proof.ts';
import { createRelayApi, RelayUnreachable } from '../relay/relay-api.ts';
import type { PersonRow } from '../store/action-rows.ts';
import { raiseAlarm } from './alarms.ts';
import { type CheckParts, isBad } from './check-actions.ts';

/** A neighbour is asked again after so long, in milliseconds. */
const pause = 6 * 3_600_000;
/** So many are asked in one go. */
const atOnce = 4;

const cursorSchema = v.optional(v.object({ space: v.string(), seq: v.number(), at: v.number() }));

/** Asks a neighbour's relay as our identity; SPEC O4. Handed in, so that whoever watches does not care how. */
export type AskNeighbour = <S extends v.GenericSchema>(path: string, answer: S) => Promise<v.InferOutput<S>>;

export interface WitnessParts extends CheckParts {
  /** How to ask one neighbour. @throws RelayUnreachable, IsletError */
  readonly visit: (neighbour: string) => Promise<AskNeighbour>;
  /** Entries of the own log, as they are kept here. */
  readonly readEntries: () => Promise<readonly string[]>;
}

/** Our relay speaks for us (PROXY); the browser goes to the neighbour itself. */
export function createVisit(api: CheckParts['api']): WitnessParts['visit'] {
  return async (neighbour) => {
    const query = new URLSearchParams({ idTag: neighbour });
    const { token, apiBase } = await api.get(`${routes.proxyToken}?${query}`, proxyTokenSchema);
    return createRelayApi(apiBase, () => Promise.resolve(token)).get;
  };
}

/**
 * SPEC L13, F4: asks neighbours what they were shown of us, and compares. A relay that tells us one thing and them another cannot hide it from
 * both. Who does not answer is asked another time; what a neighbour makes up is not signed by our key, and tells nothing.
 */
export async function askNeighbours(parts: WitnessParts, log: DeviceLog): Promise<void> {
  const { db, now } = parts;
  const people = await db.people.toArray();
  let asked = 0;
  for (const person of people.filter(keepsLogs)) {
    const space = `witness:${person.idTag}`;
    const last = v.parse(cursorSchema, await db.cursors.get(space));
    if (asked >= atOnce || (last && now() - last.at < pause)) continue;
    asked += 1;
    const seq = await askOne(person.idTag, { ...parts, log, after: last?.seq ?? 0 });
    await db.cursors.put({ space, seq: seq ?? last?.seq ?? 0, at: now() });
  }
}

/** Others than Islet relays pin no device logs and remember nothing for us. */
function keepsLogs({ trust, blocked }: PersonRow): boolean {
  return trust !== undefined && trust.state !== 'none' && blocked === 0;
}

/** @returns how far it was read; undefined when it did not answer */
async function askOne(
  neighbour: string,
  parts: WitnessParts & { log: DeviceLog; after: number },
): Promise<number | undefined> {
  try {
    const ask = await parts.visit(neighbour);
    await comparePinned(ask, neighbour, parts);
    return await compareHeard(ask, neighbour, parts);
  } catch (error) {
    if (error instanceof RelayUnreachable || error instanceof IsletError) return undefined;
    throw error;
  }
}

async function comparePinned(
  ask: AskNeighbour,
  neighbour: string,
  { db, log, readEntries, now }: WitnessParts & { log: DeviceLog },
): Promise<void> {
  const told = await ask(routes.pinned, pinnedSchema);
  // It may have looked after we did; the relay itself says at the next look that ours was short.
  const { standing, head } = judgeWitness(log, await readEntries(), told);
  if (standing === 'same') return;
  const id = `shown:${neighbour}:${head}`;
  if (standing === 'other' || (await isStillLonger(db, id, log)))
    await raiseAlarm(db, { id, kind: 'shown', at: now(), neighbour });
}

/** The first time a longer log is only noted: ours may be about to grow. The second time, it was kept from us. */
async function isStillLonger(db: WitnessParts['db'], id: string, log: DeviceLog): Promise<boolean> {
  const before = await db.cursors.get(id);
  await db.cursors.put({ space: id, length: log.length });
  return before !== undefined;
}

async function compareHeard(
  ask: AskNeighbour,
  neighbour: string,
  parts: WitnessParts & { after: number },
): Promise<number> {
  const { keys } = await parts.api.get(routes.me, profileSchema);
  let after = parts.after;
  for (;;) {
    const page = await ask(`${routes.heard}?after=${after}`, heardSchema);
    for (const item of page.items) await compareOne(item, { ...parts, neighbour, keys });
    if (!page.more || page.next <= after) return page.next;
    after = page.next;
  }
}

async function compareOne(
  { actionId, token }: Heard['items'][number],
  parts: WitnessParts & { neighbour: string; keys: readonly IdentityKey[] },
): Promise<void> {
  const { db, api, idTag, now, neighbour, keys } = parts;
  const action = await readOurs(token, idTag, keys);
  if (!action || (action.type.voice === 'relay' && !action.type.raw)) return;
  const { t, c } = action.payload;
  const verdict = await readVerdict({ token, actionId, t, iss: idTag }, api, idTag);
  if (!isBad(verdict)) return;
  const said = { what: t, words: typeof c === 'string' ? c : '' };
  await raiseAlarm(db, { id: `spoken:${action.statementId}`, kind: 'spoken', at: now(), ...said, neighbour });
}

/** The action, when our identity key has signed it: nobody else can put words into our mouth. */
async function readOurs(
  token: string,
  idTag: string,
  keys: readonly IdentityKey[],
): Promise<ParsedAction | undefined> {
  try {
    const action = await parseAction(token);
    const { iss, k, iat } = action.payload;
    if (iss !== idTag) return undefined;
    await verifyCompact(action.token, actionTyp, await importIdentityKey(findKey(keys, k, iat)));
    return action;
  } catch (error) {
    if (error instanceof IsletError) return undefined;
    throw error;
  }
}
