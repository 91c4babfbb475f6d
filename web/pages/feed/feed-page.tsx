import { A } from '@solidjs/router';
import MessagesSquare from 'lucide-solid/icons/messages-square';
import UserPlus from 'lucide-solid/icons/user-plus';
import { For, Show } from 'solid-js';
import { t } from '../../i18n/social/translate.ts';
import { feed, type FeedSource } from '../../state/feed.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { PageTabs } from '../../ui/page-tabs.tsx';
import { Page } from '../../ui/page.tsx';
import { Composer } from './composer.tsx';
import './feed.css';
import { PostCard } from './post-card.tsx';
import './thread.css';

/** What you and the people you follow have said, newest first; and the place to say something. */
export default function FeedPage() {
  return (
    <Page title={t('feed.title')} tools={<FeedTabs />}>
      <Show
        when={feed.source}
        fallback={
          <EmptyState icon={MessagesSquare} text={t('feed.unclaimed')}>
            <A class="button primary" href="/name">
              {t('feed.addName')}
            </A>
          </EmptyState>
        }
      >
        {(source) => (
          <>
            <Composer source={source()} />
            <Show
              when={feed.entries.length > 0}
              fallback={
                <EmptyState icon={UserPlus} text={t('feed.empty')}>
                  <A class="button" href="/people">
                    {t('feed.follow')}
                  </A>
                </EmptyState>
              }
            >
              <Posts source={source()} />
            </Show>
          </>
        )}
      </Show>
    </Page>
  );
}

/** On a phone both are reached by one place of the bottom bar. */
function FeedTabs() {
  const tabs = [
    { href: '/feed', label: t('feed.title') },
    { href: '/people', label: t('people.title') },
  ];
  return <PageTabs label={t('feed.title')} tabs={tabs} />;
}

function Posts(props: { source: FeedSource }) {
  return (
    <>
      <ol role="list" class="feed-list">
        <For each={feed.entries}>
          {(entry) => (
            <li>
              <PostCard entry={entry} source={props.source} />
            </li>
          )}
        </For>
      </ol>
      <Show when={feed.older > 0}>
        <button type="button" class="button feed-more" onClick={() => props.source.showOlder()}>
          {t('feed.more')}
        </button>
      </Show>
    </>
  );
}
