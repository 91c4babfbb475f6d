import * as v from 'valibot';
import { isEnd, subtype } from '../../../shared/action/define.ts';
import { fshrSchema } from '../../../shared/action/types/fshr/fshr.ts';
import { IsletError } from '../../../shared/errors.ts';
import type { Documents } from '../documents/documents.ts';
import { typeOfMime } from '../documents/content-types.ts';
import { INDEX_ID, isDocumentId } from '../documents/document-id.ts';
import { addEntry, updateEntry } from '../documents/index-entries.ts';
import { cleanTitle } from '../documents/title.ts';
import type { ActionRow } from '../store/action-rows.ts';
import type { Database } from '../store/database.ts';

/** What a document of somebody else may be used for here (SPEC R9). */
export type ShareLevel = 'read' | 'comment' | 'write' | 'admin';

/** The level that a share gives; undefined when it ends it. */
export function levelOf({ t }: Pick<ActionRow, 't'>): ShareLevel | undefined {
  if (isEnd({ t })) return undefined;
  return ({ COMMENT: 'comment', WRITE: 'write', ADMIN: 'admin' } as const)[subtype(t) ?? ''] ?? 'read';
}

/**
 * Enters a document that somebody shared (`FSHR`) among ours, under its own id. An id that is taken here is never handed to
 * somebody else's relay.
 * @throws IsletError E-CORE-CONFLICT, E-ACTION-FIELDS
 */
export function enterShared(documents: Documents, share: ActionRow, now: number): void {
  const { sub: id = '', iss: owner, content } = share;
  const level = levelOf(share);
  const shared = v.safeParse(fshrSchema, content);
  const isDocument = shared.success && shared.output.fileTp === 'CRDT' && isDocumentId(id) && id !== INDEX_ID;
  if (level === undefined || !isDocument || share.raw)
    throw new IsletError('E-ACTION-FIELDS', 'This is no document that can be opened here.', share.t);
  const known = documents.entry(id);
  if (known && known.owner !== owner)
    throw new IsletError('E-CORE-CONFLICT', 'A document of yours has the same identifier.', id);
  if (known)
    return updateEntry(documents.index.doc, id, {
      ...{ level, ended: undefined, heard: undefined, trashed: undefined },
    });
  const { contentType, fileName } = shared.output;
  documents.index.doc.transact(() =>
    addEntry(documents.index.doc, id, {
      ...{ title: cleanTitle(fileName), excerpt: '', type: typeOfMime(contentType), mime: contentType },
      ...{ owner, level, created: now, edited: now },
    }),
  );
}

/**
 * Enters a document that somebody shared, unless we hold words under its id that never came from there: an own document that was deleted
 * for good, or one of another owner. Entering it would hand them to this one's relay.
 * @throws IsletError E-CORE-CONFLICT, E-ACTION-FIELDS
 */
export async function acceptShare(
  db: Database,
  documents: Documents,
  share: ActionRow,
  now: number,
): Promise<void> {
  const { sub: id = '', iss } = share;
  if (isDocumentId(id) && documents.entry(id) === undefined && (await isForeign(db, documents, share)))
    throw new IsletError('E-CORE-CONFLICT', `Something here has this identifier, and not from ${iss}.`, id);
  enterShared(documents, share, now);
}

async function isForeign(db: Database, documents: Documents, { sub = '', iss }: ActionRow): Promise<boolean> {
  const { doc } = await documents.snapshot(sub);
  const isEmpty = doc.store.clients.size === 0;
  doc.destroy();
  if (isEmpty) return false;
  const shares = await db.actions.where('sub').equals(sub).toArray();
  const isOnlyTheirs = shares.every((row) => row.type !== 'FSHR' || row.iss === iss);
  return !isOnlyTheirs || (await db.rooms.get(sub)) === undefined;
}

/** Brings what entries say of shares to what their owners said last: another level, or an end. */
export async function followShares(db: Database, documents: Documents, idTag: string): Promise<void> {
  const rows = await db.actions.where('type').equals('FSHR').toArray();
  for (const [id, shares] of Map.groupBy(rows, ({ sub }) => sub ?? '')) {
    const entry = documents.entry(id);
    if (entry?.owner === undefined) continue;
    const last = shares
      .filter(
        ({ iss, aud, state, raw }) => iss === entry.owner && aud === idTag && state !== 'superseded' && !raw,
      )
      .sort((a, b) => b.iat - a.iat)[0];
    if (last === undefined || (entry.heard !== undefined && last.receivedAt <= entry.heard)) continue;
    const level = last.state === 'deleted' ? undefined : levelOf(last);
    // Some nodes end a share without a word: what their relay said at the door holds until it is shared anew.
    const stands = entry.ended !== undefined && last.receivedAt <= entry.ended ? entry.ended : undefined;
    const ended = level === undefined ? (entry.ended ?? last.receivedAt) : stands;
    updateEntry(documents.index.doc, id, { level: level ?? entry.level, ended });
  }
}
