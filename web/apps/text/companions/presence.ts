import type { EditorView } from 'prosemirror-view';
import { createSignal } from 'solid-js';
import * as v from 'valibot';
import type { Awareness } from 'y-protocols/awareness';
import { relativePositionToAbsolutePosition } from 'y-prosemirror';
import * as Y from 'yjs';
import type { PresencePort, Present } from '../../../state/text-panels.ts';
import { contentOf } from './comment-plugin.ts';
import { bringIntoView } from './comments.ts';

/** So many faces are known; more are not told apart anyway. */
const MOST = 50;
const userSchema = v.object({
  user: v.object({
    name: v.pipe(
      v.string(),
      v.transform((name) => name.slice(0, 40)),
    ),
    color: v.fallback(v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/i)), '#7a7a7a'),
  }),
});
const cursorSchema = v.object({ cursor: v.object({ head: v.unknown() }) });

/** Who else has the document open; others send what they like. */
export function readPresent(awareness: Awareness): Present[] {
  const present: Present[] = [];
  for (const [client, state] of awareness.getStates()) {
    const read = v.safeParse(userSchema, state);
    if (client === awareness.clientID || !read.success || present.length === MOST) continue;
    present.push({ client, ...read.output.user });
  }
  return present.sort((a, b) => a.client - b.client);
}

/** What the faces above the text see and do. */
export function createPresence(view: EditorView, awareness: Awareness): PresencePort & { close(): void } {
  const [others, setOthers] = createSignal(readPresent(awareness), { equals: isSame });
  const [following, setFollowing] = createSignal<number>();
  const lookAfter = () => {
    const client = following();
    const pos = client === undefined ? undefined : caretOf(view, awareness, client);
    if (pos !== undefined) bringIntoView(view, Math.min(pos, view.state.doc.content.size));
  };
  const end = () => follow(undefined);
  const follow = (client: number | undefined) => {
    for (const event of ['wheel', 'touchmove', 'keydown'] as const) {
      if (client === undefined) removeEventListener(event, end);
      else addEventListener(event, end, { passive: true });
    }
    setFollowing(client);
    lookAfter();
  };
  const onChange = () => {
    setOthers(readPresent(awareness));
    if (!others().some(({ client }) => client === following())) end();
    // The text follows in the same task.
    queueMicrotask(() => (view.isDestroyed ? undefined : lookAfter()));
  };
  awareness.on('change', onChange);
  return {
    ...{ others, following, follow },
    close() {
      awareness.off('change', onChange);
      end();
    },
  };
}

function isSame(before: Present[], now: Present[]): boolean {
  return JSON.stringify(before) === JSON.stringify(now);
}

function caretOf(view: EditorView, awareness: Awareness, client: number): number | undefined {
  const read = v.safeParse(cursorSchema, awareness.getStates().get(client));
  const content = contentOf(view.state, awareness.doc.getXmlFragment('content'));
  if (!read.success || content === undefined) return undefined;
  const { fragment, mapping } = content;
  try {
    const head = Y.createRelativePositionFromJSON(read.output.cursor.head);
    return relativePositionToAbsolutePosition(awareness.doc, fragment, head, mapping) ?? undefined;
  } catch {
    // A caret that points nowhere is not followed.
    return undefined;
  }
}
