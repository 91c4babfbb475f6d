import BookOpen from 'lucide-solid/icons/book-open';
import MessageSquare from 'lucide-solid/icons/message-square';
import { For, Show } from 'solid-js';
import { t, tCount } from '../../i18n/companions/translate.ts';
import { createUnread } from '../../state/comments-seen.ts';
import { isCoarse } from '../../state/pointer.ts';
import {
  companions,
  panel,
  reading,
  setPanel,
  setReadingMode,
  type Companions,
  type Present,
} from '../../state/text-panels.ts';

/** So many faces stand beside each other. */
const MOST_FACES = 4;

/** In the header of a text: who else is here, its comments, and on touch screens the way back to reading. */
export default function CompanionTools() {
  return (
    <Show when={companions()}>
      {(beside) => (
        <>
          <Faces beside={beside()} />
          <Show when={beside().mayWrite() && !reading() && isCoarse()}>
            <button
              type="button"
              class="icon-button"
              aria-label={t('mode.readLong')}
              title={t('mode.read')}
              onClick={() => setReadingMode(true, true)}
            >
              <BookOpen size={18} />
            </button>
          </Show>
          <CommentsButton beside={beside()} />
        </>
      )}
    </Show>
  );
}

/** With words selected it begins a comment on them. */
function CommentsButton(props: { beside: Companions }) {
  const unread = createUnread();
  const begin = () => {
    if (panel() !== 'comments') props.beside.comments.begin();
  };
  return (
    <button
      type="button"
      class="icon-button comments-button"
      aria-label={unread().length > 0 ? tCount('panel.commentsNew', unread().length) : t('panel.comments')}
      title={t('panel.comments')}
      aria-expanded={panel() === 'comments'}
      // A touch lets go of the selection before the click.
      onPointerDown={begin}
      onClick={(event) => {
        if (event.detail === 0) begin();
        setPanel(panel() === 'comments' ? undefined : 'comments');
      }}
    >
      <MessageSquare size={18} />
      <Show when={unread().length > 0}>
        <span class="count" aria-hidden="true">
          {unread().length > 99 ? '99+' : unread().length}
        </span>
      </Show>
    </button>
  );
}

function Faces(props: { beside: Companions }) {
  const presence = () => props.beside.presence;
  const shown = () => presence().others().slice(0, MOST_FACES);
  const more = () => presence().others().length - shown().length;
  return (
    <Show when={shown().length > 0}>
      <div class="faces" role="group" aria-label={t('here.label')}>
        <For each={shown()}>{(other) => <Face other={other} beside={props.beside} />}</For>
        <Show when={more() > 0}>
          <span class="faces-more">{tCount('here.more', more())}</span>
        </Show>
      </div>
    </Show>
  );
}

function Face(props: { other: Present; beside: Companions }) {
  const presence = () => props.beside.presence;
  const name = () => props.other.name || t('here.nobody');
  const isFollowed = () => presence().following() === props.other.client;
  return (
    <button
      type="button"
      class="face"
      style={{ '--caret': props.other.color }}
      aria-pressed={isFollowed()}
      aria-label={t('here.follow', { name: name() })}
      title={isFollowed() ? t('here.unfollow', { name: name() }) : t('here.follow', { name: name() })}
      onClick={() => presence().follow(isFollowed() ? undefined : props.other.client)}
    >
      <span aria-hidden="true">{[...name()][0]}</span>
    </button>
  );
}
