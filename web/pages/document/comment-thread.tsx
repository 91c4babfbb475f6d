import Check from 'lucide-solid/icons/check';
import RotateCcw from 'lucide-solid/icons/rotate-ccw';
import Trash from 'lucide-solid/icons/trash';
import { createEffect, createSignal, For, Show } from 'solid-js';
import { t } from '../../i18n/companions/translate.ts';
import { formatTime } from '../../i18n/translate.ts';
import { faceUrl } from '../../state/faces.ts';
import type { CommentMessage, CommentsPort, CommentThread } from '../../state/text-panels.ts';
import { showToast } from '../../state/toasts.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { CommentForm } from './comment-form.tsx';

/** Does something after which what has the focus may be gone: then the thread has it, or else the panel, and not the page. */
export function actInPanel(panel: HTMLElement | null | undefined, act: () => void): void {
  const thread = document.activeElement?.closest<HTMLElement>('.thread-card');
  act();
  // One that is gone, or folded away, does not take it.
  for (const next of [thread, panel?.querySelector<HTMLElement>('.thread-card.active'), panel])
    if (document.activeElement === document.body) next?.focus();
}

/** One conversation: what it is about, what was said, and what can be said to it. */
export function CommentThreadCard(props: {
  thread: CommentThread;
  comments: CommentsPort;
  fresh: ReadonlySet<string>;
}) {
  const [answering, setAnswering] = createSignal(false);
  let card: HTMLLIElement | undefined;
  const act = (run: () => void) => actInPanel(card?.closest<HTMLElement>('.comments-panel'), run);
  const isActive = () => props.comments.active() === props.thread.id;
  createEffect(() => {
    if (isActive()) card?.scrollIntoView({ block: 'nearest' });
  });
  return (
    <li ref={card} tabindex="-1" class="thread-card" classList={{ active: isActive() }} data-testid="thread">
      <Quote thread={props.thread} comments={props.comments} />
      <ol role="list" class="thread-messages">
        <For each={props.thread.messages}>
          {(message) => (
            <Message
              message={message}
              thread={props.thread}
              comments={props.comments}
              isNew={props.fresh.has(message.id)}
              act={act}
            />
          )}
        </For>
      </ol>
      <Show when={props.comments.mayComment()}>
        <Show
          when={answering()}
          fallback={
            <div class="comment-buttons">
              <Resolve thread={props.thread} comments={props.comments} act={act} />
              <button type="button" class="button quiet" onClick={() => setAnswering(true)}>
                {t('comments.answer')}
              </button>
            </div>
          }
        >
          <CommentForm
            about={props.thread.id}
            label={t('comments.answerTo', { name: nameOf(props.thread.messages[0], props.comments) })}
            send={t('comments.answer')}
            onSend={(text) =>
              act(() => {
                props.comments.answer(props.thread.id, text);
                setAnswering(false);
              })
            }
            onCancel={() => act(() => setAnswering(false))}
          />
        </Show>
      </Show>
    </li>
  );
}

/** The words it is about; a press brings them into view. */
function Quote(props: { thread: CommentThread; comments: CommentsPort }) {
  return (
    <Show
      when={props.comments.isPlaced(props.thread.id)}
      fallback={
        <p class="thread-quote gone">
          <span class="small">{t('comments.gone')}</span>
          <s>{props.thread.quote}</s>
        </p>
      }
    >
      <button
        type="button"
        class="thread-quote"
        aria-label={t('comments.about', { quote: props.thread.quote })}
        onClick={() => props.comments.show(props.thread.id)}
      >
        {props.thread.quote}
      </button>
    </Show>
  );
}

function Message(props: {
  message: CommentMessage;
  thread: CommentThread;
  comments: CommentsPort;
  isNew: boolean;
  act: (run: () => void) => void;
}) {
  const name = () => nameOf(props.message, props.comments);
  const remove = () => {
    const undo = props.comments.remove(props.thread.id, props.message.id);
    showToast(t('comments.deleted'), { label: t('comments.undo'), run: undo });
  };
  return (
    <li class="thread-message">
      <Avatar idTag={props.message.by} name={name()} src={faceUrl(props.message.by)} small />
      <div>
        <p class="thread-by">
          <strong title={props.message.by}>{name()}</strong>
          <time datetime={new Date(props.message.at).toISOString()}>
            {formatTime(props.message.at, Date.now())}
          </time>
          <Show when={props.isNew}>
            <span class="thread-new">{t('comments.isNew')}</span>
          </Show>
        </p>
        <p class="thread-text">{props.message.text}</p>
      </div>
      <Show when={props.comments.isMine(props.message) && props.comments.mayComment()}>
        <button
          type="button"
          class="icon-button"
          aria-label={t('comments.delete')}
          title={t('comments.delete')}
          onClick={() => props.act(remove)}
        >
          <Trash size={15} />
        </button>
      </Show>
    </li>
  );
}

function Resolve(props: { thread: CommentThread; comments: CommentsPort; act: (run: () => void) => void }) {
  const isResolved = () => props.thread.resolved > 0;
  return (
    <button
      type="button"
      class="button quiet"
      onClick={() => props.act(() => props.comments.resolve(props.thread.id, !isResolved()))}
    >
      <Show when={isResolved()} fallback={<Check size={15} />}>
        <RotateCcw size={15} />
      </Show>
      {isResolved() ? t('comments.reopen') : t('comments.resolve')}
    </button>
  );
}

function nameOf(message: CommentMessage | undefined, comments: CommentsPort): string {
  if (message === undefined) return t('comments.nobody');
  if (message.name !== '') return message.name;
  return comments.isMine(message) ? t('comments.me') : message.by || t('comments.nobody');
}
