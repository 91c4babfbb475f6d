import * as v from 'valibot';
import { type ActionProof, proofSchema, verifyProof } from '../../shared/action/proof.ts';
import { orderNames } from '../../shared/device/device-log.ts';
import { IsletError } from '../../shared/errors.ts';
import { type IdTag, parseIdTag } from '../../shared/identity/id-tag.ts';
import { parseJson } from '../../shared/parse.ts';
import { envelope, routes } from '../../shared/routes.ts';
import type { Devices } from '../identity/devices.ts';
import type { Profiles } from '../identity/profiles.ts';
import type { Answer, SafeFetch } from '../identity/safe-fetch.ts';
import type { Visits } from '../identity/visits.ts';
import { findAction, saveProof } from '../store/actions.ts';
import type { Database } from '../store/database.ts';
import type { ActionRow } from '../store/tables.ts';

const ownSchema = v.union([
  v.object({ signature: v.string(), delegations: v.array(v.string()) }),
  v.object({ order: v.picklist(orderNames) }),
]);
/** Proofs of these are open to who knows the id. */
const openVisibilities = ['P', 'V', 'F'];
const limit = 8 * 1024 * 1024;
/** An issuer that had no proof is not asked again for so long, in milliseconds. */
const pause = 3_600_000;

export interface ProofParts {
  readonly db: Database;
  readonly idTag: IdTag;
  readonly devices: Devices;
  readonly profiles: Profiles;
  readonly fetch: SafeFetch;
  /** For proofs of what is not for all. */
  readonly visits: Pick<Visits, 'ask'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The proof of a stored action (SPEC F1). @throws IsletError E-CORE-NOTFOUND when there is none */
export type ReadProof = (row: ActionRow) => Promise<ActionProof>;

export function createReadProof(parts: ProofParts): ReadProof {
  const { devices } = parts;
  return async (row) => {
    if (row.origin === 'received') return readForeign(row, parts);
    if (row.proof === null) throw absent();
    return { ...parseJson(ownSchema, row.proof), log: await devices.entries() };
  };
}

/** Asked for once at its issuer, checked, kept and served from then on. */
async function readForeign(row: ActionRow, parts: ProofParts): Promise<ActionProof> {
  const { db, profiles, now } = parts;
  if (row.proof !== null) return parseJson(proofSchema, row.proof);
  if (now() - row.proof_asked_at < pause) throw absent();
  const iss = parseIdTag(row.iss);
  const answer = await askIssuer(row, iss, parts);
  if (answer.status >= 500)
    throw new IsletError('E-NET-FAILED', `${iss} answered ${answer.status} for a proof`);
  try {
    if (answer.status !== 200) throw absent();
    const { data } = parseJson(envelope(proofSchema), answer.bytes.toString('utf8'));
    await verifyProof(row.token, data, (await profiles.read(iss)).keys);
    await saveProof(db, row, JSON.stringify(data), now());
    return data;
  } catch (error) {
    if (!(error instanceof IsletError)) throw error;
    await saveProof(db, row, null, now());
    throw absent();
  }
}

async function askIssuer(row: ActionRow, iss: IdTag, { fetch, visits }: ProofParts): Promise<Answer> {
  const path = `${routes.actions}/${row.action_id}/proof`;
  if (openVisibilities.includes(row.visibility)) return fetch(iss, path, { limit });
  try {
    return await visits.ask(iss, path, { limit });
  } catch (error) {
    if (error instanceof IsletError && error.code === 'E-AUTH-NOPERM') throw absent();
    throw error;
  }
}

function absent(): IsletError {
  return new IsletError('E-CORE-NOTFOUND', 'there is no proof for this action');
}

/** @throws IsletError E-CORE-NOTFOUND */
export async function readAction(db: Database, idTag: IdTag, actionId: string): Promise<ActionRow> {
  const row = await findAction(db, idTag, actionId);
  if (!row) throw new IsletError('E-CORE-NOTFOUND', 'no such action', actionId);
  return row;
}
