import { type FolderList, folderLimits, folderListSchema } from '../../../shared/api/folders.ts';
import { IsletError } from '../../../shared/errors.ts';
import { routes } from '../../../shared/routes.ts';
import type { OpenDocument } from '../documents/documents.ts';
import { type RelayApi, segment } from '../relay/relay-api.ts';
import {
  applyChanges,
  type Entries,
  type FieldChanges,
  listToEntries,
  readFields,
  toSendable,
  writeFields,
} from './list-fields.ts';
import type { Listed } from './listed.ts';
import { mergeList, type Merged } from './merge-list.ts';

export interface ExchangeParts {
  api: Pick<RelayApi, 'get' | 'change'>;
  folder: string;
  index: Pick<OpenDocument, 'doc' | 'whenSaved'>;
  listed: Listed;
  /** Whether this device changes anything. */
  writes: boolean;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Those of these documents that have something that was not sent. */
  findUnsent: (ids: readonly string[]) => Promise<Set<string>>;
  /** Whether all rows of a document that is new in the list are here. */
  isWhole: (id: string) => boolean;
  /** Runs a change of the index that is not a person's. */
  quietly: (write: () => void) => void;
  /** What the relay would not take, by entry: it is offered again when it is another one. */
  refused: Map<string, string>;
}

type Change = { id: string; fields: FieldChanges };

/** Origin of what came with the list, in the index of this device: an edit like any, which is not sent back. */
const FROM_LIST = 'list';
/** Says in the index that it was brought together with the list of this folder before: without it the browser lost the index. */
const MARK = 'folder';

/**
 * Brings the index of this device and the folder at the relay together (SPEC C15), until neither has anything for the other.
 * @param read whether the relay is asked for its list; else what changed here is sent against the list that was seen last
 * @throws RelayUnreachable; IsletError when this device has the folder no more
 */
export async function exchangeList(parts: ExchangeParts, read: boolean): Promise<void> {
  const { listed, index, folder, api } = parts;
  const path = routes.folders + segment(folder);
  let base = listed.seen && index.doc.getMap(MARK).get('id') === folder ? listedEntries(listed) : undefined;
  let list = read || base === undefined ? await api.get(path, folderListSchema) : undefined;
  for (let most: number = folderLimits.changes; ;) {
    if (list && list.folder === undefined) return listed.end();
    const theirs = list ? listToEntries(list) : (base ?? new Map());
    const merged = await adopt(parts, { base, theirs, title: titleOf(list, parts) });
    const changes = cut(listSendable(merged, parts), most);
    if (changes.length === 0) return;
    try {
      list = await api.change(path, { changes }, folderListSchema);
      base = applyChanges(theirs, changes, folder);
      most = folderLimits.changes;
    } catch (error) {
      if (!(error instanceof IsletError)) throw error;
      // One that is refused holds up no other.
      base = theirs;
      if (changes.length === 1)
        for (const change of changes) parts.refused.set(change.id, JSON.stringify(change.fields));
      else most = Math.ceil(changes.length / 2);
    }
  }
}

function listedEntries({ rows }: Listed): Map<string, Readonly<Record<string, string | number>>> {
  return new Map([...rows.values()].filter(({ left }) => !left).map(({ id, fields }) => [id, fields]));
}

function titleOf(list: FolderList | undefined, { listed }: ExchangeParts): string {
  return String(list?.folder?.fields['title'] ?? listed.seen?.title ?? '');
}

/** Writes what is new into the index, and only when that is saved notes the list as seen: twice is as good as once. */
async function adopt(
  parts: ExchangeParts,
  { base, theirs, title }: { base: Entries | undefined; theirs: Entries; title: string },
): Promise<Merged> {
  const { index, listed, folder, writes, isWhole } = parts;
  const left = [...listed.rows.values()].filter((row) => row.left).map(({ id }) => id);
  const known = new Set([...(base?.keys() ?? []), ...left]);
  const unsent = await parts.findUnsent([...known].filter((id) => !theirs.has(id)));
  const merged = mergeList({
    ...{ base, theirs, writes, mine: readFields(index.doc), left: new Set(left), now: parts.now() },
    hasUnsent: (id) => unsent.has(id),
  });
  parts.quietly(() => {
    writeFields(index.doc, merged, FROM_LIST);
    const mark = index.doc.getMap(MARK);
    if (mark.get('id') !== folder) index.doc.transact(() => mark.set('id', folder), FROM_LIST);
  });
  await index.whenSaved();
  await listed.replace({
    ...{ seen: { space: 'folder', id: folder, title }, entries: theirs, isWhole },
    left: [...left, ...merged.stays, ...merged.gone],
  });
  return merged;
}

function listSendable({ send }: Merged, { folder, refused }: ExchangeParts): Change[] {
  return send
    .flatMap(({ id, changes }) => toSendable(id, changes, folder) ?? [])
    .filter(({ id, fields }) => refused.get(id) !== JSON.stringify(fields));
}

/** As many as go into one request. */
function cut(changes: readonly Change[], most: number): Change[] {
  let bytes = 0;
  const cutAt = changes.findIndex((change, i) => {
    bytes += new Blob([JSON.stringify(change)]).size + 1;
    return i > 0 && (i >= most || bytes > folderLimits.body - 1024);
  });
  return cutAt === -1 ? [...changes] : changes.slice(0, cutAt);
}
