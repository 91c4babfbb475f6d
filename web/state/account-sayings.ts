import { createEffect, createRoot } from 'solid-js';
import type { Account } from '../client/account.ts';
import { createDirectory, type Directory } from '../client/actions/directory.ts';
import { buildFeed } from '../client/actions/feed.ts';
import { createHistory, type History } from '../client/actions/history.ts';
import { buildNotices } from '../client/actions/notices.ts';
import { buildPeople } from '../client/actions/people-view.ts';
import { readRow } from '../client/actions/say.ts';
import type { Verdict } from '../client/actions/proof.ts';
import { acceptShare } from '../client/rooms/shared-documents.ts';
import type { PersonRow } from '../client/store/action-rows.ts';
import type { Database } from '../client/store/database.ts';
import { type Proof, provideFeed, showFeed } from './feed.ts';
import { showFollowed } from './followed.ts';
import { notices, provideNotices, setNotices } from './notices.ts';
import { providePeople, setPersons } from './people.ts';
import { unreadElsewhere } from './spaces.ts';
import { openText } from './text-app.ts';
import { unreadMessages, unreadNotices } from './unread.ts';

/** The read mark of the notices. */
const noticesMark = 'notices';

function toProof(verdict: Verdict): Proof {
  switch (verdict.kind) {
    case 'device':
      return {
        kind: 'device',
        device: verdict.device.name,
        until: verdict.grant.exp * 1000,
        entry: verdict.device.seq + 1,
      };
    case 'order':
      return { kind: 'order', order: verdict.order };
    case 'pending':
    case 'relay':
    case 'unproven':
    case 'failed':
      return verdict;
  }
}

/** So many posts are gathered at a time. */
const step = 50;

interface Tables {
  history: History;
  people: PersonRow[];
  directory: Directory;
  /** Ids of shared documents that stand among one's own. */
  entered: ReadonlySet<string>;
}

async function readTables(db: Database, { idTag, name }: Account): Promise<Tables> {
  const rows = await db.actions.where('type').notEqual('MSG').toArray();
  const shared = rows.flatMap(({ type, sub }) => (type === 'FSHR' && sub !== undefined ? [sub] : []));
  const documents = await db.documents.where('id').anyOf(shared).primaryKeys();
  const people = await db.people.toArray();
  const directory = createDirectory(people, idTag, name);
  return { history: createHistory(rows), people, directory, entered: new Set(documents) };
}

/** Fills Feed, People and Notices from this device's tables, live, in every tab. */
export function provideSayings(account: Account, db: Database): void {
  const { actions, idTag, marks } = account;
  let last: Tables | undefined;
  let wanted = step;

  const showPosts = ({ history, directory }: Tables): void => showFeed(buildFeed(history, directory, wanted));
  const showNotices = ({ history, people, directory, entered }: Tables): void =>
    setNotices(buildNotices(history, people, { directory, mark: marks.read(noticesMark), entered }));
  const show = (tables: Tables): void => {
    last = tables;
    const relations = tables.history.rows.filter(({ type }) => type === 'FLLW' || type === 'CONN');
    showPosts(tables);
    setPersons(buildPeople(tables.people, relations, idTag));
    showNotices(tables);
  };
  showFollowed(() => readTables(db, account), show);
  marks.watch(() => last && showNotices(last));

  provideFeed({
    ...actions,
    readPicture: account.readBlob,
    showOlder: () => {
      wanted += step;
      if (last) showPosts(last);
    },
    readProof: async (id) => toProof(await actions.readVerdict(id)),
  });
  providePeople(actions);
  provideNotices({
    ...actions,
    acceptShare: async (row) =>
      acceptShare(db, (await openText()).documents, await readRow(db, row), Date.now()),
    markRead: () => marks.set(noticesMark, Math.max(0, ...notices.notices.map(({ at }) => at))),
  });
  showBadge();
}

/** What is new, on the icon of the installed app. */
function showBadge(): void {
  createRoot(() =>
    createEffect(() => {
      const count = unreadNotices() + unreadMessages() + unreadElsewhere();
      if ('setAppBadge' in navigator) navigator.setAppBadge(count).catch(() => undefined); // not allowed: the pages say it
    }),
  );
}
