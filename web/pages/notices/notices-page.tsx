import { A } from '@solidjs/router';
import Bell from 'lucide-solid/icons/bell';
import { createEffect, createMemo, createSignal, createUniqueId, For, onCleanup, Show } from 'solid-js';
import type { NoticeView } from '../../client/actions/notices.ts';
import { t } from '../../i18n/social/translate.ts';
import { t as words } from '../../i18n/translate.ts';
import { alarms } from '../../state/alarms.ts';
import { notices, type NoticesSource } from '../../state/notices.ts';
import { unreadMessages, unreadNotices } from '../../state/unread.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { PageTabs } from '../../ui/page-tabs.tsx';
import { Page } from '../../ui/page.tsx';
import { AlarmList } from './alarm-list.tsx';
import { NoticeRow } from './notice-row.tsx';
import './notices.css';

/** What others did with you: first what you are to decide, then what is new, then the rest. */
export default function NoticesPage() {
  return (
    <Page title={t('notices.title')} tools={<InboxTabs />}>
      <Show
        when={notices.source}
        fallback={
          <EmptyState icon={Bell} text={t('notices.unclaimed')}>
            <A class="button primary" href="/name">
              {t('feed.addName')}
            </A>
          </EmptyState>
        }
      >
        {(source) => <Notices source={source()} />}
      </Show>
    </Page>
  );
}

/** On a phone both are reached by one place of the bottom bar. */
function InboxTabs() {
  return (
    <div class="inbox-tabs">
      <PageTabs
        label={words('nav.inbox')}
        tabs={[
          { href: '/notices', label: words('nav.notices'), count: unreadNotices() },
          { href: '/messages', label: words('nav.messages'), count: unreadMessages() },
        ]}
      />
    </div>
  );
}

function Notices(props: { source: NoticesSource }) {
  // What was new when the page was opened stays under "New" while one looks at it.
  const [fresh, setFresh] = createSignal<ReadonlySet<string>>(new Set());
  createEffect(() => {
    const unread = notices.notices.filter((notice) => notice.unread).map(({ key }) => key);
    if (unread.length === 0) return;
    setFresh((before) => new Set([...before, ...unread]));
    onCleanup(whenLooking(props.source.markRead));
  });
  const open = createMemo(() => notices.notices.filter((notice) => notice.open));
  const rest = createMemo(() => notices.notices.filter((notice) => !notice.open));
  const isFresh = ({ key }: NoticeView) => fresh().has(key);
  return (
    <Show
      when={notices.notices.length + alarms.alarms.length > 0}
      fallback={<EmptyState icon={Bell} text={t('notices.empty')} />}
    >
      <AlarmList />
      <NoticeList title={t('notices.open')} notices={open()} source={props.source} />
      <NoticeList title={t('notices.new')} notices={rest().filter(isFresh)} source={props.source} />
      <NoticeList
        title={t('notices.earlier')}
        notices={rest().filter((notice) => !isFresh(notice))}
        source={props.source}
      />
    </Show>
  );
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

function NoticeList(props: { title: string; notices: NoticeView[]; source: NoticesSource }) {
  const id = createUniqueId();
  return (
    <Show when={props.notices.length > 0}>
      <section class="notice-list" aria-labelledby={id}>
        <h2 id={id}>{props.title}</h2>
        <ul role="list">
          <For each={props.notices}>{(notice) => <NoticeRow notice={notice} source={props.source} />}</For>
        </ul>
      </section>
    </Show>
  );
}
