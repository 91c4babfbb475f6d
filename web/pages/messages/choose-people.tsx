import X from 'lucide-solid/icons/x';
import { createSignal, createUniqueId, For, Show } from 'solid-js';
import { t } from '../../i18n/messages/translate.ts';
import { faceUrl } from '../../state/faces.ts';
import { people } from '../../state/people.ts';
import { Avatar } from '../../ui/avatar.tsx';

/** So many are offered at once. */
const most = 6;

interface Candidate {
  idTag: string;
  name: string;
}

/** Finds people among one's own by name, and takes any domain besides. */
export function ChoosePeople(props: {
  label: string;
  chosen: readonly string[];
  /** Not offered. */
  without?: readonly string[];
  onChange: (chosen: string[]) => void;
}) {
  const [text, setText] = createSignal('');
  const id = createUniqueId();
  const hint = createUniqueId();
  const found = () => findPeople(text(), [...props.chosen, ...(props.without ?? [])]);
  const take = (idTag: string) => {
    setText('');
    props.onChange([...props.chosen, idTag]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const last = props.chosen.at(-1);
    const [first] = found();
    if (event.key === 'Enter' && text().trim() !== '') {
      event.preventDefault();
      if (first) take(first.idTag);
    } else if (event.key === 'Backspace' && text() === '' && last !== undefined)
      props.onChange(props.chosen.slice(0, -1));
  };
  return (
    <div class="field choose">
      <label for={id}>{props.label}</label>
      <Chosen chosen={props.chosen} onChange={(next) => props.onChange(next)} />
      <input
        id={id}
        class="input"
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        aria-describedby={hint}
        value={text()}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <p id={hint} class="small quiet-text">
        {t('talk.toHint')}
      </p>
      <ul role="list" class="choose-list">
        <For
          each={found()}
          fallback={
            <Show when={text().trim() !== ''}>
              <li class="small quiet-text">{t('talk.nobody')}</li>
            </Show>
          }
        >
          {(person) => (
            <li>
              <button type="button" class="choose-row" onClick={() => take(person.idTag)}>
                <Avatar idTag={person.idTag} name={person.name} src={faceUrl(person.idTag)} small />
                <span>{person.name}</span>
                <Show when={person.name !== person.idTag}>
                  <span class="quiet-text small">{person.idTag}</span>
                </Show>
              </button>
            </li>
          )}
        </For>
      </ul>
    </div>
  );
}

function Chosen(props: { chosen: readonly string[]; onChange: (chosen: string[]) => void }) {
  return (
    <Show when={props.chosen.length > 0}>
      <ul role="list" class="choose-chosen" aria-label={t('talk.chosen')}>
        <For each={props.chosen}>
          {(idTag) => (
            <li class="choose-one">
              {nameOf(idTag)}
              <button
                type="button"
                class="icon-button"
                aria-label={t('talk.take', { name: nameOf(idTag) })}
                onClick={() => props.onChange(props.chosen.filter((other) => other !== idTag))}
              >
                <X size={14} />
              </button>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}

/** The id tag when no name is known. */
export function nameOf(idTag: string): string {
  return people.people.find((person) => person.idTag === idTag)?.name ?? idTag;
}

function findPeople(text: string, without: readonly string[]): Candidate[] {
  const words = text.trim().toLowerCase();
  const known = people.people.filter(
    ({ idTag, name, blocked }) =>
      !blocked && !without.includes(idTag) && `${name} ${idTag}`.toLowerCase().includes(words),
  );
  const asked =
    /^[^\s/]+\.[^\s/.]+$/.test(words) && !without.includes(words) && !known.some((p) => p.idTag === words);
  const candidates = known.slice(0, most).map(({ idTag, name }) => ({ idTag, name }));
  return asked ? [...candidates, { idTag: words, name: words }] : candidates;
}
