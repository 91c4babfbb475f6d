import * as v from 'valibot';
import { bytesToBase64url, type Random } from '../../../shared/bytes.ts';
import { findActionType, type Statement } from '../../../shared/action/action.ts';
import { baseType, subtype } from '../../../shared/action/define.ts';
import { signDraft } from '../../../shared/action/countersign.ts';
import type { IdentityKey } from '../../../shared/identity/key-set.ts';
import { type IdTag, parseIdTag } from '../../../shared/identity/id-tag.ts';
import { IsletError } from '../../../shared/errors.ts';
import type { DeviceKeys, Membership } from '../device/key-store.ts';
import type { ActionRow, OutboxRow } from '../store/action-rows.ts';
import type { Database } from '../store/database.ts';
import { laterThanBefore } from './later.ts';
import { findNamed, placeReference, type ReferenceMember } from './references.ts';

export interface Author {
  readonly keys: DeviceKeys;
  readonly membership: Membership;
}

/** What a person says. */
export interface NewAction {
  t: string;
  /** `c`: a text, or an object. */
  content?: unknown;
  /** The `id` of an action row, or the identifier of an action. Of a changed conversation it is that one. */
  p?: string;
  /** The same, or the id of a document or file. */
  sub?: string;
  aud?: IdTag | undefined;
  v: Statement['v'];
  /** Flags. */
  f?: string;
  uploads?: OutboxRow['uploads'];
  /** For so many milliseconds it is not sent, and can be taken back. */
  hold?: number;
}

export interface WriteOptions {
  db: Database;
  author: Author;
  /** Milliseconds since 1970. */
  now: () => number;
  random: Random;
}

/** The identity key to name: the first that has not expired by the last word of the relay, which lists the one that signs first (SPEC K6). */
export function currentKey(keys: readonly IdentityKey[], now: number): string {
  const key = keys.find(({ expiresAt }) => expiresAt === undefined || expiresAt > now) ?? keys[0];
  if (!key) throw new IsletError('E-KEY-UNKNOWN', 'the relay lists no identity key');
  return key.keyId;
}

/** A statement with what it names: `row` has the names as this device knows them, `local` those that have no identifier yet. */
interface Named {
  statement: Statement;
  row: Pick<ActionRow, ReferenceMember>;
  local: OutboxRow['local'];
}

async function nameReferences(db: Database, next: NewAction, bare: Statement): Promise<Named> {
  const named: Named = { statement: bare, row: {}, local: {} };
  for (const member of ['p', 'sub'] as const) {
    const name = next[member];
    if (name === undefined) continue;
    const found = await findNamed(db, name);
    named.row[member] = found.id ?? found.local;
    if (found.id === undefined) named.local[member] = found.local;
    else named.statement = placeReference(named.statement, member, found.id);
  }
  return named;
}

/** A row of the outbox, signed as soon as everything in it has its identifier. */
async function toOutbox(
  { statement, local }: Named,
  { membership, keys }: Author,
  rest: Pick<OutboxRow, 'uploads' | 'notBefore'>,
): Promise<OutboxRow> {
  const isLocal = Object.keys(local).length > 0;
  const k = currentKey(membership.keys, statement.iat);
  const { did, sign } = keys;
  const draft = isLocal ? {} : { draft: await signDraft(membership.idTag, k, statement, sign), by: did };
  return { id: statement._, statement, local, ...draft, ...rest };
}

/** What was written while the signing went on may have got its identifier meanwhile. Call it in a transaction. */
async function refreshNames(db: Database, row: ActionRow, local: OutboxRow['local']): Promise<ActionRow> {
  const fresh = { ...row };
  for (const member of ['p', 'sub'] as const) {
    const id = local[member] === undefined ? undefined : (await db.actions.get(local[member]))?.actionId;
    if (id !== undefined) fresh[member] = id;
  }
  return fresh;
}

