import type { ActionRow } from '../store/action-rows.ts';
import { type GroupView, toGroup } from './conversation-view.ts';
import type { Directory } from './directory.ts';
import { type PictureView, toPictures } from './feed.ts';
import { createHistory, type History, isEnd, nameOfRow } from './history.ts';
import { type SaidView, toSaid } from './said.ts';

/** One line of the list of messages. */
export interface ChatView {
  /** The id tag of the other person, or the `id` of the row of a conversation. */
  id: string;
  name: string;
  /** Absent for messages between two. */
  group?: GroupView;
  last?: { text: string; name: string; own: boolean };
  /** Milliseconds: the last that happened. */
  at: number;
  /** So many messages are new. */
  unread: number;
  /** What others wrote in one's own conversation and was not passed on to the members. */
  held: string[];
}

export interface MessageView extends SaidView {
  pictures: PictureView[];
  /** The message that it answers, when that is here. */
  answers?: { name: string; text: string };
  mayRemove: boolean;
}

/** What a picture without words says: a message needs some. */
export const pictureAlone = '📷';

/** All that is told between people, by where it belongs. */
export interface Talk {
  history: History;
  directory: Directory;
  conversations: readonly ActionRow[];
  /** By id of a chat, in no order. */
  messages: ReadonlyMap<string, readonly ActionRow[]>;
}

/** The conversation of each message, through the messages that it answers. */
function createFinder(history: History, conversations: readonly ActionRow[]) {
  const roots = new Map<string, ActionRow | undefined>(
    conversations.flatMap((row) => [[row.id, row] as const, [nameOfRow(row), row] as const]),
  );
  return (row: ActionRow): ActionRow | undefined => {
    const passed = new Set<string>();
    let name = row.p;
    while (name !== undefined && !passed.has(name) && !roots.has(name)) {
      passed.add(name);
      name = history.find(name)?.p;
    }
    const root = name === undefined ? undefined : roots.get(name);
    // Each message of a long thread is passed once.
    for (const on of passed) roots.set(on, root);
    return root;
  };
}

/** @param rows actions of the types `MSG`, `CONV`, `SUBS`, `INVT` and `APRV` */
export function readTalk(rows: readonly ActionRow[], directory: Directory): Talk {
  const history = createHistory(rows);
  const conversations = rows.filter(({ t, state }) => t === 'CONV' && state !== 'superseded');
  const find = createFinder(history, conversations);
  const chatOf = (row: ActionRow): string | undefined => {
    if (row.p !== undefined) return find(row)?.id;
    return row.iss === directory.idTag ? row.aud : row.iss;
  };
  const messages = new Map<string, ActionRow[]>();
  for (const row of history.rows) {
    if (row.type !== 'MSG' || isEnd(row) || directory.isHidden(row.iss)) continue;
    const chat = chatOf(row);
    if (chat === undefined) continue;
    const list = messages.get(chat);
    if (list) list.push(row);
    else messages.set(chat, [row]);
  }
  return { history, directory, conversations, messages };
}

/** Own words stand when they were written; others' when they arrived, but at most a minute after they say that they were. */
const timeOf = ({ iat, receivedAt, iss }: ActionRow, { idTag }: Directory) =>
  Math.max(iat * 1000, Math.min(receivedAt, iat * 1000 + (iss === idTag ? 999 : 60_000)));

function toChat(talk: Talk, id: string, read: (id: string) => number): Omit<ChatView, 'name' | 'held'> {
  const { directory } = talk;
  const messages = talk.messages.get(id) ?? [];
  const last = messages.reduce<ActionRow | undefined>(
    (newest, row) => (newest && timeOf(newest, directory) > timeOf(row, directory) ? newest : row),
    undefined,
  );
  const mark = read(id);
  return {
    id,
    ...(last && {
      last: { text: last.text, name: directory.nameOf(last.iss), own: last.iss === directory.idTag },
    }),
    at: last ? timeOf(last, directory) : 0,
    unread: messages.filter(({ iss, receivedAt }) => iss !== directory.idTag && receivedAt > mark).length,
  };
}

function toGroupChat(talk: Talk, conversation: ActionRow, read: (id: string) => number): ChatView {
  const { history, directory } = talk;
  const messages = talk.messages.get(conversation.id) ?? [];
  const said = [
    ...['SUBS', 'INVT'].flatMap((type) => named(history, conversation, type)),
    ...history.rows.filter(({ type, p }) => type === 'CONV' && p === nameOfRow(conversation)),
  ];
  const writers = [...new Set(messages.map(({ iss }) => iss))];
  const group = toGroup({ conversation, said, writers }, directory);
  const chat = toChat(talk, conversation.id, read);
  const of = [...messages, ...said.filter(({ type }) => type === 'SUBS')];
  const held = group.own ? of.filter((row) => isHeld(talk, row)).map(({ id }) => id) : [];
  const news = said.map(({ receivedAt }) => receivedAt);
  return {
    ...chat,
    name: group.name,
    group,
    held,
    at: chat.at || Math.max(conversation.receivedAt, ...news),
  };
}

/** All that names the conversation by `sub`, those that take back too. */
function named(history: History, { id, actionId }: ActionRow, type: string): ActionRow[] {
  return history.rows.filter((row) => row.type === type && (row.sub === id || row.sub === actionId));
}

/** Written by another member, and nobody was told yet. */
function isHeld({ history, directory }: Talk, row: ActionRow): boolean {
  if (row.iss === directory.idTag || row.actionId === undefined) return false;
  return !history.words(row, 'APRV').some(({ iss }) => iss === directory.idTag);
}

/** Everything that one talks in, newest first. Pure. `read`: up to when a chat was read, in milliseconds. */
export function buildChats(talk: Talk, read: (id: string) => number): ChatView[] {
  const { directory, conversations, messages } = talk;
  const groups = conversations
    .map((row) => toGroupChat(talk, row, read))
    .filter((chat) => chat.last || chat.group?.standing === 'in' || chat.group?.standing === 'invited');
  const conversationIds = new Set(conversations.map(({ id }) => id));
  const direct = [...messages.keys()]
    .filter((id) => !conversationIds.has(id) && !directory.isHidden(id))
    .map((id): ChatView => ({ ...toChat(talk, id, read), name: directory.nameOf(id), held: [] }));
  return [...groups, ...direct].sort((a, b) => b.at - a.at);
}

/** The messages of a chat, oldest first. Pure. */
export function buildThread(talk: Talk, id: string): MessageView[] {
  const { history, directory } = talk;
  return [...(talk.messages.get(id) ?? [])]
    .sort((a, b) => timeOf(a, directory) - timeOf(b, directory) || a.receivedAt - b.receivedAt)
    .map((row): MessageView => {
      const answered = history.find(row.p);
      const pictures = toPictures(row);
      return {
        ...{ ...toSaid(row, directory), pictures },
        at: timeOf(row, directory),
        ...(pictures.length > 0 && row.text === pictureAlone && { text: '' }),
        ...(answered?.type === 'MSG' && {
          answers: { name: directory.nameOf(answered.iss), text: answered.text },
        }),
        mayRemove: row.iss === directory.idTag && row.state !== 'refused',
      };
    });
}

/** The newest `receivedAt` of a chat: what is read once it was seen. */
export function lastReceived(talk: Talk, id: string): number {
  return (talk.messages.get(id) ?? []).reduce((last, { receivedAt }) => Math.max(last, receivedAt), 0);
}
