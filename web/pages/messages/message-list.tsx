import { createEffect, createMemo, createSignal, For, on, Show } from 'solid-js';
import type { MessageView } from '../../client/actions/chats.ts';
import { t } from '../../i18n/messages/translate.ts';
import type { MessagesSource } from '../../state/messages.ts';
import { formatDayName } from './days.ts';
import { Message } from './message.tsx';

/** So many are drawn at a time. */
const step = 80;
/** Messages of one person within this time stand together, in milliseconds. */
const together = 5 * 60_000;
/** This near to the end one sees what comes, in pixels. */
const nearEnd = 120;

/** What was said, oldest first, by days; it stays at its end while one looks there. */
export function MessageList(props: {
  messages: readonly MessageView[];
  name: string;
  group: boolean;
  source: MessagesSource;
  /** Absent where answers have no place. */
  onAnswer?: (message: MessageView) => void;
}) {
  const [limit, setLimit] = createSignal(step);
  const shown = createMemo(() => props.messages.slice(-limit()));
  let list: HTMLDivElement | undefined;
  let atEnd = true;
  createEffect(
    on(
      () => props.messages.at(-1)?.id,
      () => {
        if (atEnd || props.messages.at(-1)?.own)
          queueMicrotask(() => list?.scrollTo({ top: list.scrollHeight }));
      },
    ),
  );
  const onScroll = () => {
    if (list) atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < nearEnd;
  };
  /** A picture that arrives makes the list longer. */
  const onLoad = () => {
    if (atEnd) list?.scrollTo({ top: list.scrollHeight });
  };
  return (
    <div
      class="message-list"
      role="log"
      tabindex="0"
      aria-label={t('messages.thread', { name: props.name })}
      ref={(element) => {
        list = element;
        element.addEventListener('load', onLoad, true);
      }}
      onScroll={onScroll}
    >
      <Show when={props.messages.length > limit()}>
        <button type="button" class="button message-earlier" onClick={() => setLimit(limit() + step)}>
          {t('messages.earlier')}
        </button>
      </Show>
      <For each={shown()}>
        {(message, i) => (
          <>
            <Show when={!isSameDay(shown()[i() - 1], message)}>
              <p class="message-day">{formatDayName(message.at, Date.now())}</p>
            </Show>
            <Message
              message={message}
              first={!belongTogether(shown()[i() - 1], message)}
              last={!belongTogether(message, shown()[i() + 1])}
              newest={i() === shown().length - 1}
              group={props.group}
              source={props.source}
              {...(props.onAnswer && { onAnswer: props.onAnswer })}
            />
          </>
        )}
      </For>
    </div>
  );
}

function isSameDay(before: MessageView | undefined, { at }: MessageView): boolean {
  return before !== undefined && new Date(before.at).toDateString() === new Date(at).toDateString();
}

function belongTogether(before: MessageView | undefined, after: MessageView | undefined): boolean {
  return (
    before !== undefined &&
    after !== undefined &&
    before.author === after.author &&
    after.at - before.at < together &&
    isSameDay(before, after)
  );
}
