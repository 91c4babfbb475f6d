import { parseAction } from '../../shared/action/action.ts';
import { fshrSchema } from '../../shared/action/types/fshr/fshr.ts';
import { IsletError } from '../../shared/errors.ts';
import { parse } from '../../shared/parse.ts';
import { readSpaceLevel } from '../identity/access.ts';
import type { Database } from '../store/database.ts';
import { findFirstRow } from '../store/room-rows.ts';
import { findShare, listShares, type ShareLevel } from '../store/shares.ts';
import type { RelayContext } from './context.ts';
import { bearerOf, isDeviceToken } from './visitor.ts';

/** True for the id of a document: it is no file, and others open it as a room (SPEC Z1). */
export function isDocumentId(id: unknown): id is string {
  return typeof id === 'string' && /^[0-9A-Za-z]{24}$/.test(id);
}

const words: Readonly<Record<ShareLevel, string>> = { R: 'read', C: 'comment', W: 'write', A: 'admin' };

/** What stands in the share about a document, for those it is shared with (SPEC Z9). @throws IsletError E-AUTH-UNAUTH, E-CORE-NOTFOUND */
export async function readDocument(ctx: RelayContext, db: Database) {
  const doc = String(ctx.params.id);
  const { idTag } = ctx.state.tenant;
  const who = await readWho(ctx, doc);
  const level = who === idTag ? 'A' : await findShare(db, idTag, doc, who);
  const shares = await listShares(db, idTag, doc);
  const said = shares.find(({ aud }) => who === idTag || aud === who);
  if (!said || level === undefined) throw new IsletError('E-CORE-NOTFOUND', 'no such document', doc);
  const { contentType, fileName } = parse(fshrSchema, (await parseAction(said.token)).payload.c);
  const createdAt = new Date((await findFirstRow(db, idTag, doc)) ?? said.received_at).toISOString();
  return { contentType, fileName, fileTp: 'CRDT', createdAt, accessLevel: words[level] };
}

/** A device of the identity, or a guest whose access is not for something else. */
async function readWho(ctx: RelayContext, doc: string): Promise<string> {
  const { idTag, access, guests } = ctx.state.tenant;
  const shown = bearerOf(ctx) ?? ctx.query.token;
  if (typeof shown !== 'string') throw new IsletError('E-AUTH-UNAUTH', 'an access token is needed');
  if (isDeviceToken(shown)) {
    readSpaceLevel((await access.verify(shown)).grant);
    return idTag;
  }
  const guest = await guests.verify(shown);
  if (guest.scope && guest.scope.file !== doc)
    throw new IsletError('E-CORE-NOTFOUND', 'no such document', doc);
  return guest.idTag;
}
