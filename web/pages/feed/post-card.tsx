import MessageCircle from 'lucide-solid/icons/message-circle';
import Repeat from 'lucide-solid/icons/repeat-2';
import { createSignal, For, Show } from 'solid-js';
import type { FeedEntry, PostView } from '../../client/actions/feed.ts';
import { t, tCount } from '../../i18n/social/translate.ts';
import { formatNumber } from '../../i18n/translate.ts';
import type { FeedSource } from '../../state/feed.ts';
import { attempt } from '../../state/attempt.ts';
import { LinkedText } from '../../ui/linked-text.tsx';
import { Byline } from './byline.tsx';
import { CommentForm, Comments } from './comments.tsx';
import { ItemMenu } from './item-menu.tsx';
import { PictureView } from './picture-view.tsx';
import { ProofView } from './proof-view.tsx';
import { ReactionButtons } from './reaction-buttons.tsx';
import { Reactions } from './reactions.tsx';
import { StateLine } from './state-line.tsx';

/** One post with all that belongs to it. */
export function PostCard(props: { entry: FeedEntry; source: FeedSource }) {
  const [commenting, setCommenting] = createSignal(false);
  const post = () => props.entry.post;
  return (
    <article class="post" data-id={post().id}>
      <Show when={props.entry.repost}>
        {(repost) => (
          <p class="post-context">
            <Repeat size={14} aria-hidden="true" />
            {t('feed.reposted', { name: repost().name })}
          </p>
        )}
      </Show>
      <Byline item={post()} visibility={post().visibility} />
      <div class="post-body">
        <Wall post={post()} source={props.source} />
        <Words post={post()} source={props.source} />
        <StateLine item={post()} source={props.source} />
        <PostActions
          post={post()}
          source={props.source}
          commenting={commenting()}
          onComment={() => setCommenting(!commenting())}
        />
        <Reactions item={post()} source={props.source} />
        <Comments post={post()} source={props.source} />
        <Show when={commenting()}>
          <CommentForm
            id={post().id}
            label={t('feed.commentOn')}
            source={props.source}
            onDone={() => setCommenting(false)}
          />
        </Show>
      </div>
    </article>
  );
}

/** On whose wall it stands, and whether that one stands by it. */
function Wall(props: { post: PostView; source: FeedSource }) {
  return (
    <Show when={props.post.wall}>
      {(wall) => (
        <p class="post-context">
          {t('feed.wall.of', { name: wall().name })}
          <Show when={wall().approval === 'open'}>
            <span class="post-open">{t('feed.wall.open')}</span>
          </Show>
          <Show when={props.post.mayApprove}>
            <button
              type="button"
              class="button primary"
              onClick={() => void attempt(props.source.approve(props.post.id))}
            >
              {t('feed.wall.approve')}
            </button>
          </Show>
        </p>
      )}
    </Show>
  );
}

function Words(props: { post: PostView; source: FeedSource }) {
  return (
    <>
      <Show
        when={props.post.raw}
        fallback={
          <p class="post-text">
            <LinkedText text={props.post.text} />
          </p>
        }
      >
        {(type) => (
          <>
            <p class="quiet-text small">{t('feed.raw', { type: type() })}</p>
            <pre class="post-raw">{props.post.text}</pre>
          </>
        )}
      </Show>
      <Show when={props.post.pictures.length > 0}>
        <div
          class="post-pictures"
          data-count={props.post.pictures.length > 4 ? 'many' : props.post.pictures.length}
        >
          <For each={props.post.pictures}>
            {(picture) => <PictureView picture={picture} text={props.post.text} source={props.source} />}
          </For>
        </div>
      </Show>
    </>
  );
}

function PostActions(props: {
  post: PostView;
  source: FeedSource;
  commenting: boolean;
  onComment: () => void;
}) {
  const comments = () => props.post.counts.comments;
  return (
    <div class="post-actions">
      <Show when={!props.post.raw && !props.post.closed.reactions}>
        <ReactionButtons item={props.post} source={props.source} />
      </Show>
      <Show when={!props.post.raw && !props.post.closed.comments}>
        <button
          type="button"
          class="button quiet"
          aria-expanded={props.commenting}
          aria-label={`${t('feed.comment')} – ${tCount('feed.comments', comments())}`}
          onClick={() => props.onComment()}
        >
          <MessageCircle size={18} />
          <span>{comments() > 0 ? formatNumber(comments()) : ''}</span>
        </button>
      </Show>
      <RepostButton post={props.post} source={props.source} />
      <ItemMenu item={props.post} source={props.source} />
      <ProofView item={props.post} source={props.source} />
    </div>
  );
}

/** Only what is public can be shown to others. */
function RepostButton(props: { post: PostView; source: FeedSource }) {
  const label = () => (props.post.reposted ? t('feed.unrepost') : t('feed.repost'));
  const run = () => {
    const { id, reposted } = props.post;
    void attempt(reposted ? props.source.unrepost(id) : props.source.repost(id));
  };
  return (
    <Show when={props.post.mayRepost}>
      <button
        type="button"
        class="button quiet"
        aria-pressed={props.post.reposted}
        aria-label={`${label()} – ${tCount('feed.reposts', props.post.counts.reposts)}`}
        title={label()}
        onClick={run}
      >
        <Repeat size={18} />
        <span>{props.post.counts.reposts > 0 ? formatNumber(props.post.counts.reposts) : ''}</span>
      </button>
    </Show>
  );
}
