import { parseDescriptor } from '../../../shared/file/descriptor.ts';
import type { ActionRow } from '../store/action-rows.ts';

export type DeliveryState = 'waiting' | 'sent' | 'delivered' | 'refused';

/** A comment as it is shown. Times are milliseconds. */
export interface CommentView {
  /** The `id` of its row. */
  id: string;
  author: string;
  name: string;
  text: string;
  at: number;
  state: DeliveryState;
  reason?: string;
}

export interface PostView extends CommentView {
  pictures: { id: string; width?: number; height?: number }[];
  /** The last word of each person who likes it; `text` is empty. */
  likes: CommentView[];
  liked: boolean;
  comments: CommentView[];
}

/** Where an action stands, in one word: never better than its worst delivery. */
export function deliveryState(
  { state, deliveries }: ActionRow,
  own: boolean,
): { state: DeliveryState; reason?: string } {
  if (state === 'waiting') return { state };
  if (state === 'refused') return { state };
  const refused = deliveries.find(
    (delivery) => delivery.state === 'refused' || delivery.state === 'quarantined',
  );
  if (refused) return { state: 'refused', reason: `${refused.to}: ${refused.reason ?? refused.state}` };
  if (!own) return { state: 'delivered' };
  return {
    state: deliveries.length > 0 && deliveries.every((to) => to.state === 'delivered') ? 'delivered' : 'sent',
  };
}

function toComment(row: ActionRow, idTag: string, names: ReadonlyMap<string, string>): CommentView {
  const { state, reason = row.reason } = deliveryState(row, row.iss === idTag);
  return {
    id: row.id,
    author: row.iss,
    name: names.get(row.iss) ?? row.iss,
    text: row.text,
    at: row.iat * 1000,
    state,
    ...(reason === undefined ? {} : { reason }),
  };
}

/** The largest rendition of each picture; `id` is its blob. */
function toPictures({ files }: ActionRow): PostView['pictures'] {
  return files.flatMap(({ descriptor }) => {
    if (descriptor === '') return [];
    const largest = [...parseDescriptor(descriptor)].sort((a, b) => b.width - a.width)[0];
    return largest ? [{ id: largest.blob, width: largest.width, height: largest.height }] : [];
  });
}

/** The last word of each issuer on a subject. */
function lastReactions(rows: readonly ActionRow[]): ActionRow[] {
  const last = new Map<string, ActionRow>();
  for (const row of rows) {
    const before = last.get(row.iss);
    if (!before || row.iat > before.iat) last.set(row.iss, row);
  }
  return [...last.values()].filter(({ t }) => t !== 'REACT:DEL');
}

/** Posts with their comments and likes, newest first. Pure: rows in, what is shown out. */
export function buildFeed(
  rows: readonly ActionRow[],
  idTag: string,
  names: ReadonlyMap<string, string>,
): PostView[] {
  const live = rows.filter(({ state }) => state !== 'superseded');
  const byAbout = Map.groupBy(
    live.filter(({ about }) => about !== undefined),
    ({ about }) => about!,
  );
  const about = ({ id, actionId }: ActionRow): ActionRow[] =>
    [...new Set([id, actionId ?? id])].flatMap((name) => byAbout.get(name) ?? []);
  return live
    .filter(({ t }) => t.startsWith('POST') && t !== 'POST:DEL')
    .sort((a, b) => b.iat - a.iat)
    .map((row) => {
      const replies = about(row);
      const likes = lastReactions(
        replies.filter(({ t, state }) => t.startsWith('REACT') && state !== 'refused'),
      );
      const comments = replies.filter(({ t }) => t === 'CMNT').sort((a, b) => a.iat - b.iat);
      return {
        ...toComment(row, idTag, names),
        pictures: toPictures(row),
        likes: likes.map((like) => toComment(like, idTag, names)),
        liked: likes.some(({ iss }) => iss === idTag),
        comments: comments.map((comment) => toComment(comment, idTag, names)),
      };
    });
}
