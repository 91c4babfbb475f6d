import { type IdTag, parseIdTag } from '../../../shared/identity/id-tag.ts';
import type { ActionRow } from '../store/action-rows.ts';
import type { Database } from '../store/database.ts';
import { findRow } from './references.ts';
import type { NewAction } from './write.ts';

/** What every part of the actions needs. */
export interface Say {
  readonly db: Database;
  readonly idTag: IdTag;
  /** Writes it into history and outbox; returns the id of its row. */
  write(action: NewAction): Promise<string>;
}

/** The row of this name. @throws Error in words when it is gone */
export async function readRow(db: Database, name: string): Promise<ActionRow> {
  const row = await findRow(db, name);
  if (!row) throw new Error('This is not on this device any more.');
  return row;
}

/** The owner of what is answered, when that is somebody else; one's own needs no `aud` (SPEC R1). */
export function ownerOf({ idTag }: Say, row: ActionRow): Pick<NewAction, 'aud'> {
  const owner = row.aud ?? row.iss;
  return owner === idTag ? {} : { aud: parseIdTag(owner) };
}

/** Somebody else. @throws IsletError E-VAL-ID-TAG; Error for one's own name */
export function parseOther({ idTag }: Say, name: string): IdTag {
  const other = parseIdTag(name);
  if (other === idTag) throw new Error('That is your own name.');
  return other;
}
