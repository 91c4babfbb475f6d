import type { ActionRow, PersonRow } from '../store/action-rows.ts';
import { kindOf } from './counts.ts';
import type { Directory } from './directory.ts';
import { type History, isEnd, nameOfRow } from './history.ts';
import type { ReactionKind } from './reactions.ts';

/** What a notice is about. */
export type NoticeKind =
  | 'asks'
  | 'invitation'
  | 'share'
  | 'approval'
  | 'trust'
  | 'connected'
  | 'follower'
  | 'comment'
  | 'reaction'
  | 'repost'
  | 'approved'
  | 'wall';

/** Something that somebody did and that one may want to know. Times are milliseconds. */
export interface NoticeView {
  /** The same for the same notice, also when somebody joins it. */
  key: string;
  kind: NoticeKind;
  /** Latest first. */
  people: { idTag: string; name: string }[];
  at: number;
  /** Since the read mark. */
  unread: boolean;
  /** Somebody is to decide. */
  open: boolean;
  /** The row to do something with: the request, the invitation, the post. */
  row?: string;
  /** What they said, or the beginning of what it is about. */
  words?: string;
  reactions?: ReactionKind[];
  /** Of a share: the document. */
  document?: string;
  /** Of an invitation: the row of the conversation. */
  conversation?: string;
}

interface Event {
  key: string;
  kind: NoticeKind;
  row: ActionRow;
  open?: boolean;
  words?: string;
  reaction?: ReactionKind;
  conversation?: string;
}

interface View {
  history: History;
  directory: Directory;
  entered: ReadonlySet<string>;
}

/** Own, or on one's own wall. */
function isMine({ directory }: View, { aud, iss }: ActionRow): boolean {
  return (aud ?? iss) === directory.idTag;
}

function nameOf(content: unknown, field: string): string | undefined {
  if (typeof content !== 'object' || content === null) return undefined;
  const value: unknown = Reflect.get(content, field);
  return typeof value === 'string' ? value : undefined;
}

function perhaps(words: string | undefined): { words?: string } {
  return words ? { words } : {};
}

/** By type, what a received action that holds gives notice of. */
const readers: Record<string, (view: View, row: ActionRow) => Event | undefined> = {
  CONN: ({ directory }, row) => {
    if (row.aud !== directory.idTag || isEnd(row)) return undefined;
    const asks = directory.find(row.iss)?.connected === 'asking';
    if (asks && row.t === 'CONN')
      return { key: `asks:${row.iss}`, kind: 'asks', row, open: true, words: row.text };
    const agreed = row.t === 'CONN:ACC' && directory.find(row.iss)?.connected === 'connected';
    return agreed ? { key: `connected:${row.iss}`, kind: 'connected', row } : undefined;
  },
  FLLW: ({ directory }, row) => {
    if (row.aud !== directory.idTag || isEnd(row)) return undefined;
    const day = Math.floor(row.receivedAt / 86_400_000);
    return { key: `follower:${day}`, kind: 'follower', row };
  },
  CMNT: (view, row) => {
    const about = view.history.find(row.p);
    if (isEnd(row) || !about || !(isMine(view, about) || about.iss === view.directory.idTag))
      return undefined;
    return { key: `comment:${nameOfRow(about)}`, kind: 'comment', row, words: row.text };
  },
  REACT: (view, row) => {
    const [about, reaction] = [view.history.find(row.sub), kindOf(row)];
    if (!about || !isMine(view, about) || !reaction) return undefined;
    return { key: `reaction:${nameOfRow(about)}`, kind: 'reaction', row, reaction, ...perhaps(about.text) };
  },
  REPOST: (view, row) => {
    const about = view.history.find(row.sub);
    if (!about || !isMine(view, about) || isEnd(row)) return undefined;
    return { key: `repost:${nameOfRow(about)}`, kind: 'repost', row, ...perhaps(about.text) };
  },
  POST: (view, row) => {
    const { history, directory } = view;
    if (row.aud !== directory.idTag || isEnd(row)) return undefined;
    const approved = history.words(row, 'APRV').some(({ iss }) => iss === directory.idTag);
    const kind = approved ? 'wall' : 'approval';
    return { key: `${kind}:${row.id}`, kind, row, open: !approved, words: row.text };
  },
  APRV: (view, row) => {
    const about = view.history.find(row.sub);
    if (!about || about.type !== 'POST' || about.iss !== view.directory.idTag) return undefined;
    return { key: `approved:${row.id}`, kind: 'approved', row, words: about.text };
  },
  FSHR: ({ directory, entered }, row) => {
    if (row.aud !== directory.idTag || isEnd(row)) return undefined;
    const open = !entered.has(row.sub ?? '');
    return {
      key: `share:${row.iss}:${row.sub}`,
      kind: 'share',
      row,
      open,
      ...perhaps(nameOf(row.content, 'fileName')),
    };
  },
  INVT: ({ history, directory }, row) => {
    if (row.aud !== directory.idTag || isEnd(row)) return undefined;
    const conversation = history.find(row.sub);
    const answered =
      conversation && history.words(conversation, 'SUBS').some(({ iss }) => iss === directory.idTag);
    const name = nameOf(conversation?.content, 'name');
    return {
      ...{ key: `invitation:${row.sub}`, kind: 'invitation', row, open: !answered },
      ...perhaps(name),
      ...(conversation && { conversation: conversation.id }),
    };
  },
};

