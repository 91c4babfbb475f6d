import { A, useParams } from '@solidjs/router';
import MessagesSquare from 'lucide-solid/icons/messages-square';
import SquarePen from 'lucide-solid/icons/square-pen';
import { createEffect, createSignal, onCleanup, Show } from 'solid-js';
import { t } from '../../i18n/messages/translate.ts';
import { t as words } from '../../i18n/translate.ts';
import { messages, type MessagesSource } from '../../state/messages.ts';
import { unreadMessages, unreadNotices } from '../../state/unread.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { PageTabs } from '../../ui/page-tabs.tsx';
import { Page } from '../../ui/page.tsx';
import { ChatList } from './chat-list.tsx';
import './messages.css';
import './people.css';
import { StartDialog } from './start-dialog.tsx';
import { Thread } from './thread.tsx';

/** What people write to each other: the list of conversations, and the one that is open beside it. */
export default function MessagesPage() {
  return (
    <Show
      when={messages.source}
      fallback={
        <Page title={t('messages.title')} tools={<InboxTabs />}>
          <EmptyState icon={MessagesSquare} text={t('messages.unclaimed')}>
            <A class="button primary" href="/name">
              {t('messages.addName')}
            </A>
          </EmptyState>
        </Page>
      }
    >
      {(source) => <Panes source={source()} />}
    </Show>
  );
}

/** On a phone both are reached by one place of the bottom bar. */
function InboxTabs() {
  return (
    <PageTabs
      label={words('nav.inbox')}
      tabs={[
        { href: '/notices', label: words('nav.notices'), count: unreadNotices() },
        { href: '/messages', label: words('nav.messages'), count: unreadMessages() },
      ]}
    />
  );
}

function Panes(props: { source: MessagesSource }) {
  const params = useParams();
  const [starting, setStarting] = createSignal(false);
  const open = () => (params['with'] === undefined ? undefined : decodeURIComponent(params['with']));
  createEffect(() => {
    document.title = `${t('messages.title')} · Islet`;
  });
  createEffect(() => props.source.show(open()));
  onCleanup(() => props.source.show(undefined));
  return (
    <div class="messages" data-open={open() === undefined ? undefined : ''}>
      <section class="chats" aria-label={t('messages.list')}>
        <div class="chats-head">
          <h1>{t('messages.title')}</h1>
          <InboxTabs />
          <button
            type="button"
            class="icon-button"
            aria-label={t('messages.new')}
            title={t('messages.new')}
            onClick={() => setStarting(true)}
          >
            <SquarePen size={18} />
          </button>
        </div>
        <Show
          when={messages.chats.length > 0}
          fallback={
            <EmptyState icon={MessagesSquare} text={t('messages.empty')}>
              <button type="button" class="button primary" onClick={() => setStarting(true)}>
                {t('messages.new')}
              </button>
            </EmptyState>
          }
        >
          <ChatList />
        </Show>
      </section>
      <Show
        when={open()}
        keyed
        fallback={
          <p class="thread-none quiet-text">{messages.chats.length > 0 ? t('messages.choose') : ''}</p>
        }
      >
        {(id) => <Thread id={id} source={props.source} />}
      </Show>
      <Show when={starting()}>
        <StartDialog source={props.source} onClose={() => setStarting(false)} />
      </Show>
    </div>
  );
}
