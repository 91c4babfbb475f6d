import { A } from '@solidjs/router';
import Users from 'lucide-solid/icons/users';
import { For, Show } from 'solid-js';
import { type ChatView, pictureAlone } from '../../client/actions/chats.ts';
import { t, tCount } from '../../i18n/messages/translate.ts';
import { formatNumber } from '../../i18n/translate.ts';
import { faceUrl } from '../../state/faces.ts';
import { messages } from '../../state/messages.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { formatWhen } from './days.ts';

/** Everything that one talks in, newest first. */
export function ChatList() {
  return (
    <ul role="list" class="chat-list">
      <For each={messages.chats}>
        {(chat) => (
          <li>
            <ChatRow chat={chat} />
          </li>
        )}
      </For>
    </ul>
  );
}

function ChatRow(props: { chat: ChatView }) {
  return (
    <A
      class="chat-row"
      classList={{ unread: props.chat.unread > 0 || props.chat.group?.standing === 'invited' }}
      href={chatPath(props.chat.id)}
      activeClass="active"
    >
      <ChatFace id={props.chat.id} name={props.chat.name} group={props.chat.group !== undefined} />
      <span class="chat-words">
        <span class="chat-name">{props.chat.name}</span>
        <span class="chat-last">{lastWords(props.chat)}</span>
      </span>
      <span class="chat-end">
        <time datetime={new Date(props.chat.at).toISOString()}>{formatWhen(props.chat.at, Date.now())}</time>
        <Show when={props.chat.unread > 0}>
          <b class="count" aria-label={tCount('messages.unread', props.chat.unread)}>
            {formatNumber(props.chat.unread)}
          </b>
        </Show>
      </span>
    </A>
  );
}

/** The face of a person, or the sign of several. */
export function ChatFace(props: { id: string; name: string; group: boolean }) {
  return (
    <Show when={props.group} fallback={<Avatar idTag={props.id} name={props.name} src={faceUrl(props.id)} />}>
      <span class="chat-sign" aria-hidden="true">
        <Users size={18} />
      </span>
    </Show>
  );
}

export function chatPath(id: string): string {
  return `/messages/${encodeURIComponent(id)}`;
}

function lastWords({ last, group }: ChatView): string {
  if (group?.standing === 'invited') return t('messages.invited');
  if (!last) return t('messages.nothing');
  const text = last.text === pictureAlone ? t('messages.picture') : last.text;
  if (last.own) return t('messages.you', { text });
  return group ? t('messages.said', { name: last.name, text }) : text;
}
