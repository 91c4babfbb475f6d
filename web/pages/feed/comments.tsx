import { createSignal, For, Show } from 'solid-js';
import type { CommentView, PostView } from '../../client/actions/feed.ts';
import { t, tCount } from '../../i18n/social/translate.ts';
import type { FeedSource } from '../../state/feed.ts';
import { attempt } from '../../state/attempt.ts';
import { LinkedText } from '../../ui/linked-text.tsx';
import { Byline } from './byline.tsx';
import { ItemMenu } from './item-menu.tsx';
import { ProofView } from './proof-view.tsx';
import { ReactionButtons } from './reaction-buttons.tsx';
import { Reactions } from './reactions.tsx';
import { StateLine } from './state-line.tsx';

/** So many are shown at first; what came before is asked for. */
const shownFirst = 4;
/** Deeper answers stand under those of this depth without another step in. */
const deepestStep = 3;

/** The thread under a post. */
export function Comments(props: { post: PostView; source: FeedSource }) {
  const [all, setAll] = createSignal(false);
  const hidden = () => (all() ? 0 : Math.max(0, props.post.comments.length - shownFirst));
  const elsewhere = () => props.post.counts.comments - countKnown(props.post.comments);
  return (
    <Show when={props.post.counts.comments > 0}>
      <div class="comments">
        <Show when={hidden() > 0}>
          <button type="button" class="button quiet comments-earlier" onClick={() => setAll(true)}>
            {tCount('feed.earlier', hidden())}
          </button>
        </Show>
        <Show when={props.post.comments.length > 0}>
          <Thread comments={props.post.comments.slice(hidden())} source={props.source} depth={0} />
        </Show>
        <Show when={elsewhere() > 0}>
          <p class="quiet-text small">
            {tCount('feed.elsewhere', elsewhere(), {
              name: props.post.counts.countedBy ?? props.post.author,
            })}
          </p>
        </Show>
      </div>
    </Show>
  );
}

function countKnown(comments: readonly CommentView[]): number {
  return comments.reduce((sum, comment) => sum + 1 + countKnown(comment.comments), 0);
}

function Thread(props: { comments: readonly CommentView[]; source: FeedSource; depth: number }) {
  return (
    <ol role="list" class="thread" classList={{ flat: props.depth > deepestStep }}>
      <For each={props.comments}>
        {(comment) => (
          <li class="comment" data-id={comment.id}>
            <Comment comment={comment} source={props.source} />
            <Show when={comment.comments.length > 0}>
              <Thread comments={comment.comments} source={props.source} depth={props.depth + 1} />
            </Show>
          </li>
        )}
      </For>
    </ol>
  );
}

function Comment(props: { comment: CommentView; source: FeedSource }) {
  const [replying, setReplying] = createSignal(false);
  return (
    <div class="comment-said" data-testid="comment">
      <Byline item={props.comment} small />
      <div class="comment-body">
        <p class="post-text">
          <LinkedText text={props.comment.text} />
        </p>
        <StateLine item={props.comment} source={props.source} quiet />
        <div class="comment-actions">
          <Show when={!props.comment.closed.reactions}>
            <ReactionButtons item={props.comment} source={props.source} small />
          </Show>
          <Show when={!props.comment.closed.comments}>
            <button
              type="button"
              class="button quiet"
              aria-expanded={replying()}
              onClick={() => setReplying(!replying())}
            >
              {t('feed.reply')}
            </button>
          </Show>
          <ItemMenu item={props.comment} source={props.source} />
          <ProofView item={props.comment} source={props.source} />
        </div>
        <Reactions item={props.comment} source={props.source} />
        <Show when={replying()}>
          <CommentForm
            id={props.comment.id}
            label={t('feed.replyTo', { name: props.comment.name })}
            source={props.source}
            onDone={() => setReplying(false)}
          />
        </Show>
      </div>
    </div>
  );
}

/** A line to answer with; Escape gives it up. */
export function CommentForm(props: { id: string; label: string; source: FeedSource; onDone: () => void }) {
  const [text, setText] = createSignal('');
  const submit = async () => {
    const words = text().trim();
    if (words && (await attempt(props.source.comment(props.id, words)))) props.onDone();
  };
  return (
    <form
      class="comment-form"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <input
        ref={(input) => queueMicrotask(() => input.focus())}
        class="input"
        aria-label={props.label}
        placeholder={props.label}
        value={text()}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          props.onDone();
        }}
      />
      <button type="submit" class="button primary" disabled={text().trim() === ''}>
        {t('feed.send')}
      </button>
    </form>
  );
}