/** What was seen long ago is not told any more. */
const most = 200;

function toNotice(events: Event[], { directory }: View, mark: number): NoticeView {
  const sorted = events.sort((a, b) => b.row.receivedAt - a.row.receivedAt);
  const { key, kind, row, words, open = false, conversation } = sorted[0]!;
  const people = [...new Set(sorted.map((event) => event.row.iss))];
  const reactions = [...new Set(sorted.flatMap(({ reaction }) => reaction ?? []))];
  return {
    ...{ key, kind, at: row.receivedAt, open, row: row.id },
    people: people.map((idTag) => ({ idTag, name: directory.nameOf(idTag) })),
    unread: row.receivedAt > mark,
    ...(words && { words }),
    ...(conversation && { conversation }),
    ...(reactions.length > 0 && { reactions }),
    ...(kind === 'share' && row.sub && { document: row.sub }),
  };
}

/** Keys and device logs that are not what they were. */
function toWarnings(people: readonly PersonRow[], mark: number): NoticeView[] {
  return people.flatMap(({ idTag, name, trust, blocked }) => {
    if (blocked || !trust || (trust.state !== 'changed' && trust.state !== 'forked')) return [];
    const { at } = trust;
    return [
      { key: `trust:${idTag}`, kind: 'trust', people: [{ idTag, name }], at, unread: at > mark, open: true },
    ];
  });
}

export interface NoticeSurroundings {
  directory: Directory;
  /** `receivedAt` of the latest that was seen. */
  mark: number;
  /** Ids of shared documents that stand among one's own. */
  entered: ReadonlySet<string>;
}

/** What others did, newest first, alike things together. Pure. */
export function buildNotices(
  history: History,
  people: readonly PersonRow[],
  { directory, mark, entered }: NoticeSurroundings,
): NoticeView[] {
  const view = { history, directory, entered };
  const events = history.rows.flatMap((row) => {
    if (row.raw || row.iss === directory.idTag || directory.isHidden(row.iss)) return [];
    return readers[row.type]?.(view, row) ?? [];
  });
  const groups = [...Map.groupBy(events, ({ key }) => key).values()];
  return [...groups.map((group) => toNotice(group, view, mark)), ...toWarnings(people, mark)]
    .sort((a, b) => b.at - a.at)
    .filter(({ open, unread }, i) => open || unread || i < most);
}
