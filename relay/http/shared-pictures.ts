import { type Level, lowerLevel } from '../../shared/access/scope.ts';
import { IsletError } from '../../shared/errors.ts';
import type { Guest } from '../identity/guests.ts';
import type { Database } from '../store/database.ts';
import { findHolding } from '../store/holdings.ts';
import { findShare } from '../store/shares.ts';
import { isPicture, sniffed } from './content-type.ts';
import type { RelayContext } from './context.ts';
import { isDocumentId } from './documents.ts';
import { bearerOf, isDeviceToken } from './visitor.ts';

/**
 * What who asks may do with the document that its token names, as it is shared at this moment (SPEC Z11): `none` when it is not; undefined
 * for everybody whose token is not for a document, or not good.
 */
export async function findDocumentLevel(
  ctx: RelayContext,
  db: Database,
  token: unknown,
): Promise<Level | 'none' | undefined> {
  if (typeof token !== 'string' || isDeviceToken(token)) return undefined;
  const guest = await findGuest(ctx, token);
  if (!guest?.scope || !isDocumentId(guest.scope.file)) return undefined;
  const { idTag } = ctx.state.tenant;
  const { file, level } = guest.scope;
  const share = guest.idTag === idTag ? 'A' : await findShare(db, idTag, file, guest.idTag);
  return share === undefined ? 'none' : lowerLevel(share, level);
}

async function findGuest(ctx: RelayContext, token: string): Promise<Guest | undefined> {
  try {
    return await ctx.state.tenant.guests.verify(token);
  } catch (error) {
    if (error instanceof IsletError) return undefined;
    throw error;
  }
}

/**
 * Whether a blob is asked for as a picture of a shared document.
 * @returns false for who shows no token for a document
 * @throws IsletError E-CORE-NOTFOUND: it is not there, or not for who asks
 */
export async function isForDocument(ctx: RelayContext, db: Database, blob: string): Promise<boolean> {
  const level = await findDocumentLevel(ctx, db, bearerOf(ctx) ?? ctx.query.token);
  if (level === undefined) return false;
  const held = level === 'none' ? undefined : await findHolding(db, ctx.state.tenant.idTag, blob);
  // What neighbours made public is theirs to give; a file of the identity's own is no picture of a document.
  if (held?.loose !== 1 || held.fetched_from !== null)
    throw new IsletError('E-CORE-NOTFOUND', 'this is not here', blob);
  return true;
}

/** The same bytes, when they begin as a picture does. @throws IsletError E-FILE-INVALID */
export async function* onlyPicture(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of bytes) {
    if (!head) {
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < sniffed) continue;
    yield assertPicture(head);
    head = undefined;
  }
  if (head) yield assertPicture(head);
}

function assertPicture(head: Uint8Array): Uint8Array {
  if (isPicture(head)) return head;
  throw new IsletError('E-FILE-INVALID', 'only pictures come with a shared document');
}
