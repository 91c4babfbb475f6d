import { A } from '@solidjs/router';
import Users from 'lucide-solid/icons/users';
import { createUniqueId, For, Show } from 'solid-js';
import type { PersonView } from '../../client/actions/people-view.ts';
import { t } from '../../i18n/social/translate.ts';
import { people, type PeopleSource } from '../../state/people.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { PageTabs } from '../../ui/page-tabs.tsx';
import { Page } from '../../ui/page.tsx';
import { Finder } from './finder.tsx';
import { Orders } from './orders.tsx';
import './people.css';
import { PersonRow } from './person-row.tsx';

/** Whom you follow, are connected with, and who follows you; the way to find others. */
export default function PeoplePage() {
  return (
    <Page title={t('people.title')} tools={<FeedTabs />}>
      <Show
        when={people.source}
        fallback={
          <EmptyState icon={Users} text={t('people.unclaimed')}>
            <A class="button primary" href="/name">
              {t('feed.addName')}
            </A>
          </EmptyState>
        }
      >
        {(source) => (
          <>
            <Finder source={source()} />
            <Lists source={source()} />
            <Orders />
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

type Place = 'requests' | 'following' | 'followers' | 'hidden';

/** Each person stands in one list. */
function placeOf({ blocked, muted, connected, following, pending, follower }: PersonView): Place {
  if (blocked || muted) return 'hidden';
  if (connected === 'asking') return 'requests';
  if (following || connected !== 'none' || (pending && !follower)) return 'following';
  return 'followers';
}

function Lists(props: { source: PeopleSource }) {
  const of = (place: Place) => people.people.filter((person) => placeOf(person) === place);
  return (
    <>
      <Show when={of('requests').length > 0}>
        <PersonList title={t('people.requests')} people={of('requests')} source={props.source} />
      </Show>
      <PersonList
        title={t('people.following')}
        none={t('people.followingNone')}
        people={of('following')}
        source={props.source}
      />
      <PersonList
        title={t('people.followers')}
        none={t('people.followersNone')}
        people={of('followers')}
        source={props.source}
      />
      <Show when={of('hidden').length > 0}>
        <PersonList title={t('people.hidden')} people={of('hidden')} source={props.source} />
      </Show>
    </>
  );
}

function PersonList(props: { title: string; none?: string; people: PersonView[]; source: PeopleSource }) {
  const headingId = createUniqueId();
  return (
    <section class="contacts" aria-labelledby={headingId}>
      <h2 id={headingId}>{props.title}</h2>
      <ul role="list">
        <For each={props.people} fallback={<li class="quiet-text">{props.none}</li>}>
          {(person) => <PersonRow person={person} source={props.source} />}
        </For>
      </ul>
    </section>
  );
}
