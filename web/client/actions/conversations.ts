import * as v from 'valibot';
import type { Role } from '../../../shared/action/define.ts';
import { convSchema } from '../../../shared/action/types/conv/conv.ts';
import type { ActionRow } from '../store/action-rows.ts';
import type { Database } from '../store/database.ts';
import { storePicture } from './picture.ts';
import { findRow } from './references.ts';
import { ownerOf, parseOther, readRow, type Say } from './say.ts';

export interface NewMessage {
  text: string;
  pictures?: readonly File[];
  /** In a conversation: the row of the message that it answers. */
  answering?: string;
}

/** Messages to one person, and conversations of several. Names of conversations and messages are ids of rows. */
export interface Conversations {
  /** To one person. */
  message(to: string, message: Omit<NewMessage, 'answering'>): Promise<string>;
  /** In a conversation. */
  write(conversation: string, message: NewMessage): Promise<string>;
  /** Returns its id. `open`: anybody may join. */
  create(name: string, about?: { description?: string; open?: boolean }): Promise<string>;
  rename(conversation: string, name: string, description?: string): Promise<void>;
  /** Ends it for everybody. */
  close(conversation: string): Promise<void>;
  invite(conversation: string, idTag: string, offer?: { role?: Role; message?: string }): Promise<void>;
  /** Takes an invitation back, or the membership that came of it. */
  removeMember(conversation: string, idTag: string): Promise<void>;
  /** Takes an invitation, or joins what is open. */
  join(conversation: string, role?: Role): Promise<void>;
  /** Leaves, or says no to an invitation. */
  leave(conversation: string): Promise<void>;
}

/** The conversation that a row is in: what it names, through the messages that it answers. */
export async function findConversation(db: Database, row: ActionRow): Promise<ActionRow | undefined> {
  const passed = new Set<string>();
  let at: ActionRow | undefined = row;
  while (at && at.t !== 'CONV') {
    const name: string | undefined = at.p ?? at.sub;
    if (name === undefined || passed.has(name)) return undefined;
    passed.add(name);
    at = await findRow(db, name);
  }
  return at;
}

export function createConversations(say: Say): Conversations {
  const { db, write } = say;

  async function readConversation(id: string): Promise<ActionRow> {
    const row = await findConversation(db, await readRow(db, id));
    if (!row) throw new Error('This conversation is not on this device.');
    return row;
  }

  async function uploads(pictures: readonly File[] = []) {
    const stored = [];
    for (const picture of pictures) stored.push(await storePicture(db, picture));
    return stored;
  }

  /** SPEC R6: what changes a conversation says its name, and which one it is. */
  async function change(id: string, t: string, said: { name?: string; description?: string }): Promise<void> {
    const row = await readConversation(id);
    const { conv: _conv, ...content } = v.parse(convSchema, row.content);
    await write({ t, content: { ...content, ...said }, p: row.id, v: 'S', ...ownerOf(say, row) });
  }

  async function subscribe(id: string, t: string, role?: Role): Promise<void> {
    const row = await readConversation(id);
    const aud = parseOther(say, row.aud ?? row.iss);
    await write({ t, sub: row.id, aud, v: 'S', ...(role && { content: { role } }) });
  }

  return {
    message: async (to, { text, pictures }) => {
      const aud = parseOther(say, to);
      return write({ t: 'MSG', content: text, aud, v: 'D', uploads: await uploads(pictures) });
    },
    write: async (id, { text, pictures, answering = id }) => {
      const row = await readConversation(id);
      const said = {
        t: 'MSG',
        content: text,
        p: answering,
        v: 'S',
        uploads: await uploads(pictures),
      } as const;
      return write({ ...said, ...ownerOf(say, row) });
    },
    create: (name, { description, open = false } = {}) =>
      write({
        t: 'CONV',
        content: { name, ...(description && { description }) },
        v: 'S',
        ...(open && { f: 'O' }),
      }),
    rename: (id, name, description) =>
      change(id, 'CONV:UPD', { name, ...(description !== undefined && { description }) }),
    close: (id) => change(id, 'CONV:DEL', {}),
    invite: async (id, name, { role, message } = {}) => {
      const row = await readConversation(id);
      const content = { ...(role && { role }), ...(message && { message }) };
      await write({ t: 'INVT', sub: row.id, aud: parseOther(say, name), v: 'D', content });
    },
    removeMember: async (id, name) => {
      const row = await readConversation(id);
      await write({ t: 'INVT:DEL', sub: row.id, aud: parseOther(say, name), v: 'D' });
    },
    join: (id, role) => subscribe(id, 'SUBS', role),
    leave: (id) => subscribe(id, 'SUBS:DEL'),
  };
}
