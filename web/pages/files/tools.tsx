import ArrowDown from 'lucide-solid/icons/arrow-down-wide-narrow';
import ArrowUp from 'lucide-solid/icons/arrow-up-narrow-wide';
import Images from 'lucide-solid/icons/images';
import LayoutGrid from 'lucide-solid/icons/layout-grid';
import List from 'lucide-solid/icons/list';
import Search from 'lucide-solid/icons/search';
import { type Component, For, Show } from 'solid-js';
import { kinds } from '../../client/documents/find-entries.ts';
import { t, tCount } from '../../i18n/files/translate.ts';
import { t as library } from '../../i18n/library/translate.ts';
import { Segments } from '../../ui/segments.tsx';
import type { Listing } from './listing.ts';
import { type Look, sortKeys, type View, views } from './look.ts';
import './tools.css';

const viewIcons: Record<View, Component<{ size?: number }>> = {
  list: List,
  grid: LayoutGrid,
  gallery: Images,
};

/** Search, kind, order and view of what is listed. */
export function Tools(props: { look: Look; listing: Listing; inTrash: boolean; ofDocuments?: boolean }) {
  const offered = () => views.filter((view) => !props.ofDocuments || view !== 'gallery');
  return (
    <div class="files-bar">
      <SearchField
        look={props.look}
        label={props.ofDocuments ? library('library.search') : t('files.search')}
      />
      <Segments
        label={t('files.view')}
        value={props.look.view()}
        choices={offered().map((value) => ({
          value,
          label: t(`files.view.${value}`),
          icon: viewIcons[value],
        }))}
        onChange={(view) => props.look.setView(view)}
      />
      <Show when={!props.ofDocuments && (props.look.view() !== 'gallery' || props.listing.searching())}>
        <KindSelect look={props.look} />
      </Show>
      <Show when={!props.inTrash}>
        <SortSelect look={props.look} />
      </Show>
      <p class="files-count quiet-text small" role="status">
        {tCount(props.listing.searching() ? 'files.results' : 'files.count', props.listing.items().length)}
      </p>
    </div>
  );
}

function SearchField(props: { look: Look; label: string }) {
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLInputElement }) => {
    if (event.key !== 'Escape' || props.look.words() === '') return;
    props.look.setWords('');
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="files-search" role="search">
      <Search size={16} />
      <input
        type="search"
        class="input"
        aria-label={props.label}
        placeholder={t('files.searchShort')}
        value={props.look.words()}
        onInput={(event) => props.look.setWords(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}

function KindSelect(props: { look: Look }) {
  return (
    <select
      class="input files-select"
      aria-label={t('files.kind')}
      onChange={(event) => {
        const { value } = event.currentTarget;
        props.look.setKind(kinds.find((kind) => kind === value) ?? 'all');
      }}
    >
      <For each={['all', ...kinds] as const}>
        {(kind) => (
          <option value={kind} selected={props.look.kind() === kind}>
            {t(`files.kind.${kind}`)}
          </option>
        )}
      </For>
    </select>
  );
}

function SortSelect(props: { look: Look }) {
  const descending = () => props.look.sort().descending;
  const label = () => t(descending() ? 'files.sortDown' : 'files.sortUp');
  return (
    <div class="files-sort">
      <select
        class="input files-select"
        aria-label={t('files.sort')}
        onChange={(event) => {
          const { value } = event.currentTarget;
          props.look.setSort(sortKeys.find((key) => key === value) ?? 'name');
        }}
      >
        <For each={sortKeys}>
          {(key) => (
            <option value={key} selected={props.look.sort().by === key}>
              {t(`files.sort.${key}`)}
            </option>
          )}
        </For>
      </select>
      <button
        type="button"
        class="icon-button"
        aria-label={label()}
        title={label()}
        onClick={() => props.look.turnSort()}
      >
        <Show when={descending()} fallback={<ArrowUp size={18} />}>
          <ArrowDown size={18} />
        </Show>
      </button>
    </div>
  );
}
