import { createSignal, createUniqueId, For, Show } from 'solid-js';
import { t } from '../../i18n/sharing/translate.ts';
import { faceUrl } from '../../state/faces.ts';
import { people } from '../../state/people.ts';
import type { SharingSource } from '../../state/sharing.ts';
import { showToast } from '../../state/toasts.ts';
import { Avatar } from '../../ui/avatar.tsx';

/** So many are offered at once. */
const most = 5;

interface Candidate {
  idTag: string;
  name: string;
  /** Takes what we share: they follow us, or we are connected. */
  takes: boolean;
}

/** The id tag when no name is known. */
export function nameOf(idTag: string): string {
  return people.people.find((person) => person.idTag === idTag)?.name ?? idTag;
}

/** Finds whom to share with; who does not take shares can be asked to connect. */
export function PersonFinder(props: {
  without: readonly string[];
  source: SharingSource;
  onChoose: (idTag: string) => void;
}) {
  const [text, setText] = createSignal('');
  const id = createUniqueId();
  const hint = createUniqueId();
  const found = () => find(text(), props.without);
  const onKeyDown = (event: KeyboardEvent) => {
    const [first] = found();
    if (event.key !== 'Enter') return;
    event.preventDefault();
    if (first?.takes) props.onChoose(first.idTag);
  };
  return (
    <div class="field">
      <label for={id}>{t('share.with')}</label>
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
        {t('share.withHint')}
      </p>
      <ul role="list" class="share-found">
        <For each={found()}>
          {(person) => (
            <li>
              <Show when={person.takes} fallback={<Stranger person={person} source={props.source} />}>
                <button type="button" class="share-pick" onClick={() => props.onChoose(person.idTag)}>
                  <Who person={person} />
                </button>
              </Show>
            </li>
          )}
        </For>
      </ul>
    </div>
  );
}

function Who(props: { person: Candidate }) {
  return (
    <>
      <Avatar idTag={props.person.idTag} name={props.person.name} src={faceUrl(props.person.idTag)} small />
      <span class="share-name">
        {props.person.name}
        <Show when={props.person.name !== props.person.idTag}>
          <span class="quiet-text small">{props.person.idTag}</span>
        </Show>
      </span>
    </>
  );
}

function Stranger(props: { person: Candidate; source: SharingSource }) {
  const { idTag, name } = props.person;
  const asked = () => people.people.find((one) => one.idTag === idTag)?.connected === 'asked';
  const connect = () =>
    props.source.connect(idTag, '').catch((reason: unknown) => {
      showToast(t('share.failed', { message: reason instanceof Error ? reason.message : String(reason) }));
    });
  return (
    <div class="share-stranger">
      <div class="share-person">
        <Who person={props.person} />
        <span class="quiet-text small">{t('share.notContact')}</span>
      </div>
      <p class="quiet-text small">{t('share.connectFirst')}</p>
      <Show when={!asked()} fallback={<p class="small">{t('share.asked', { name })}</p>}>
        <button type="button" class="button" onClick={() => void connect()}>
          {t('share.connect', { name })}
        </button>
      </Show>
    </div>
  );
}

function find(text: string, without: readonly string[]): Candidate[] {
  const words = text.trim().toLowerCase();
  const known = people.people
    .filter(
      ({ idTag, name, blocked }) =>
        !blocked && !without.includes(idTag) && `${name} ${idTag}`.toLowerCase().includes(words),
    )
    .map(({ idTag, name, connected, follower }): Candidate => ({
      ...{ idTag, name, takes: connected === 'connected' || follower },
    }))
    .filter(({ takes }) => takes || words !== '')
    .slice(0, most);
  const isNew = /^[^\s/]+\.[^\s/.]+$/.test(words) && !without.includes(words);
  return isNew && known.every(({ idTag }) => idTag !== words)
    ? [...known, { idTag: words, name: words, takes: false }]
    : known;
}
