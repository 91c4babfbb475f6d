import { A } from '@solidjs/router';
import MessagesSquare from 'lucide-solid/icons/messages-square';
import UserPlus from 'lucide-solid/icons/user-plus';
import { For, Show } from 'solid-js';
import { t } from '../../i18n/translate.ts';
import { feed } from '../../state/feed.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { Composer } from './composer.tsx';
import './feed.css';
import { PostCard } from './post-card.tsx';

/** What you and the people you follow have said, newest first; and the place to say something. */
export default function FeedPage() {
  return (
    <Page title={t('feed.title')}>
      <Show
        when={feed.source}
        fallback={
          <EmptyState icon={MessagesSquare} text={t('feed.unclaimed')}>
            <A class="button primary" href="/settings">
              {t('feed.addName')}
            </A>
          </EmptyState>
        }
      >
        {(source) => (
          <>
            <Composer source={source()} />
            <Show
              when={feed.posts.length > 0}
              fallback={
                <EmptyState icon={UserPlus} text={t('feed.empty')}>
                  <A class="button" href="/people">
                    {t('feed.follow')}
                  </A>
                </EmptyState>
              }
            >
              <ol role="list" class="feed-list">
                <For each={feed.posts}>
                  {(post) => (
                    <li>
                      <PostCard post={post} source={source()} />
                    </li>
                  )}
                </For>
              </ol>
            </Show>
          </>
        )}
      </Show>
    </Page>
  );
}
