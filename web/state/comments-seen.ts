import { createEffect, createMemo, createSignal, type Accessor } from 'solid-js';
import { database } from './documents.ts';
import { createLive } from './live.ts';
import { companions, type CommentMessage } from './text-panels.ts';

/** What others said about the document on the screen and nobody has seen on this device, oldest thread first. Call inside an owner. */
export function createUnread(): Accessor<readonly CommentMessage[]> {
  const [seen, setSeen] = createSignal<ReadonlySet<string>>();
  const doc = createMemo(() => companions()?.id);
  createEffect(() => {
    const id = doc();
    setSeen(undefined);
    if (id === undefined) return;
    const row = createLive(
      database(),
      async (db) => new Set((await db.seen.get(id))?.messages),
      undefined as ReadonlySet<string> | undefined,
    );
    createEffect(() => setSeen(row()));
  });
  return createMemo(() => {
    const [comments, known] = [companions()?.comments, seen()];
    if (comments === undefined || known === undefined) return [];
    const said = comments.threads().flatMap(({ messages }) => messages);
    return said.filter((message) => !known.has(message.id) && !comments.isMine(message));
  });
}

/** Notes that all that is said about the document on the screen now was seen. */
export async function markCommentsSeen(): Promise<void> {
  const beside = companions();
  if (beside === undefined) return;
  const messages = beside.comments.threads().flatMap((thread) => thread.messages.map(({ id }) => id));
  const db = await database();
  await db.seen.put({ doc: beside.id, messages });
}
