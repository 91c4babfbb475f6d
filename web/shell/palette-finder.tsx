import { useNavigate } from '@solidjs/router';
import SearchIcon from 'lucide-solid/icons/search';
import X from 'lucide-solid/icons/x';
import {
  type Accessor,
  createEffect,
  createMemo,
  createSignal,
  createUniqueId,
  For,
  onMount,
  Show,
} from 'solid-js';
import { t, tCount } from '../i18n/search/translate.ts';
import { takeCaught } from '../state/palette.ts';
import { find, type Hit, searchState } from '../state/search.ts';
import { listCommands } from './commands.ts';
import { type Asked, type Group, type Item, listGroups, mostHits, readAsked } from './palette-items.ts';
import { PaletteLine } from './palette-line.tsx';

/** What was found, and for what. */
interface Answer {
  typed: string;
  hits: readonly Hit[];
}

/** The field and the list under it. Begun anew each time the palette opens. */
export function Finder(props: { onHelp: () => void; onClose: () => void }) {
  const navigate = useNavigate();
  const listId = createUniqueId();
  const [typed, setTyped] = createSignal(takeCaught());
  const [at, setAt] = createSignal(0);
  const asked = createMemo(() => readAsked(typed()));
  const commands = createMemo(() => listCommands(navigate, () => props.onHelp()));
  const { answer, failure, waitFor } = createAnswers(typed);
  const groups = createMemo(() =>
    listGroups({ asked: asked(), hits: hitsFor(asked(), answer()), commands: commands(), navigate }),
  );
  const items = createMemo(() => groups().flatMap((group) => group.items));
  const choose = (item: Item | undefined) => {
    if (!item) return;
    props.onClose();
    item.run();
  };
  const move = (to: number) => {
    const count = items().length;
    setAt(count === 0 ? 0 : (to + count) % count);
    document.getElementById(`${listId}-${at()}`)?.scrollIntoView({ block: 'nearest' });
  };
  const isAnswered = () => !isSearched(asked()) || answer()?.typed === typed();
  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowDown: at() + 1, ArrowUp: at() - 1 }[event.key];
    if (event.isComposing || (to === undefined && event.key !== 'Enter')) return;
    event.preventDefault();
    if (to !== undefined) move(to);
    else if (isAnswered()) choose(items()[at()]);
    else waitFor(() => choose(items()[0]));
  };
  const onType = (text: string) => {
    setAt(0);
    setTyped(text);
  };
  return (
    <>
      <Field
        listId={listId}
        typed={typed()}
        active={items().length > 0 ? `${listId}-${at()}` : undefined}
        onType={onType}
        onKeyDown={onKeyDown}
        onClose={() => props.onClose()}
      />
      <Groups
        listId={listId}
        groups={groups()}
        at={at()}
        onPoint={(item) => setAt(items().indexOf(item))}
        onChoose={choose}
      />
      <Foot asked={asked()} empty={items().length === 0 && isAnswered()} failure={failure()} />
    </>
  );
}

/** Asks the search at every letter, and again when it has read more. */
function createAnswers(typed: Accessor<string>) {
  const [answer, setAnswer] = createSignal<Answer>();
  const [failure, setFailure] = createSignal<string>();
  /** What Enter is to do, when it came before the answer. */
  let waiting: { typed: string; run: () => void } | undefined;
  const ask = async (text: string): Promise<void> => {
    const { among, words } = readAsked(text);
    if (among === 'actions' || !isSearched({ among, words })) return;
    const hits = await find({ words, among, limit: mostHits });
    // Something else was asked meanwhile.
    if (hits === undefined || text !== typed()) return;
    setAnswer({ typed: text, hits });
    setFailure();
    if (waiting?.typed === text) waiting.run();
    waiting = undefined;
  };
  createEffect(() => {
    searchState();
    ask(typed()).catch((error: unknown) =>
      setFailure(error instanceof Error ? error.message : String(error)),
    );
  });
  return { answer, failure, waitFor: (run: () => void) => void (waiting = { typed: typed(), run }) };
}

function isSearched({ among, words }: Asked): boolean {
  return among !== 'actions' && (words !== '' || among !== 'all');
}

/** What was found before the last letter stands until there is an answer to it: nothing flickers. */
function hitsFor(asked: Asked, answer: Answer | undefined): readonly Hit[] | undefined {
  return answer && readAsked(answer.typed).among === asked.among ? answer.hits : undefined;
}

function Field(props: {
  listId: string;
  typed: string;
  /** Id of the line that Enter chooses. */
  active: string | undefined;
  onType: (text: string) => void;
  onKeyDown: (event: KeyboardEvent) => void;
  onClose: () => void;
}) {
  let input: HTMLInputElement | undefined;
  onMount(() => input?.focus());
  return (
    <div class="palette-field">
      <SearchIcon size={18} />
      <input
        ref={input}
        type="text"
        role="combobox"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        enterkeyhint="go"
        aria-label={t('search.open')}
        aria-autocomplete="list"
        aria-expanded={props.active !== undefined}
        aria-controls={props.listId}
        aria-activedescendant={props.active}
        placeholder={t('search.placeholder')}
        value={props.typed}
        onInput={(event) => props.onType(event.currentTarget.value)}
        onKeyDown={(event) => props.onKeyDown(event)}
      />
      <button
        type="button"
        class="icon-button"
        aria-label={t('search.close')}
        onClick={() => props.onClose()}
      >
        <X size={18} />
      </button>
    </div>
  );
}

function Groups(props: {
  listId: string;
  groups: readonly Group[];
  at: number;
  onPoint: (item: Item) => void;
  onChoose: (item: Item) => void;
}) {
  const items = () => props.groups.flatMap((group) => group.items);
  return (
    <div
      class="palette-list"
      id={props.listId}
      role="listbox"
      aria-label={t('search.results')}
      hidden={props.groups.length === 0}
    >
      <For each={props.groups}>
        {(group) => (
          <div role="group" aria-label={t(`group.${group.id}`)}>
            <div class="palette-group" aria-hidden="true">
              {t(`group.${group.id}`)}
            </div>
            <For each={group.items}>
              {(item) => (
                <PaletteLine
                  item={item}
                  id={`${props.listId}-${items().indexOf(item)}`}
                  selected={items()[props.at] === item}
                  onPoint={() => props.onPoint(item)}
                  onChoose={() => props.onChoose(item)}
                />
              )}
            </For>
          </div>
        )}
      </For>
    </div>
  );
}

const nothing = {
  all: 'search.none',
  tags: 'search.noneTagged',
  people: 'search.nonePeople',
  actions: 'search.noneActions',
} as const;

/** What is wrong or not read yet, and the signs that narrow the search. */
function Foot(props: { asked: Asked; empty: boolean; failure: string | undefined }) {
  const says = () => {
    const { left, unread, failure } = searchState();
    const message = props.failure ?? failure;
    if (message !== undefined)
      return unread > 0 ? tCount('search.unread', unread, { message }) : t('search.failed', { message });
    if (left > 0 && props.asked.words !== '') return tCount('search.reading', left);
    return props.empty ? t(nothing[props.asked.among]) : '';
  };
  const signs = { '>': 'search.hint.actions', '@': 'search.hint.people', '#': 'search.hint.tags' } as const;
  return (
    <div class="palette-foot">
      <p role="status">{says()}</p>
      <Show when={props.asked.words === ''}>
        <p class="palette-hints" aria-hidden="true">
          <For each={Object.entries(signs)}>
            {([sign, key]) => (
              <>
                <kbd>{sign}</kbd> {t(key)}
              </>
            )}
          </For>
        </p>
      </Show>
    </div>
  );
}
