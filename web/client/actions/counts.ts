import * as v from 'valibot';
import { statSchema } from '../../../shared/action/types/stat/stat.ts';
import type { ActionRow } from '../store/action-rows.ts';
import { type History, isEnd } from './history.ts';
import { type ReactionKind, reactionKinds } from './reactions.ts';

/** How often something was answered. */
export interface Counts {
  reactions: Partial<Record<ReactionKind, number>>;
  comments: number;
  reposts: number;
  /** Whose relay said so; absent when all of it is known here. */
  countedBy?: string;
}

const codes: Record<string, ReactionKind> = {
  L: 'LIKE',
  V: 'LOVE',
  H: 'LAUGH',
  W: 'WOW',
  S: 'SAD',
  A: 'ANGRY',
};

export function kindOf({ t }: ActionRow): ReactionKind | undefined {
  // One that names no kind is a like.
  return t === 'REACT' ? 'LIKE' : reactionKinds.find((kind) => t === `REACT:${kind}`);
}

function parseReactions(told = ''): Counts['reactions'] {
  const counts: Counts['reactions'] = {};
  for (const part of told.split(',').slice(1)) {
    const kind = codes[part[0] ?? ''];
    if (kind) counts[kind] = Number(part.slice(1));
  }
  return counts;
}

function add(counts: Counts['reactions'], row: ActionRow | undefined, by: 1 | -1): void {
  const kind = row && kindOf(row);
  if (kind) counts[kind] = Math.max(0, (counts[kind] ?? 0) + by);
}

/** Answers to answers are shown down to this depth. */
export const deepest = 50;

/** All comments below an action. */
function countComments(history: History, row: ActionRow, depth = 0): number {
  if (depth > deepest) return 0;
  return history
    .answers(row, 'CMNT')
    .reduce((sum, comment) => sum + 1 + countComments(history, comment, depth + 1), 0);
}

/** What this device has of it. */
function countHere(history: History, row: ActionRow): Counts {
  const reactions: Counts['reactions'] = {};
  for (const word of history.words(row, 'REACT')) add(reactions, word, 1);
  const reposts = history.words(row, 'REPOST').filter((word) => !isEnd(word)).length;
  return { reactions, comments: countComments(history, row), reposts };
}

/**
 * SPEC R8: what belongs to oneself is counted here; of what belongs to others the word of its owner counts, and what one has said
 * since.
 */
export function countAnswers(history: History, row: ActionRow, idTag: string): Counts {
  const here = countHere(history, row);
  const owner = row.aud ?? row.iss;
  const stat = history
    .answers(row, 'STAT')
    .filter(({ iss }) => iss === owner)
    .sort((a, b) => b.iat - a.iat)[0];
  const told = v.safeParse(statSchema, stat?.content);
  if (owner === idTag || !stat || !told.success) return here;
  const isSince = ({ iss, iat }: ActionRow) => iss === idTag && iat > stat.iat;
  const reactions = parseReactions(told.output.r);
  const mine = history.words(row, 'REACT').find(isSince);
  if (mine) {
    add(reactions, history.before(mine, stat.iat), -1);
    add(reactions, mine, 1);
  }
  const newComments = history.answers(row, 'CMNT').filter(isSince).length;
  const newReposts = history.words(row, 'REPOST').filter((word) => isSince(word) && !isEnd(word)).length;
  return {
    reactions,
    comments: Math.max(here.comments, (told.output.c ?? 0) + newComments),
    reposts: Math.max(here.reposts, (told.output.rp ?? 0) + newReposts),
    countedBy: owner,
  };
}
