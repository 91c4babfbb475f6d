import { Match, Show, Switch } from 'solid-js';
import type { ChatView } from '../../client/actions/chats.ts';
import type { GroupView } from '../../client/actions/conversation-view.ts';
import { t, tCount } from '../../i18n/messages/translate.ts';
import { attempt } from '../../state/attempt.ts';
import type { MessagesSource } from '../../state/messages.ts';
import { orders, setOrder } from '../../state/orders.ts';

/** What is to be decided or known before one writes in a conversation. */
export function Notice(props: { chat: ChatView; source: MessagesSource }) {
  const group = () => props.chat.group;
  return (
    <Switch>
      <Match when={group()?.standing === 'invited' ? group() : undefined}>
        {(invited) => <Invitation id={props.chat.id} group={invited()} source={props.source} />}
      </Match>
      <Match when={ended(group())}>{(words) => <p class="thread-notice quiet-text">{words()}</p>}</Match>
      <Match when={group()?.own && !orders.vouch}>
        <Vouching chat={props.chat} source={props.source} />
      </Match>
    </Switch>
  );
}

function ended(group: GroupView | undefined): string | undefined {
  switch (group?.standing) {
    case 'closed':
    case 'left':
    case 'removed':
      return t(`messages.${group.standing}`);
    default:
      return group?.role === 'observer' ? t('messages.observer') : undefined;
  }
}

function Invitation(props: { id: string; group: GroupView; source: MessagesSource }) {
  const role = () => props.group.invitation?.role ?? 'member';
  return (
    <div class="thread-notice">
      <p>
        {t('messages.invitation', {
          name: props.group.invitation?.from ?? props.group.owner,
          conversation: props.group.name,
        })}{' '}
        {t('messages.invitation.role', { role: t(`role.${role()}`) })}
      </p>
      <Show when={props.group.invitation?.words}>{(words) => <p class="quiet-text">{words()}</p>}</Show>
      <div class="thread-choice">
        <button
          type="button"
          class="button primary"
          onClick={() => void attempt(props.source.conversations.join(props.id, role()))}
        >
          {t('messages.join')}
        </button>
        <button
          type="button"
          class="button"
          onClick={() => void attempt(props.source.conversations.leave(props.id))}
        >
          {t('messages.decline')}
        </button>
      </div>
    </div>
  );
}

/** One's own conversation, whose members hear each other only when its owner passes it on. */
function Vouching(props: { chat: ChatView; source: MessagesSource }) {
  const passOn = async () => {
    for (const id of props.chat.held) await props.source.approve(id);
  };
  const order = async () => {
    if (await attempt(setOrder('vouch', true))) await attempt(passOn());
  };
  return (
    <div class="thread-notice">
      <p class="quiet-text">{t('messages.vouch')}</p>
      <Show when={props.chat.held.length > 0}>
        <p>{tCount('messages.held', props.chat.held.length)}</p>
      </Show>
      <div class="thread-choice">
        <button type="button" class="button primary" onClick={() => void order()}>
          {t('messages.vouch.order')}
        </button>
        <Show when={props.chat.held.length > 0}>
          <button type="button" class="button" onClick={() => void attempt(passOn())}>
            {t('messages.vouch.once')}
          </button>
        </Show>
      </div>
    </div>
  );
}
