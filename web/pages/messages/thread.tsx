import { A } from '@solidjs/router';
import ArrowLeft from 'lucide-solid/icons/arrow-left';
import Info from 'lucide-solid/icons/info';
import { createEffect, createMemo, createSignal, on, onCleanup, Show } from 'solid-js';
import type { ChatView, MessageView } from '../../client/actions/chats.ts';
import { t, tCount } from '../../i18n/messages/translate.ts';
import { messages, type MessagesSource } from '../../state/messages.ts';
import { people } from '../../state/people.ts';
import { typing } from '../../state/typing.ts';
import { ChatFace } from './chat-list.tsx';
import { Composer } from './composer.tsx';
import { GroupDialog } from './group-dialog.tsx';
import { MessageList } from './message-list.tsx';
import { Notice } from './notice.tsx';

/** One conversation: what was said, and the place to say something. */
export function Thread(props: { id: string; source: MessagesSource }) {
  const [asking, setAsking] = createSignal(false);
  const [answering, setAnswering] = createSignal<MessageView>();
  const chat = createMemo(() => messages.chats.find(({ id }) => id === props.id));
  const isPerson = () => props.id.includes('.');
  const name = () =>
    chat()?.name ??
    people.people.find(({ idTag }) => idTag === props.id)?.name ??
    (isPerson() ? props.id : '');
  createEffect(
    on(
      () => messages.thread.length,
      () => onCleanup(whenLooking(() => props.source.markRead(props.id))),
    ),
  );
  const mayWrite = () => isPerson() || isWriter(chat());
  return (
    <section class="chat-thread" aria-label={t('messages.thread', { name: name() })}>
      <header class="thread-head">
        <A class="icon-button thread-back" href="/messages" end aria-label={t('messages.back')}>
          <ArrowLeft size={20} />
        </A>
        <ChatFace id={props.id} name={name()} group={chat()?.group !== undefined} />
        <span class="thread-who">
          <h2>{name()}</h2>
          <span class="quiet-text small" aria-live="polite">
            {typing() === props.id ? t('messages.writing') : underName(props.id, chat())}
          </span>
        </span>
        <Show when={chat()?.group}>
          <button
            type="button"
            class="icon-button"
            aria-label={t('messages.about')}
            title={t('messages.about')}
            onClick={() => setAsking(true)}
          >
            <Info size={18} />
          </button>
        </Show>
      </header>
      <MessageList
        messages={messages.thread}
        name={name()}
        group={chat()?.group !== undefined}
        source={props.source}
        {...(mayWrite() && !isPerson() ? { onAnswer: setAnswering } : {})}
      />
      <Show when={chat()}>{(shown) => <Notice chat={shown()} source={props.source} />}</Show>
      <Show when={mayWrite()}>
        <Composer
          id={props.id}
          source={props.source}
          answering={answering()}
          onAnswered={() => setAnswering(undefined)}
        />
      </Show>
      <Show when={asking() && chat()?.group}>
        {(group) => (
          <GroupDialog id={props.id} group={group()} source={props.source} onClose={() => setAsking(false)} />
        )}
      </Show>
    </section>
  );
}

/** Observers only read. */
function isWriter(chat: ChatView | undefined): boolean {
  return chat?.group?.standing === 'in' && chat.group.role !== 'observer';
}

function underName(id: string, chat: ChatView | undefined): string {
  if (chat?.group) return tCount('messages.people', chat.group.members.length);
  return chat && chat.name !== id ? id : '';
}

/** Runs it once somebody looks at this page. Returns what gives that up. */
function whenLooking(run: () => void): () => void {
  const look = () => {
    if (document.visibilityState === 'visible') run();
  };
  document.addEventListener('visibilitychange', look);
  queueMicrotask(look);
  return () => document.removeEventListener('visibilitychange', look);
}
