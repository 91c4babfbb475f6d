import { liveQuery } from 'dexie';
import { createEffect, createRoot } from 'solid-js';
import type { Account } from '../client/account.ts';
import { createDirectory } from '../client/actions/directory.ts';
import { buildFeed } from '../client/actions/feed.ts';
import { buildNotices } from '../client/actions/notices.ts';
import { buildPeople } from '../client/actions/people-view.ts';
import { readRow } from '../client/actions/say.ts';
import type { Verdict } from '../client/actions/proof.ts';
import { enterShared } from '../client/rooms/shared-documents.ts';
import type { ActionRow, PersonRow } from '../client/store/action-rows.ts';
import type { Database } from '../client/store/database.ts';
import { type Proof, provideFeed, setEntries } from './feed.ts';
import { notices, provideNotices, setNotices } from './notices.ts';
import { providePeople, setPersons } from './people.ts';
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

interface Tables {
  rows: ActionRow[];
  people: PersonRow[];
  /** Ids of shared documents that stand among one's own. */
  entered: ReadonlySet<string>;
}

async function readTables(db: Database): Promise<Tables> {
  const rows = await db.actions.where('type').notEqual('MSG').toArray();
  const shared = rows.flatMap(({ type, sub }) => (type === 'FSHR' && sub !== undefined ? [sub] : []));
  const documents = await db.documents.where('id').anyOf(shared).primaryKeys();
  return { rows, people: await db.people.toArray(), entered: new Set(documents) };
}

/** Fills Feed, People and Notices from this device's tables, live, in every tab. */
export function provideSayings(account: Account, db: Database): void {
  const { actions, idTag, marks } = account;
  let last: Tables = { rows: [], people: [], entered: new Set() };

  const showNotices = ({ rows, people, entered }: Tables): void => {
    const directory = createDirectory(people, idTag, account.name);
    setNotices(buildNotices(rows, people, { directory, mark: marks.read(noticesMark), entered }));
  };
  const show = (tables: Tables): void => {
    last = tables;
    const { rows, people } = tables;
    setEntries(buildFeed(rows, createDirectory(people, idTag, account.name)));
    const relations = rows.filter(({ type }) => type === 'FLLW' || type === 'CONN');
    setPersons(buildPeople(people, relations, idTag));
    showNotices(tables);
  };
  liveQuery(() => readTables(db)).subscribe(show);
  marks.watch(() => showNotices(last));

  provideFeed({
    ...actions,
    readPicture: account.readBlob,
    readProof: async (id) => toProof(await actions.readVerdict(id)),
  });
  providePeople(actions);
  provideNotices({
    ...actions,
    acceptShare: async (row) => enterShared((await openText()).documents, await readRow(db, row), Date.now()),
    markRead: () => marks.set(noticesMark, Math.max(0, ...notices.notices.map(({ at }) => at))),
  });
  showBadge();
}

/** What is new, on the icon of the installed app. */
function showBadge(): void {
  createRoot(() =>
    createEffect(() => {
      const count = unreadNotices() + unreadMessages();
      if ('setAppBadge' in navigator) navigator.setAppBadge(count).catch(() => undefined); // not allowed: the pages say it
    }),
  );
}
