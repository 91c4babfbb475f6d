import * as v from 'valibot';
import { bytesToBase64url, type Random } from '../../../shared/bytes.ts';
import { findActionType, type Statement } from '../../../shared/action/action.ts';
import { signDraft } from '../../../shared/action/countersign.ts';
import type { ActionPayload } from '../../../shared/action/define.ts';
import type { IdentityKey } from '../../../shared/identity/key-set.ts';
import { IsletError } from '../../../shared/errors.ts';
import type { DeviceKeys, Membership } from '../device/key-store.ts';
import type { ActionRow, OutboxRow } from '../store/action-rows.ts';
import type { Database } from '../store/database.ts';

export interface Author {
  readonly keys: DeviceKeys;
  readonly membership: Membership;
}

/** What a person says; `about` names an action row by its `id`. */
export interface NewAction {
  t: string;
  text?: string;
  about?: string;
  /** Which member names it. */
  aboutAs?: 'p' | 'sub';
  aud?: ActionPayload['aud'];
  v: Statement['v'];
  uploads?: OutboxRow['uploads'];
}

interface WriteOptions {
  db: Database;
  author: Author;
  /** Milliseconds since 1970. */
  now: () => number;
  random: Random;
}

/** The identity key to name: the newest that has not expired by the last word of the relay, else the newest. */
export function currentKey(keys: readonly IdentityKey[], now: number): string {
  const byId = [...keys].sort((a, b) => (a.keyId < b.keyId ? 1 : -1));
  const valid = byId.find(({ expiresAt }) => expiresAt === undefined || expiresAt > now);
  const key = valid ?? byId[0];
  if (!key) throw new IsletError('E-KEY-UNKNOWN', 'the relay has not told its keys yet');
  return key.keyId;
}

/** The two upserts of one key get rising times, so that the later one holds everywhere (SPEC U1). */
async function laterThanBefore(db: Database, iss: string, next: NewAction, seconds: number): Promise<number> {
  const type = findActionType(next.t);
  if (!type.key) return seconds;
  const same = await db.actions
    .filter((row) => {
      const sameSubject = type.type === 'FLLW' ? row.aud === next.aud : row.about === next.about;
      return row.iss === iss && row.state !== 'refused' && row.t.split(':')[0] === type.type && sameSubject;
    })
    .toArray();
  return Math.max(seconds, ...same.map(({ iat }) => iat + 1));
}

/**
 * Writes an action into the local history and the outbox in one transaction: sign before opening it. Needs no network.
 * @returns the id of the action row
 */
export async function writeAction(next: NewAction, options: WriteOptions): Promise<string> {
  const { db, author, now, random } = options;
  const { membership, keys } = author;
  if (!v.is(findActionType(next.t).content, next.text))
    throw new IsletError('E-ACTION-FIELDS', 'This is empty or too long to be sent.', next.t);
  const id = bytesToBase64url(random(16));
  const about = next.about === undefined ? undefined : await db.actions.get(next.about);
  if (next.about !== undefined && !about)
    throw new IsletError('E-ACTION-REFERENCE', 'this is gone', next.about);
  const iat = await laterThanBefore(db, membership.idTag, next, Math.floor(now() / 1000));
  const uploads = next.uploads ?? [];
  const member = next.aboutAs ?? 'p';
  const statement: Statement = {
    t: next.t,
    iat,
    v: next.v,
    _: id,
    ...(next.text === undefined ? {} : { c: next.text }),
    ...(next.aud === undefined ? {} : { aud: next.aud }),
    ...(uploads.length === 0 ? {} : { a: uploads.map(({ fileId }) => fileId) }),
    ...(about?.actionId === undefined ? {} : { [member]: about.actionId }),
  };
  const isLocal = about !== undefined && about.actionId === undefined;
  const k = currentKey(membership.keys, iat);
  const draft = isLocal ? {} : { draft: await signDraft(membership.idTag, k, statement, keys.sign) };
  const row: ActionRow = {
    id,
    iss: membership.idTag,
    t: next.t,
    text: next.text ?? '',
    iat,
    files: uploads.map(({ fileId, descriptor }) => ({ id: fileId, descriptor })),
    state: 'waiting',
    deliveries: [],
    ...(uploads.length === 0 ? {} : { uploads }),
    ...(next.about === undefined ? {} : { about: next.about }),
    ...(next.aud === undefined ? {} : { aud: next.aud }),
  };
  const outbox: OutboxRow = {
    id,
    statement,
    local: isLocal ? { [member]: about.id } : {},
    uploads,
    ...draft,
  };
  await db.transaction('rw', db.actions, db.outbox, async () => {
    await db.actions.add(row);
    await db.outbox.add(outbox);
  });
  return id;
}
