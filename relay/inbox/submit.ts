import { type ParsedAction, parseAction, supersedes } from '../../shared/action/action.ts';
import { assertMayCountersign, countersign } from '../../shared/action/countersign.ts';
import { bytesToBase64url } from '../../shared/bytes.ts';
import { parseDelegation } from '../../shared/device/delegation.ts';
import { IsletError } from '../../shared/errors.ts';
import type { Receipt } from '../../shared/routes.ts';
import type { Session } from '../identity/access.ts';
import type { Devices } from '../identity/devices.ts';
import type { Lock } from '../identity/lock.ts';
import type { NodeKeys } from '../identity/node-keys.ts';
import { findOwnByNonce } from '../store/actions.ts';
import type { Database } from '../store/database.ts';
import { listRevoked } from '../store/device-log.ts';
import { readDeviceStand } from '../store/devices.ts';
import { recordOwn, type SaidAction } from './own.ts';
import { findRival } from './record.ts';

export interface SubmitParts {
  readonly db: Database;
  readonly keys: NodeKeys;
  readonly devices: Devices;
  /** One decision at a time about an identity's actions. */
  readonly lock: Lock;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** It is stored. */
  readonly said: (said: SaidAction) => void;
  readonly changed: () => void;
}

/** Countersigns drafts of the identity's own devices: one result a draft, in order (SPEC D6). */
export type Submit = (drafts: readonly string[], session: Session) => Promise<Receipt[]>;

export function createSubmit(parts: SubmitParts): Submit {
  const { lock, changed } = parts;
  return async (drafts, session) => {
    const results: Receipt[] = [];
    for (const draft of drafts) results.push(await lock(() => submitOne(draft, session, parts)));
    if (results.some(({ status }) => status === 'accepted')) changed();
    return results;
  };
}

/** What the draft itself is to blame for becomes its result; a failure of ours fails the request. */
async function submitOne(text: string, session: Session, parts: SubmitParts): Promise<Receipt> {
  try {
    return await decide(await parseAction(text), session, parts);
  } catch (error) {
    if (!(error instanceof IsletError)) throw error;
    return { status: 'refused', code: error.code, message: error.message };
  }
}

async function decide(draft: ParsedAction, session: Session, parts: SubmitParts): Promise<Receipt> {
  const { db, keys, devices, now } = parts;
  const { chain } = session;
  const { payload } = draft;
  if (payload.iss !== keys.idTag)
    throw new IsletError('E-ACTION-ISSUER', 'the draft speaks for another identity', payload.iss);
  const known = payload._ === undefined ? undefined : await findOwnByNonce(db, keys.idTag, payload._);
  if (known) return { status: 'accepted', actionId: known.action_id, token: known.token, seq: known.seq };
  const stand = await readDeviceStand(db, keys.idTag);
  const log = await devices.log();
  if (!log) throw new IsletError('E-DELEGATION-INVALID', 'no device is enrolled here');
  await devices.assertNotSuspended(log, parseDelegation(chain[0] ?? '').sub);
  const revoked = await listRevoked(db, keys.idTag);
  const seconds = Math.floor(now() / 1000);
  const rights = { keys: keys.listUsed(now()), log, revoked, proven: devices.proven };
  const context = { ...rights, tenant: keys.idTag, chain, now: seconds };
  await assertMayCountersign(draft, context);
  const rival = await findRival(db, keys.idTag, draft);
  if (rival && supersedes({ iat: rival.iat, statementId: rival.statement_id }, upsertOf(draft)))
    return { status: 'superseded', actionId: rival.action_id };
  // A device may have been removed meanwhile: once that is known, nothing that it said is taken (SPEC G6).
  return (await store(draft, { chain, stand }, parts)) ?? decide(draft, session, parts);
}

function upsertOf({ payload, statementId }: ParsedAction) {
  return { iat: payload.iat, statementId };
}

/**
 * Token, proof, deliveries and relations: one transaction, before anything is answered (SPEC D3, D6). Undefined when the devices do not
 * stand any more as they were judged.
 */
async function store(
  action: ParsedAction,
  { chain, stand }: { chain: readonly string[]; stand: string },
  parts: SubmitParts,
): Promise<Receipt | undefined> {
  const { db, keys, now } = parts;
  const token = await countersign(action, keys.signAs(action.payload.k));
  const proof = { signature: bytesToBase64url(action.token.signature), delegations: chain };
  const said = await db.transaction().execute(async (trx) => {
    if ((await readDeviceStand(trx, keys.idTag)) !== stand) return undefined;
    return recordOwn(trx, keys.idTag, { action, token, proof }, now());
  });
  if (!said) return undefined;
  parts.said(said);
  return { status: 'accepted', actionId: said.actionId, seq: said.seq, token };
}
