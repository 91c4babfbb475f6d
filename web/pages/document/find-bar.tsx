import ArrowDown from 'lucide-solid/icons/arrow-down';
import ArrowUp from 'lucide-solid/icons/arrow-up';
import CaseSensitive from 'lucide-solid/icons/case-sensitive';
import WholeWord from 'lucide-solid/icons/whole-word';
import X from 'lucide-solid/icons/x';
import { createSignal, onMount, Show, type Component } from 'solid-js';
import { t, tCount } from '../../i18n/companions/translate.ts';
import { formatNumber } from '../../i18n/translate.ts';
import type { Companions, FindOptions, FindPort } from '../../state/text-panels.ts';
import { showToast } from '../../state/toasts.ts';
import { IconButton } from '../../ui/icon-button.tsx';

/** Find and replace: Enter goes on, Shift+Enter back, Escape ends it with the place selected. */
export function FindBar(props: { beside: Companions }) {
  const find = () => props.beside.find;
  let input: HTMLInputElement | undefined;
  onMount(() => {
    input?.focus();
    input?.select();
  });
  const onKeyDown = (event: KeyboardEvent) => {
    const isAgain = event.key.toLowerCase() === 'f' && (event.ctrlKey || event.metaKey) && !event.shiftKey;
    if (event.key === 'Escape') find().end();
    else if (isAgain) input?.select();
    else return;
    event.preventDefault();
  };
  return (
    <div class="find-bar" role="search" aria-label={t('find.label')} onKeyDown={onKeyDown}>
      <div class="find-row">
        <input
          ref={input}
          class="input"
          aria-label={t('find.find')}
          placeholder={t('find.find')}
          value={find().options().query}
          autocomplete="off"
          onInput={(event) => change(find(), { query: event.currentTarget.value })}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.isComposing) return;
            event.preventDefault();
            find().move(event.shiftKey ? -1 : 1);
          }}
        />
        <span class="find-count" role="status">
          {countOf(find())}
        </span>
        <IconButton label={t('find.previous')} icon={ArrowUp} run={() => find().move(-1)} />
        <IconButton label={t('find.next')} icon={ArrowDown} run={() => find().move(1)} />
        <Toggle name="matchCase" label={t('find.case')} icon={CaseSensitive} find={find()} />
        <Toggle name="wholeWord" label={t('find.word')} icon={WholeWord} find={find()} />
        <IconButton label={t('find.close')} icon={X} run={() => find().end()} />
      </div>
      <Show when={props.beside.mayWrite()}>
        <Replace find={find()} />
      </Show>
    </div>
  );
}

function change(find: FindPort, options: Partial<FindOptions>): void {
  find.search({ ...find.options(), ...options });
}

function countOf(find: FindPort): string {
  const { count, isCut, current } = find.found();
  if (find.options().query === '') return '';
  if (count === 0) return t('find.nothing');
  return t('find.count', {
    current: formatNumber(current),
    count: `${formatNumber(count)}${isCut ? '+' : ''}`,
  });
}

function Replace(props: { find: FindPort }) {
  const [text, setText] = createSignal('');
  const isIdle = () => props.find.found().count === 0;
  const replaceAll = () => {
    const count = props.find.replaceAll(text());
    if (count > 0) showToast(tCount('find.replaced', count));
  };
  return (
    <div class="find-row">
      <input
        class="input"
        aria-label={t('find.replaceWith')}
        placeholder={t('find.replaceWith')}
        value={text()}
        autocomplete="off"
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.isComposing) return;
          event.preventDefault();
          props.find.replace(text());
        }}
      />
      <button type="button" class="button" disabled={isIdle()} onClick={() => props.find.replace(text())}>
        {t('find.replace')}
      </button>
      <button type="button" class="button" disabled={isIdle()} onClick={replaceAll}>
        {t('find.replaceAll')}
      </button>
    </div>
  );
}

type Icon = Component<{ size?: number }>;

function Toggle(props: { name: 'matchCase' | 'wholeWord'; label: string; icon: Icon; find: FindPort }) {
  const isOn = () => props.find.options()[props.name];
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={props.label}
      title={props.label}
      aria-pressed={isOn()}
      onClick={() => change(props.find, { [props.name]: !isOn() })}
    >
      {props.icon({ size: 17 })}
    </button>
  );
}
