import { A } from '@solidjs/router';
import Users from 'lucide-solid/icons/users';
import { createSignal, createUniqueId, For, Show } from 'solid-js';
import { t } from '../../i18n/translate.ts';
import { faceUrl } from '../../state/faces.ts';
import { people, type Contact, type PeopleSource } from '../../state/people.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import './people.css';

/** Whom you follow and who follows you, each with face and domain. */
export default function PeoplePage() {
  return (
    <Page title={t('people.title')}>
      <Show
        when={people.source}
        fallback={
          <EmptyState icon={Users} text={t('people.unclaimed')}>
            <A class="button primary" href="/settings">
              {t('feed.addName')}
            </A>
          </EmptyState>
        }
      >
        {(source) => (
          <>
            <FollowForm source={source()} />
            <ContactList
              title={t('people.following')}
              none={t('people.followingNone')}
              contacts={people.following}
              source={source()}
            />
            <ContactList
              title={t('people.followers')}
              none={t('people.followersNone')}
              contacts={people.followers}
            />
          </>
        )}
      </Show>
    </Page>
  );
}

/** Lower case, without what people paste around a domain. */
function cleanName(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/^(https?:\/\/|@)/, '')
    .replace(/[/.]+$/, '');
}

function FollowForm(props: { source: PeopleSource }) {
  const [text, setText] = createSignal('');
  const [error, setError] = createSignal('');
  const inputId = createUniqueId();
  const noteId = createUniqueId();
  const submit = async () => {
    const name = cleanName(text());
    if (!/^[^\s/]+\.[^\s/]+$/.test(name)) return setError(t('people.invalid'));
    try {
      await props.source.follow(name);
      setText('');
      setError('');
    } catch (reason) {
      setError(t('feed.failed', { message: reason instanceof Error ? reason.message : String(reason) }));
    }
  };
  return (
    <form
      class="field"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <label for={inputId}>{t('people.label')}</label>
      <div class="follow-row">
        <input
          id={inputId}
          class="input"
          inputmode="url"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          aria-describedby={noteId}
          aria-invalid={error() !== ''}
          value={text()}
          onInput={(event) => (setText(event.currentTarget.value), setError(''))}
        />
        <button type="submit" class="button primary" disabled={text().trim() === ''}>
          {t('people.follow')}
        </button>
      </div>
      <p
        id={noteId}
        class="small"
        classList={{ 'error-text': error() !== '', 'quiet-text': error() === '' }}
        aria-live="polite"
      >
        {error() || t('people.hint')}
      </p>
    </form>
  );
}

function ContactList(props: { title: string; none: string; contacts: Contact[]; source?: PeopleSource }) {
  const headingId = createUniqueId();
  return (
    <section class="contacts" aria-labelledby={headingId}>
      <h2 id={headingId}>{props.title}</h2>
      <ul role="list">
        <For each={props.contacts} fallback={<li class="quiet-text">{props.none}</li>}>
          {(contact) => (
            <li class="contact" data-id={contact.idTag}>
              <Avatar idTag={contact.idTag} name={contact.name} src={faceUrl(contact.idTag)} />
              <span class="contact-who">
                <span class="contact-name">{contact.name || contact.idTag}</span>
                <span class="quiet-text">{contact.idTag}</span>
                <ContactState contact={contact} />
              </span>
              <Show when={props.source}>
                {(source) => <UnfollowButton contact={contact} source={source()} />}
              </Show>
            </li>
          )}
        </For>
      </ul>
    </section>
  );
}

function UnfollowButton(props: { contact: Contact; source: PeopleSource }) {
  const [error, setError] = createSignal('');
  const run = async () => {
    try {
      await props.source.unfollow(props.contact.idTag);
    } catch (reason) {
      setError(t('feed.failed', { message: reason instanceof Error ? reason.message : String(reason) }));
    }
  };
  return (
    <>
      <Show when={error()}>
        <span class="error-text small" role="alert">
          {error()}
        </span>
      </Show>
      <button
        type="button"
        class="button"
        aria-label={`${t('people.unfollow')} – ${props.contact.idTag}`}
        onClick={() => void run()}
      >
        {t('people.unfollow')}
      </button>
    </>
  );
}

function ContactState(props: { contact: Contact }) {
  return (
    <Show when={props.contact.state !== 'following'}>
      <span
        class="small"
        classList={{
          'error-text': props.contact.state === 'refused',
          'quiet-text': props.contact.state === 'waiting',
        }}
      >
        {props.contact.state === 'refused'
          ? t('people.state.refused', { reason: props.contact.reason ?? '' })
          : t('people.state.waiting')}
      </span>
    </Show>
  );
}
