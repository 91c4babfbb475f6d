import LockOpen from 'lucide-solid/icons/lock-open';
import { createSignal, For, Show } from 'solid-js';
import type { MessageView } from '../../client/actions/chats.ts';
import { t } from '../../i18n/messages/translate.ts';
import { t as tSocial } from '../../i18n/social/translate.ts';
import { locale } from '../../i18n/translate.ts';
import { attempt } from '../../state/attempt.ts';
import { faceUrl } from '../../state/faces.ts';
import type { MessagesSource } from '../../state/messages.ts';
import { reasonWords } from '../../state/reason-words.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { LinkedText } from '../../ui/linked-text.tsx';
import { MessageMenu } from './message-menu.tsx';
import { Picture } from './picture.tsx';
import { ProofDialog } from './proof-dialog.tsx';

/** One message: one's own at the end of the line, others' at its start. */
export function Message(props: {
  message: MessageView;
  /** Of what one person said in a row. */
  first: boolean;
  last: boolean;
  newest: boolean;
  group: boolean;
  source: MessagesSource;
  onAnswer?: (message: MessageView) => void;
}) {
  const [proving, setProving] = createSignal(false);
  const hasFace = () => props.group && !props.message.own;
  return (
    <article
      class="message"
      classList={{ own: props.message.own, first: props.first, faced: hasFace() }}
      data-id={props.message.id}
      aria-label={props.message.name}
    >
      <Show when={hasFace() && props.first}>
        <Avatar
          idTag={props.message.author}
          name={props.message.name}
          src={faceUrl(props.message.author)}
          small
        />
      </Show>
      <div class="message-body">
        <Show when={hasFace() && props.first}>
          <span class="message-name">{props.message.name}</span>
        </Show>
        <Warning message={props.message} />
        <div class="message-line">
          <Bubble message={props.message} source={props.source} />
          <MessageMenu
            message={props.message}
            source={props.source}
            onProof={() => setProving(true)}
            {...(props.onAnswer && { onAnswer: props.onAnswer })}
          />
        </div>
        <Foot message={props.message} last={props.last} newest={props.newest} source={props.source} />
      </div>
      <Show when={proving()}>
        <ProofDialog message={props.message} onClose={() => setProving(false)} />
      </Show>
    </article>
  );
}

/** The keys or devices of the author are not what they were: like a changed lock. */
function Warning(props: { message: MessageView }) {
  const state = () => {
    const { trust } = props.message;
    return trust === 'changed' || trust === 'forked' ? trust : undefined;
  };
  return (
    <Show when={state()}>
      {(broken) => (
        <a class="message-warning" href="/people">
          <LockOpen size={14} aria-hidden="true" />
          {tSocial(`trust.${broken()}.short`)}
        </a>
      )}
    </Show>
  );
}

function Bubble(props: { message: MessageView; source: MessagesSource }) {
  return (
    <div class="message-bubble">
      <Show when={props.message.answers}>
        {(answered) => (
          <p class="message-answers">
            <span class="small">{answered().name}</span>
            <span class="message-quoted">{answered().text}</span>
          </p>
        )}
      </Show>
      <For each={props.message.pictures}>
        {(picture) => <Picture picture={picture} name={props.message.name} source={props.source} />}
      </For>
      <Show when={props.message.text}>
        <p class="message-text">
          <LinkedText text={props.message.text} />
        </p>
      </Show>
    </div>
  );
}

/** When it was said; of one's own where it is, as long as that is not plain. */
function Foot(props: { message: MessageView; last: boolean; newest: boolean; source: MessagesSource }) {
  const isOpen = () => props.message.own && !['delivered', 'sent'].includes(props.message.state);
  const isFailed = () => props.message.state === 'refused' || props.message.state === 'partly';
  const isShown = () => props.last || isOpen();
  return (
    <Show when={isShown()}>
      <p class="message-foot" data-state={props.message.state}>
        <time datetime={new Date(props.message.at).toISOString()}>{formatClock(props.message.at)}</time>
        <Show when={isOpen() || (props.newest && props.message.own)}>
          <span>
            {t(`messages.state.${props.message.state}`, { reason: reasonWords(props.message.reason ?? '') })}
          </span>
        </Show>
        <Show when={isFailed()}>
          <button
            type="button"
            class="button"
            onClick={() => void attempt(props.source.retry(props.message.id))}
          >
            {t('messages.retry')}
          </button>
        </Show>
        <Show when={props.message.state === 'refused' && props.message.deliveries.length === 0}>
          <button
            type="button"
            class="button quiet"
            onClick={() => void attempt(props.source.discard(props.message.id))}
          >
            {t('messages.discard')}
          </button>
        </Show>
      </p>
    </Show>
  );
}

function formatClock(at: number): string {
  return new Intl.DateTimeFormat(locale(), { hour: 'numeric', minute: '2-digit' }).format(at);
}