/** Signs before anything is opened: a transaction does not wait for that. */
async function prepare(next: NewAction, id: string, options: WriteOptions): Promise<Prepared> {
  const { db, author, now } = options;
  const { t, content, aud, f, uploads = [] } = next;
  const type = findActionType(t);
  const said = subtype(t);
  const isKnown = !type.raw && (said === undefined || type.subtypes.includes(said));
  if (!isKnown || !v.is(type.content, content))
    throw new IsletError('E-ACTION-FIELDS', 'This is empty or too long to be sent.', t);
  const iss = author.membership.idTag;
  const stated = {
    ...{ t, v: next.v, _: id, iat: Math.floor(now() / 1000) },
    ...(content === undefined ? {} : { c: content }),
    ...(aud === undefined ? {} : { aud }),
    ...(f === undefined ? {} : { f }),
    ...(uploads.length === 0 ? {} : { a: uploads.map(({ fileId }) => fileId) }),
  };
  const named = await nameReferences(db, next, stated);
  const iat = await laterThanBefore(db, { iss, t, ...named.row, aud }, named.statement.iat);
  const statement = { ...named.statement, iat };
  const hold = next.hold === undefined ? {} : { notBefore: now() + next.hold };
  return {
    row: statementToRow(statement, { iss, ...named.row, uploads, receivedAt: now() }),
    outbox: await toOutbox({ ...named, statement }, author, { uploads, ...hold }),
  };
}

interface Prepared {
  row: ActionRow;
  outbox: OutboxRow;
}

async function store(db: Database, { row, outbox }: Prepared): Promise<void> {
  await db.transaction('rw', db.actions, db.outbox, async () => {
    if ((await db.outbox.where('id').equals(row.id).count()) > 0) return;
    await db.actions.put(await refreshNames(db, row, outbox.local));
    await db.outbox.add(outbox);
  });
}

type Surroundings = Pick<ActionRow, 'iss' | 'receivedAt' | ReferenceMember> & Pick<OutboxRow, 'uploads'>;

function statementToRow({ t, _, c, aud, f, iat, v: visibility }: Statement, around: Surroundings): ActionRow {
  const { uploads, ...rest } = around;
  return {
    ...{ id: _, t, type: baseType(t), iat, v: visibility, state: 'waiting', deliveries: [] },
    ...{ text: typeof c === 'string' ? c : '', ...(typeof c === 'object' && { content: c }) },
    files: uploads.map(({ fileId, descriptor }) => ({ id: fileId, descriptor })),
    ...(uploads.length > 0 && { uploads }),
    ...(aud !== undefined && { aud }),
    ...(f !== undefined && { f }),
    ...rest,
  };
}

/**
 * Writes an action into the local history and the outbox in one transaction. Needs no network.
 * @returns the id of the action row
 * @throws IsletError E-ACTION-FIELDS, E-ACTION-REFERENCE
 */
export async function writeAction(next: NewAction, options: WriteOptions): Promise<string> {
  const id = bytesToBase64url(options.random(16));
  await store(options.db, await prepare(next, id, options));
  return id;
}

const visibilitySchema = v.fallback(v.picklist(['P', 'V', '2', 'F', 'C', 'S', 'D']), 'F');

/**
 * Puts a refused action into the outbox again, signed anew under its own name: the relay has no token of it, and what names it
 * goes on naming it (SPEC D5).
 */
export async function writeAgain(row: ActionRow, options: WriteOptions): Promise<void> {
  const { t, text, content = text === '' ? undefined : text, p, sub, aud, f, uploads } = row;
  const next: NewAction = {
    ...{ t, content, v: v.parse(visibilitySchema, row.v) },
    ...(p !== undefined && { p }),
    ...(sub !== undefined && { sub }),
    ...(aud !== undefined && { aud: parseIdTag(aud) }),
    ...(f !== undefined && { f }),
    ...(uploads !== undefined && { uploads }),
  };
  await store(options.db, await prepare(next, row.id, options));
}
