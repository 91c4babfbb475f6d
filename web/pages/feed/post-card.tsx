import Heart from 'lucide-solid/icons/heart';
import MessageCircle from 'lucide-solid/icons/message-circle';
import { createSignal, For, Show } from 'solid-js';
import { formatAgo, formatNumber, t, tCount } from '../../i18n/translate.ts';
import type { FeedComment, FeedPost, FeedSource } from '../../state/feed.ts';
import { showToast } from '../../state/toasts.ts';
import { faceUrl } from '../../state/faces.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { PictureView } from './picture-view.tsx';
import { ProofView } from './proof-view.tsx';

/** One post with its pictures, likes, comments and proof. */
export function PostCard(props: { post: FeedPost; source: FeedSource }) {
  const [commenting, setCommenting] = createSignal(false);
  const like = () => void attempt(props.source.setLike(props.post.id, !props.post.liked));
  return (
    <article class="post" data-id={props.post.id}>
      <Byline item={props.post} />
      <div class="post-body">
        <p class="post-text">{props.post.text}</p>
        <For each={props.post.pictures}>
          {(picture) => <PictureView picture={picture} text={props.post.text} source={props.source} />}
        </For>
        <StateLine item={props.post} source={props.source} />
        <div class="post-actions">
          <button
            type="button"
            class="button quiet"
            aria-pressed={props.post.liked}
            aria-label={`${t('feed.like')} – ${tCount('feed.likes', props.post.likes.length)}`}
            onClick={like}
          >
            <Heart size={18} />
            <span>{props.post.likes.length > 0 ? formatNumber(props.post.likes.length) : ''}</span>
          </button>
          <button
            type="button"
            class="button quiet"
            aria-expanded={commenting()}
            aria-label={`${t('feed.comment')} – ${tCount('feed.comments', props.post.comments.length)}`}
            onClick={() => setCommenting(!commenting())}
          >
            <MessageCircle size={18} />
            <span>{props.post.comments.length > 0 ? formatNumber(props.post.comments.length) : ''}</span>
          </button>
          <ProofView item={props.post} source={props.source} />
        </div>
        <Show when={props.post.likes.length > 0}>
          <ul role="list" class="likes" aria-label={t('feed.likedBy')}>
            <For each={props.post.likes}>
              {(like) => (
                <li class="like" data-id={like.id}>
                  <Heart size={14} aria-hidden="true" />
                  <span class="byline-tag">{like.author}</span>
                  <StateLine item={like} source={props.source} />
                  <ProofView item={like} source={props.source} />
                </li>
              )}
            </For>
          </ul>
        </Show>
        <Show when={props.post.comments.length > 0}>
          <ol role="list" class="comments">
            <For each={props.post.comments}>
              {(comment) => (
                <li class="comment" data-id={comment.id}>
                  <Byline item={comment} small />
                  <div class="comment-body">
                    <p class="post-text">{comment.text}</p>
                    <StateLine item={comment} source={props.source} />
                    <ProofView item={comment} source={props.source} />
                  </div>
                </li>
              )}
            </For>
          </ol>
        </Show>
        <Show when={commenting()}>
          <CommentForm post={props.post} source={props.source} onDone={() => setCommenting(false)} />
        </Show>
      </div>
    </article>
  );
}

/** The trust mark: face, name and domain together, so that a name alone convinces nobody. */
function Byline(props: { item: FeedComment; small?: boolean }) {
  return (
    <header class="byline">
      <Avatar
        idTag={props.item.author}
        name={props.item.name}
        src={faceUrl(props.item.author)}
        small={props.small === true}
      />
      <span class="byline-who">
        <span class="byline-name">{props.item.name || props.item.author}</span>
        <Show when={props.item.name && props.item.name !== props.item.author}>
          <span class="byline-tag">{props.item.author}</span>
        </Show>
      </span>
      <time class="byline-time" datetime={new Date(props.item.at).toISOString()}>
        {formatAgo(props.item.at, Date.now())}
      </time>
    </header>
  );
}

/** Where an own statement is on its way; a refusal stays attached, with a way to try again. */
function StateLine(props: { item: FeedComment; source: FeedSource }) {
  return (
    <Show when={props.item.state !== 'delivered'}>
      <p class="post-state" data-state={props.item.state}>
        <span class="chip-dot" aria-hidden="true" />
        {props.item.state === 'refused'
          ? t('feed.state.refused', { reason: props.item.reason ?? '' })
          : t(`feed.state.${props.item.state}`)}
        <Show when={props.item.state === 'refused'}>
          <button
            type="button"
            class="button"
            onClick={() => void attempt(props.source.retry(props.item.id))}
          >
            {t('feed.retry')}
          </button>
        </Show>
      </p>
    </Show>
  );
}

function CommentForm(props: { post: FeedPost; source: FeedSource; onDone: () => void }) {
  const [text, setText] = createSignal('');
  const submit = async () => {
    const words = text().trim();
    if (words && (await attempt(props.source.comment(props.post.id, words)))) props.onDone();
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
        aria-label={t('feed.commentOn')}
        placeholder={t('feed.commentOn')}
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

/** Runs an action; a failure is told and false. */
async function attempt(action: Promise<void>): Promise<boolean> {
  try {
    await action;
    return true;
  } catch (reason) {
    showToast(t('feed.failed', { message: reason instanceof Error ? reason.message : String(reason) }));
    return false;
  }
}
