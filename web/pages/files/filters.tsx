import LayoutTemplate from 'lucide-solid/icons/layout-template';
import Star from 'lucide-solid/icons/star';
import { For, type JSX, Show } from 'solid-js';
import { t } from '../../i18n/library/translate.ts';
import { fileItems } from '../../state/files.ts';
import { allTags } from '../../state/library.ts';
import type { Filter, Look } from './look.ts';
import './tags.css';

/** Tags that have a button each; the others are in a list. */
const most = 6;

/** Narrows a list to favourites, templates or a tag; only what there is, is offered. */
export function Filters(props: { look: Look; noFavourites?: boolean }) {
  const present = (field: 'favourite' | 'template') =>
    fileItems().some((item) => item[field] !== undefined && item.trashed === 0);
  const rest = () => allTags().slice(most);
  const tagOn = () => {
    const filter = props.look.filter();
    return filter.kind === 'tag' ? filter.tag : undefined;
  };
  const starred = () => !props.noFavourites && present('favourite');
  return (
    <Show when={starred() || present('template') || allTags().length > 0}>
      <div class="filters" role="group" aria-label={t('library.filters')}>
        <Show when={starred()}>
          <FilterButton look={props.look} filter={{ kind: 'favourites' }}>
            <Star size={14} /> {t('library.favourites')}
          </FilterButton>
        </Show>
        <Show when={present('template')}>
          <FilterButton look={props.look} filter={{ kind: 'templates' }}>
            <LayoutTemplate size={14} /> {t('library.templates')}
          </FilterButton>
        </Show>
        <For each={allTags().slice(0, most)}>
          {({ tag, count }) => (
            <FilterButton look={props.look} filter={{ kind: 'tag', tag }} title={tag}>
              <bdi>{tag}</bdi> <span class="quiet-text">{count}</span>
            </FilterButton>
          )}
        </For>
        <Show when={rest().length > 0}>
          <select
            class="input"
            aria-label={t('library.tag')}
            onChange={(event) => {
              const tag = event.currentTarget.value;
              props.look.setFilter(tag === '' ? { kind: 'none' } : { kind: 'tag', tag });
            }}
          >
            <option value="">{t('library.anyTag')}</option>
            <For each={rest()}>
              {({ tag }) => (
                <option value={tag} selected={tagOn() === tag}>
                  {tag}
                </option>
              )}
            </For>
          </select>
        </Show>
      </div>
    </Show>
  );
}

function FilterButton(props: { look: Look; filter: Filter; title?: string; children: JSX.Element }) {
  const on = () => JSON.stringify(props.look.filter()) === JSON.stringify(props.filter);
  return (
    <button
      type="button"
      class="filter"
      title={props.title}
      aria-pressed={on()}
      onClick={() => props.look.setFilter(on() ? { kind: 'none' } : props.filter)}
    >
      {props.children}
    </button>
  );
}
