import * as v from 'valibot';
import type { Statement } from '../../../shared/action/action.ts';
import { parseIdTag } from '../../../shared/identity/id-tag.ts';
import type { ActionRow } from '../store/action-rows.ts';
import { storePicture } from './picture.ts';
import type { ReactionKind } from './reactions.ts';
import { ownerOf, parseOther, readRow, type Say } from './say.ts';
import { findConversation } from './conversations.ts';
import type { NewAction } from './write.ts';

export interface NewPost {
  text: string;
  pictures?: readonly File[];
  /** P everybody, F followers, C those who are connected. F when absent. */
  visibility?: 'P' | 'F' | 'C';
  /** On whose wall; one's own when absent. */
  wall?: string;
}

/** Takes back what waits: false when it has gone out. */
export type Undo = () => Promise<boolean>;

/** What is said to many, and answered. Names (`id`) are ids of rows. */
export interface Posts {
  post(post: NewPost): Promise<string>;
  /** `id` may be a post or a comment. */
  comment(id: string, text: string): Promise<string>;
  react(id: string, kind: ReactionKind): Promise<void>;
  unreact(id: string): Promise<void>;
  /** Shows a public post to one's own readers. */
  repost(id: string, text?: string): Promise<string>;
  unrepost(id: string): Promise<void>;
  /** Deletes a post, comment, message or repost of one's own, or one on one's wall; it can be taken back for a few seconds. */
  remove(id: string): Promise<Undo>;
  /** Stands by a post of somebody else on one's own wall, or by a message in one's own conversation. */
  approve(id: string): Promise<void>;
}

/** How long a deletion can be taken back, in milliseconds. */
export const undoTime = 8_000;
/** `DEL` needs some content at stock nodes. */
const nothing = '–';

const visibilitySchema = v.fallback(v.picklist(['P', 'V', '2', 'F', 'C', 'S', 'D']), 'F');

function visibilityOf(row: ActionRow): Statement['v'] {
  return v.parse(visibilitySchema, row.v);
}

export function createPosts(say: Say, later: (ms: number) => void, now: () => number): Posts {
  const { db, idTag, write } = say;

  async function setReaction(id: string, t: string): Promise<void> {
    const row = await readRow(db, id);
    await write({ t, sub: row.id, v: visibilityOf(row), ...ownerOf(say, row) });
  }

  async function undo(id: string): Promise<boolean> {
    return db.transaction('rw', db.actions, db.outbox, async () => {
      const waiting = await db.outbox.where('id').equals(id).first();
      if (!waiting || (waiting.notBefore ?? 0) <= now()) return false;
      await db.outbox.where('id').equals(id).delete();
      await db.actions.delete(id);
      return true;
    });
  }

  return {
    post: async ({ text, pictures = [], visibility = 'F', wall = idTag }) => {
      const uploads = [];
      for (const picture of pictures) uploads.push(await storePicture(db, picture));
      const aud = wall === idTag ? {} : { aud: parseIdTag(wall) };
      return write({
        t: uploads.length > 0 ? 'POST:IMG' : 'POST',
        content: text,
        v: visibility,
        uploads,
        ...aud,
      });
    },
    comment: async (id, text) => {
      const row = await readRow(db, id);
      return write({ t: 'CMNT', content: text, p: row.id, v: visibilityOf(row), ...ownerOf(say, row) });
    },
    react: (id, kind) => setReaction(id, `REACT:${kind}`),
    unreact: (id) => setReaction(id, 'REACT:DEL'),
    repost: async (id, text) => {
      const row = await readRow(db, id);
      return write({ t: 'REPOST', sub: row.id, v: 'P', ...(text && { content: text }) });
    },
    unrepost: async (id) => {
      const row = await readRow(db, id);
      await write({ t: 'REPOST:DEL', sub: row.id, v: 'P' });
    },
    remove: async (id) => {
      const written = await write({ ...takingBack(await readRow(db, id)), hold: undoTime });
      later(undoTime);
      return () => undo(written);
    },
    approve: async (id) => {
      const row = await readRow(db, id);
      const conversation = row.type === 'POST' ? undefined : await findConversation(db, row);
      if (conversation) await write({ t: 'APRV', sub: row.id, p: conversation.id, v: 'S' });
      else await write({ t: 'APRV', sub: row.id, aud: parseOther(say, row.iss), v: 'F' });
    },
  };
}

/** What ends an action: it goes where that went. */
function takingBack(row: ActionRow): NewAction {
  const aud = row.aud === undefined ? {} : { aud: parseIdTag(row.aud) };
  if (row.type === 'REPOST')
    return { t: 'REPOST:DEL', ...(row.sub && { sub: row.sub }), v: visibilityOf(row), ...aud };
  const p = row.p === undefined ? {} : { p: row.p };
  return { t: `${row.type}:DEL`, content: nothing, sub: row.id, v: visibilityOf(row), ...p, ...aud };
}
