import { sql } from 'kysely';
import { type ParsedAction, supersedes } from '../../shared/action/action.ts';
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
import type { Database, Executor } from '../store/database.ts';
import { listRevoked } from '../store/device-log.ts';
import { readDeviceStand } from '../store/devices.ts';
import { recordOwn, type SaidAction } from './own.ts';
import { findRival } from './record.ts';
import { parseToken } from './parse.ts';

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
export type Submit = (drafts: readonly string[], session: Session) => Promise<readonly Receipt[]>;

export function createSubmit(parts: SubmitParts): Submit {
  const { lock, changed } = parts;
  return async (drafts, session) => {
    const results = await lock(() => decideAll(drafts, session, parts));
    if (results.some(({ status }) => status === 'accepted')) changed();
    return results;
  };
}

/** A draft that the identity may say, under its signature. */
interface Signed {
  readonly action: ParsedAction;
  readonly token: string;
}

interface Judged {
  /** Its `_`, when it speaks for this identity. */
  readonly nonce?: string | undefined;
  /** Or what became of it without being signed. */
  readonly result: Signed | Receipt;
}

/** They are judged and signed side by side, and stored in order. */
async function decideAll(
  drafts: readonly string[],
  session: Session,
  parts: SubmitParts,
): Promise<readonly Receipt[]> {
  let rights: ReturnType<typeof readRights> | undefined;
  const readOnce = () => (rights ??= readRights(session, parts));
  const judged = await Promise.all(drafts.map((text) => judge(text, readOnce, parts)));
  const results = judged.map(({ result }) => result);
  if (!results.some(isSigned)) return results.filter((each): each is Receipt => !isSigned(each));
  const { stand } = await readOnce();
  // A device may have been removed meanwhile: once that is known, nothing that it said is taken (SPEC G6).
  return (
    (await storeAll(judged, { chain: session.chain, stand }, parts)) ?? decideAll(drafts, session, parts)
  );
}

function isSigned(result: Signed | Receipt): result is Signed {
  return 'action' in result;
}

/** What the draft itself is to blame for becomes its result; a failure of ours fails the request. */
async function orRefused<T>(work: () => Promise<T>): Promise<T | Receipt> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof IsletError)) throw error;
    return { status: 'refused', code: error.code, message: error.message };
  }
}

/** What is the same for all drafts of a request. */
async function readRights({ chain }: Session, { db, keys, devices, now }: SubmitParts) {
  const stand = await readDeviceStand(db, keys.idTag);
  const log = await devices.log();
  if (!log) throw new IsletError('E-DELEGATION-INVALID', 'no device is enrolled here');
  await devices.assertNotSuspended(log, parseDelegation(chain[0] ?? '').sub);
  const revoked = await listRevoked(db, keys.idTag);
  const rights = { keys: keys.listUsed(now()), log, revoked, proven: devices.proven };
  return { stand, context: { ...rights, tenant: keys.idTag, chain, now: Math.floor(now() / 1000) } };
}

type Rights = () => ReturnType<typeof readRights>;

async function judge(text: string, rights: Rights, parts: SubmitParts): Promise<Judged> {
  const draft = await orRefused(() => parseDraft(text, parts));
  if ('status' in draft) return { result: draft };
  return { nonce: draft.payload._, result: await orRefused(() => sign(draft, rights, parts)) };
}

async function parseDraft(text: string, { keys }: SubmitParts): Promise<ParsedAction> {
  const draft = await parseToken(text);
  const { iss } = draft.payload;
  if (iss !== keys.idTag)
    throw new IsletError('E-ACTION-ISSUER', 'the draft speaks for another identity', iss);
  return draft;
}

async function sign(
  draft: ParsedAction,
  rights: Rights,
  { db, keys }: SubmitParts,
): Promise<Signed | Receipt> {
  const { payload } = draft;
  const known = payload._ === undefined ? undefined : await findOwnByNonce(db, keys.idTag, payload._);
  if (known) return { status: 'accepted', actionId: known.action_id, token: known.token, seq: known.seq };
  await assertMayCountersign(draft, (await rights()).context);
  return { action: draft, token: await countersign(draft, keys.signAs(payload.k)) };
}

interface Standing {
  readonly chain: readonly string[];
  readonly stand: string;
}

/**
 * Tokens, proofs, deliveries and relations: one transaction, before anything is answered (SPEC D3, D6). Undefined when the devices do not
 * stand any more as they were judged.
 */
async function storeAll(
  judged: readonly Judged[],
  { chain, stand }: Standing,
  parts: SubmitParts,
): Promise<readonly Receipt[] | undefined> {
  const { db, keys, now } = parts;
  const spoken: SaidAction[] = [];
  const receipts = await db.transaction().execute(async (trx) => {
    if ((await readDeviceStand(trx, keys.idTag)) !== stand) return undefined;
    // SPEC D5, within the request: what its `_` was accepted for before.
    const taken = new Map<string | undefined, Receipt>();
    const saying = { chain, now: now(), said: (action: SaidAction) => void spoken.push(action) };
    const list: Receipt[] = [];
    for (const { nonce, result } of judged) {
      const receipt = taken.get(nonce) ?? (isSigned(result) ? await storeOne(trx, result, saying) : result);
      if (nonce !== undefined && receipt.status === 'accepted') taken.set(nonce, receipt);
      list.push(receipt);
    }
    return list;
  });
  if (receipts) spoken.forEach(parts.said);
  return receipts;
}

interface Saying {
  readonly chain: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly said: (action: SaidAction) => void;
}

/** Of one that is refused here nothing stays; the others are not harmed by it. */
async function storeOne(
  trx: Executor,
  { action, token }: Signed,
  { chain, now, said }: Saying,
): Promise<Receipt> {
  const idTag = action.payload.iss;
  const { iat } = action.payload;
  const { statementId } = action;
  await sql`savepoint draft`.execute(trx);
  const receipt = await orRefused(async (): Promise<Receipt> => {
    const rival = await findRival(trx, idTag, action);
    if (rival && supersedes({ iat: rival.iat, statementId: rival.statement_id }, { iat, statementId }))
      return { status: 'superseded', actionId: rival.action_id };
    const proof = { signature: bytesToBase64url(action.token.signature), delegations: chain };
    const stored = await recordOwn(trx, idTag, { action, token, proof }, now);
    said(stored);
    return { status: 'accepted', actionId: stored.actionId, seq: stored.seq, token };
  });
  if (receipt.status === 'refused') await sql`rollback to draft`.execute(trx);
  await sql`release draft`.execute(trx);
  return receipt;
}
