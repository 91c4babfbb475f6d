import { createStore, reconcile } from 'solid-js/store';
import type { Account } from '../client/account.ts';
import type { Actions } from '../client/actions/actions.ts';
import {
  buildChats,
  buildThread,
  type ChatView,
  lastReceived,
  type MessageView,
  readTalk,
  type Talk,
} from '../client/actions/chats.ts';
import { createDirectory } from '../client/actions/directory.ts';
import type { Database } from '../client/store/database.ts';
import { showFollowed } from './followed.ts';
import { setUnreadMessages } from './unread.ts';

/** What Messages can do; given by the client once this space is claimed. Rejections carry a message for people. */
export interface MessagesSource extends Pick<
  Actions,
  'remove' | 'retry' | 'discard' | 'approve' | 'conversations'
> {
  /** The bytes of a picture; undefined while they have not arrived. */
  readPicture(id: string): Promise<Blob | undefined>;
  /** Says which chat `thread` is of. */
  show(id: string | undefined): void;
  /** All of that chat was seen. */
  markRead(id: string): void;
}

interface MessagesState {
  chats: ChatView[];
  /** The messages of the chat that is shown, oldest first. */
  thread: MessageView[];
  source: MessagesSource | undefined;
}

const [messages, setState] = createStore<MessagesState>({ chats: [], thread: [], source: undefined });
export { messages };

const types = ['MSG', 'CONV', 'SUBS', 'INVT', 'APRV'];

/** Fills Messages from this device's tables, live, in every tab. */
export function provideMessages(account: Account, db: Database): void {
  const { actions, marks, idTag } = account;
  let talk: Talk = readTalk([], createDirectory([], idTag, account.name));
  let shown: string | undefined;

  const showThread = (): void =>
    setState('thread', reconcile(shown === undefined ? [] : buildThread(talk, shown), { key: 'id' }));
  const showChats = (): void => {
    const chats = buildChats(talk, (id) => marks.read(`conv:${id}`));
    setState('chats', reconcile(chats, { key: 'id' }));
    setUnreadMessages(chats.reduce((sum, { unread }) => sum + unread, 0));
  };
  const read = async () => ({
    rows: await db.actions.where('type').anyOf(types).toArray(),
    people: await db.people.toArray(),
  });
  showFollowed(read, ({ rows, people }) => {
    talk = readTalk(rows, createDirectory(people, idTag, account.name));
    showThread();
    showChats();
  });
  marks.watch(showChats);

  setState('source', () => ({
    ...actions,
    readPicture: account.readBlob,
    show: (id: string | undefined) => {
      shown = id;
      showThread();
    },
    markRead: (id: string) => marks.set(`conv:${id}`, lastReceived(talk, id)),
  }));
}
