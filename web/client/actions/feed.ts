import { parseDescriptor, type Variant } from '../../../shared/file/descriptor.ts';
import type { ActionRow } from '../store/action-rows.ts';
import { type Counts, countAnswers, deepest, kindOf } from './counts.ts';
import type { Directory } from './directory.ts';
import { type History, isEnd } from './history.ts';
import type { ReactionKind } from './reactions.ts';
import { type SaidView, toSaid } from './said.ts';

/** A reaction as it is shown. */
export interface ReactionView extends SaidView {
  kind: ReactionKind;
}

/** What a post and a comment have in common: both are answered. */
export interface AnswerableView extends SaidView {
  /** Those that are known here. */
  reactions: ReactionView[];
  /** One's own. */
  mine?: ReactionKind;
  counts: Counts;
  /** Those that are known here, oldest first. */
  comments: CommentView[];
  mayRemove: boolean;
  /** What its author does not want. */
  closed: { comments: boolean; reactions: boolean };
}

export type CommentView = AnswerableView;

export interface PictureView {
  /** Its blob. */
  id: string;
  width: number;
  height: number;
}

/** Where a post stands that is on somebody's wall. */
export interface WallView {
  idTag: string;
  name: string;
  /** `open`: the owner of the wall has not approved it. `own`: it is that owner's. */
  approval: 'open' | 'approved' | 'own';
}

export interface PostView extends AnswerableView {
  /** Of a type that this version does not know: `text` is what it says, as it came. */
  raw?: string;
  visibility: string;
  wall?: WallView;
  pictures: PictureView[];
  mayRepost: boolean;
  reposted: boolean;
  mayApprove: boolean;
}

/** One entry of the feed. */
export interface FeedEntry {
  /** The post's, or the repost's. */
  id: string;
  /** Who shows it again, when it is not here by itself. */
  repost?: SaidView;
  post: PostView;
}

export interface Feed {
  entries: FeedEntry[];
  /** How many more there are. */
  older: number;
}

interface View {
  history: History;
  directory: Directory;
}

/** None of a file that has not arrived, or whose descriptor cannot be read: the rest is shown without it. */
function readVariants(descriptor: string): Variant[] {
  try {
    return descriptor === '' ? [] : [...parseDescriptor(descriptor)];
  } catch {
    return [];
  }
}

/** The largest rendition of each picture. */
export function toPictures({ files }: ActionRow): PictureView[] {
  return files.flatMap(({ descriptor }) => {
    const largest = readVariants(descriptor).sort((a, b) => b.width - a.width)[0];
    return largest ? [{ id: largest.blob, width: largest.width, height: largest.height }] : [];
  });
}

function toReactions({ history, directory }: View, row: ActionRow): ReactionView[] {
  return history.words(row, 'REACT').flatMap((word) => {
    const kind = kindOf(word);
    return kind && !directory.isHidden(word.iss) ? [{ ...toSaid(word, directory), kind }] : [];
  });
}

function toAnswerable(view: View, row: ActionRow, depth = 0): AnswerableView {
  const { history, directory } = view;
  const reactions = toReactions(view, row);
  const mine = reactions.find(({ own }) => own)?.kind;
  const comments = (depth > deepest ? [] : history.answers(row, 'CMNT'))
    .filter(({ iss }) => !directory.isHidden(iss))
    .sort((a, b) => a.iat - b.iat);
  return {
    ...toSaid(row, directory),
    ...{ reactions, counts: countAnswers(history, row, directory.idTag) },
    ...(mine && { mine }),
    comments: comments.map((comment) => toAnswerable(view, comment, depth + 1)),
    mayRemove: row.state !== 'refused' && [row.iss, row.aud].includes(directory.idTag),
    closed: { comments: row.f?.includes('c') === true, reactions: row.f?.includes('r') === true },
  };
}

function toWall({ history, directory }: View, row: ActionRow): WallView | undefined {
  const { aud, iss } = row;
  if (aud === undefined) return undefined;
  const approved = history.words(row, 'APRV').some((word) => word.iss === aud);
  const approval = iss === aud ? 'own' : approved ? 'approved' : 'open';
  return { idTag: aud, name: directory.nameOf(aud), approval };
}

function toPost(view: View, row: ActionRow): PostView {
  const { directory, history } = view;
  const wall = toWall(view, row);
  const own = row.iss === directory.idTag;
  const mine = history.words(row, 'REPOST').find(({ iss }) => iss === directory.idTag);
  return {
    ...toAnswerable(view, row),
    visibility: row.v ?? 'F',
    ...(wall && { wall }),
    ...(row.raw && { raw: row.t, text: rawText(row) }),
    pictures: toPictures(row),
    mayRepost: row.v === 'P' && row.state === 'accepted' && !row.raw,
    reposted: mine !== undefined && !isEnd(mine),
    mayApprove: !own && wall?.idTag === directory.idTag && wall.approval === 'open',
  };
}

/** What an action of an unknown type says, as it came. */
function rawText({ text, content, sub, p }: ActionRow): string {
  if (text !== '') return text;
  return JSON.stringify(content ?? { ...(p && { p }), ...(sub && { sub }) }, undefined, 2);
}

/** Whether it is here for its own sake, and not only because somebody showed it again. */
function standsByItself({ history, directory }: View, row: ActionRow): boolean {
  if (directory.isNear(row.iss) || row.aud === directory.idTag) return true;
  return history.words(row, 'APRV').some(({ iss }) => iss === row.aud && directory.isNear(iss));
}

/** The repost of somebody that is shown: of several the newest. */
function newestRepost({ history, directory }: View, post: ActionRow): ActionRow | undefined {
  return history
    .words(post, 'REPOST')
    .filter((row) => !isEnd(row) && !directory.isHidden(row.iss))
    .sort((a, b) => b.iat - a.iat)[0];
}

/** An entry of the feed, before all that belongs to it is gathered. */
interface Place {
  at: number;
  post: ActionRow;
  repost?: ActionRow;
}

/** Where a post stands in the feed: by itself, or because somebody shows it again. */
function placeOf(view: View, post: ActionRow): Place | undefined {
  if (isShown(view, post)) return { at: post.iat, post };
  const { directory } = view;
  if (post.type !== 'POST' || isEnd(post) || directory.isHidden(post.iss) || standsByItself(view, post))
    return undefined;
  const repost = newestRepost(view, post);
  return repost && { at: repost.iat, post, repost };
}

function isShown(view: View, row: ActionRow): boolean {
  const { directory } = view;
  if (isEnd(row) || directory.isHidden(row.iss)) return false;
  if (row.raw) return row.iss !== directory.idTag && row.p === undefined && row.state === 'accepted';
  return row.type === 'POST' && standsByItself(view, row);
}

/**
 * Posts with all that answers them, newest first. Pure.
 * @param most how many are gathered; the others are counted
 */
export function buildFeed(history: History, directory: Directory, most: number): Feed {
  const view = { history, directory };
  const places = history.rows
    .flatMap((row) => (row.type === 'POST' || row.raw ? (placeOf(view, row) ?? []) : []))
    .sort((a, b) => b.at - a.at);
  const entries = places.slice(0, most).map(({ post, repost }): FeedEntry => ({
    id: (repost ?? post).id,
    ...(repost && { repost: toSaid(repost, directory) }),
    post: toPost(view, post),
  }));
  return { entries, older: places.length - entries.length };
}
