import { createEffect, createMemo, createSignal, For, Show } from 'solid-js';
import { t, tCount } from '../../i18n/companions/translate.ts';
import { attempt } from '../../state/attempt.ts';
import { createUnread, markCommentsSeen } from '../../state/comments-seen.ts';
import { isCoarse } from '../../state/pointer.ts';
import type { CommentsPort } from '../../state/text-panels.ts';
import { showToast } from '../../state/toasts.ts';
import { CommentForm } from './comment-form.tsx';
import { actInPanel, CommentThreadCard } from './comment-thread.tsx';

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** Conversations about words of the text, in its order; those that are done are folded away. */
export function CommentsPanel(props: { id: string; comments: CommentsPort; focusText: () => void }) {
  let panel: HTMLDivElement | undefined;
  const fresh = createFresh();
  const ids = (resolved: boolean) =>
    createMemo(
      () =>
        props.comments
          .threads()
          .filter((thread) => thread.resolved > 0 === resolved)
          .map(({ id }) => id),
      undefined,
      { equals: (before, now) => before?.join() === now.join() },
    );
  const [open, resolved] = [ids(false), ids(true)];
  return (
    <div ref={panel} class="comments-panel" tabindex="-1">
      <Show when={props.comments.mayComment()} fallback={<p class="quiet-text">{t('comments.readOnly')}</p>}>
        <Begin {...props} start={(text) => actInPanel(panel, () => props.comments.start(text))} />
      </Show>
      <Show when={open().length + resolved().length === 0 && props.comments.draft() === undefined}>
        <p class="quiet-text">{emptyWords(props.comments.mayComment())}</p>
      </Show>
      <Threads ids={open()} comments={props.comments} fresh={fresh()} />
      <Show when={resolved().length > 0}>
        <details class="comments-resolved">
          <summary>{tCount('comments.resolved', resolved().length)}</summary>
          <Threads ids={resolved()} comments={props.comments} fresh={fresh()} />
        </details>
      </Show>
    </div>
  );
}

/** What was not seen when the panel came, or since: it stays marked as new until the panel goes, and is noted as seen. */
function createFresh(): () => ReadonlySet<string> {
  const unread = createUnread();
  const [fresh, setFresh] = createSignal<ReadonlySet<string>>(new Set<string>());
  createEffect(() => {
    const added = unread();
    if (added.length === 0) return;
    setFresh((before) => new Set([...before, ...added.map(({ id }) => id)]));
    void attempt(markCommentsSeen());
  });
  return fresh;
}

function emptyWords(may: boolean): string {
  if (!may) return t('comments.noneRead');
  if (isCoarse()) return t('comments.noneTouch');
  return t('comments.none', { keys: isMac ? '⌘⌥M' : 'Ctrl+Alt+M' });
}

/** The comment that is being written, or the way to begin one. */
function Begin(props: {
  id: string;
  comments: CommentsPort;
  start: (text: string) => void;
  focusText: () => void;
}) {
  const begin = () => {
    if (!props.comments.begin()) showToast(t('comments.selectFirst'));
  };
  const end = () => {
    props.comments.cancel();
    props.focusText();
  };
  return (
    <Show
      when={props.comments.draft()}
      fallback={
        <button
          type="button"
          class="button comments-begin"
          // The text keeps its selection.
          onMouseDown={(event) => event.preventDefault()}
          onClick={begin}
        >
          {t('comments.add')}
        </button>
      }
    >
      {(quote) => (
        <div class="thread-card draft">
          <p class="thread-quote">{quote()}</p>
          <CommentForm
            about={props.id}
            label={t('comments.new')}
            send={t('comments.send')}
            onSend={props.start}
            onCancel={end}
          />
        </div>
      )}
    </Show>
  );
}

function Threads(props: { ids: readonly string[]; comments: CommentsPort; fresh: ReadonlySet<string> }) {
  const find = (id: string) => props.comments.threads().find((thread) => thread.id === id);
  return (
    <ul role="list" class="beside-list">
      <For each={props.ids}>
        {(id) => (
          <Show when={find(id)}>
            {(thread) => (
              <CommentThreadCard thread={thread()} comments={props.comments} fresh={props.fresh} />
            )}
          </Show>
        )}
      </For>
    </ul>
  );
}
