import { createSignal, createUniqueId, Show } from 'solid-js';
import { RelayUnreachable } from '../../client/relay/relay-api.ts';
import { t } from '../../i18n/social/translate.ts';
import type { PeopleSource } from '../../state/people.ts';
import { type Found, FoundCard } from './found-card.tsx';
import { cleanName } from './words.ts';

/** Looks somebody up by their name, and shows who that is before anything is done. */
export function Finder(props: { source: PeopleSource }) {
  const [text, setText] = createSignal('');
  const [error, setError] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const [found, setFound] = createSignal<Found>();

  const look = async () => {
    const name = cleanName(text());
    if (!/^[^\s/]+\.[^\s/]+$/.test(name)) return setError(t('people.invalid'));
    setBusy(true);
    try {
      setFound({ idTag: name, preview: await props.source.preview(name) });
      setError('');
    } catch (reason) {
      if (reason instanceof RelayUnreachable) return setFound({ idTag: name, preview: undefined });
      setError(t('feed.failed', { message: reason instanceof Error ? reason.message : String(reason) }));
      setFound(undefined);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div class="finder">
      <NameForm
        text={text()}
        error={error()}
        busy={busy()}
        onText={(next) => (setText(next), setError(''), setFound(undefined))}
        onLook={() => void look()}
      />
      <Show when={found()} keyed>
        {(shown) => (
          <FoundCard found={shown} source={props.source} onDone={() => (setFound(undefined), setText(''))} />
        )}
      </Show>
    </div>
  );
}

function NameForm(props: {
  text: string;
  error: string;
  busy: boolean;
  onText: (text: string) => void;
  onLook: () => void;
}) {
  const inputId = createUniqueId();
  const noteId = createUniqueId();
  return (
    <form
      class="field"
      onSubmit={(event) => {
        event.preventDefault();
        props.onLook();
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
          aria-invalid={props.error !== ''}
          value={props.text}
          onInput={(event) => props.onText(event.currentTarget.value)}
        />
        <button type="submit" class="button primary" disabled={props.busy || props.text.trim() === ''}>
          {t('people.look')}
        </button>
      </div>
      <p
        id={noteId}
        class="small"
        classList={{ 'error-text': props.error !== '', 'quiet-text': props.error === '' }}
        aria-live="polite"
      >
        {props.error || t('people.hint')}
      </p>
    </form>
  );
}
