import { readTalk } from '../actions/chats.ts';
import { createDirectory } from '../actions/directory.ts';
import { createHistory, isEnd } from '../actions/history.ts';
import type { ActionRow, PersonRow } from '../store/action-rows.ts';
import type { DocumentRow } from '../store/database.ts';

export type ThingKind = 'document' | 'file' | 'folder' | 'person' | 'post' | 'comment' | 'message';

/** Something that can be found. */
export interface Thing {
  readonly kind: ThingKind;
  /** Of a document, file or folder its id; of a person the id tag; else the `id` of its action row. */
  readonly id: string;
  /** A name: what it is called, or who said it. */
  readonly title: string;
  readonly tags: readonly string[];
  /** Milliseconds since 1970: the last edit, or when it was said. */
  readonly at: number;
  /** Absent when its words are in the table `texts`. */
  readonly text?: string;
  /** Of an entry of the tree: its type as the index has it, the media type of a file, and its folder. */
  readonly type?: string;
  readonly mime?: string | undefined;
  readonly parent?: string;
  /** Of a message: the chat that shows it. */
  readonly chat?: string;
}

/** Whose device this is. */
export interface Self {
  readonly idTag: string;
  readonly name: string;
}

/** A sealed entry as this device opened it: it is found as long as somebody hands it in, and never written down. */
export type OpenedEntry = Pick<DocumentRow, 'id' | 'title' | 'edited' | 'parent'> & {
  isFolder: boolean;
  mime?: string | undefined;
};

export type Things = ReadonlyMap<string, Thing>;

export function documentKey(id: string): string {
  return `d:${id}`;
}

/** Everything in the tree but what is in the trash and what is sealed. @param read types whose words are in `texts` */
export function rowsToThings(rows: readonly DocumentRow[], read: (type: string) => boolean): Things {
  const things = new Map<string, Thing>();
  for (const row of rows) {
    if (row.trashed === 1 || row.sealed !== undefined) continue;
    const { id, title, type, mime, parent } = row;
    const kind = type === 'folder' || type === 'file' ? type : 'document';
    const text = kind === 'document' && read(type) ? {} : { text: '' };
    const tags = row.tags ?? [];
    things.set(documentKey(id), { kind, id, title, tags, at: row.edited, type, mime, parent, ...text });
  }
  return things;
}

export function openedToThings(entries: readonly OpenedEntry[]): Things {
  return new Map(
    entries.map(({ id, title, edited, parent, isFolder, mime }) => [
      `s:${id}`,
      {
        kind: isFolder ? 'folder' : 'file',
        id,
        title,
        tags: [],
        at: edited,
        text: '',
        type: 'sealed',
        mime,
        parent,
      },
    ]),
  );
}

export function peopleToThings(people: readonly PersonRow[]): Things {
  return new Map(
    people.map(({ idTag, name }) => [
      `p:${idTag}`,
      { kind: 'person', id: idTag, title: name || idTag, tags: [], at: 0, text: idTag },
    ]),
  );
}

/** Types of actions that hold words, and those that say where a message belongs. */
export const wordTypes = ['POST', 'CMNT', 'MSG', 'CONV', 'SUBS', 'INVT', 'APRV'];

/** What was said and holds still: posts, comments and messages, none of people who are not shown. */
export function actionsToThings(
  rows: readonly ActionRow[],
  people: readonly PersonRow[],
  self: Self,
): Things {
  const directory = createDirectory(people, self.idTag, self.name);
  const things = new Map<string, Thing>();
  const enter = (row: ActionRow, kind: ThingKind, chat?: string): void => {
    if (row.text === '' || row.state === 'refused' || row.raw || isEnd(row) || directory.isHidden(row.iss))
      return;
    const said = { kind, id: row.id, title: directory.nameOf(row.iss), text: row.text, at: row.iat * 1000 };
    things.set(`a:${row.id}`, { ...said, tags: [], ...(chat !== undefined && { chat }) });
  };
  for (const row of createHistory(rows).rows) {
    if (row.type === 'POST') enter(row, 'post');
    if (row.type === 'CMNT') enter(row, 'comment');
  }
  for (const [chat, messages] of readTalk(rows, directory).messages)
    for (const row of messages) enter(row, 'message', chat);
  return things;
}

/** What the index holds of a thing, as one text: equal ones need not be entered again. */
export function formatIndexed({ title, tags, text, type }: Thing): string {
  return JSON.stringify([title, tags, text, type]);
}
