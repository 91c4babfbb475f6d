import { A } from '@solidjs/router';
import { For, Show } from 'solid-js';
import { t, tCount } from '../../i18n/companions/translate.ts';
import { linksTo } from '../../state/linked.ts';

/** Documents whose text links to this one. */
export function LinksPanel(props: { id: string }) {
  const rows = () => linksTo(props.id);
  return (
    <Show when={rows().length > 0} fallback={<p class="quiet-text">{t('links.none')}</p>}>
      <p class="quiet-text small">{tCount('links.here', rows().length)}</p>
      <ul role="list" class="beside-list">
        <For each={rows()}>
          {(row) => (
            <li>
              <A class="beside-link" href={`/d/${row.id}`}>
                <span class="beside-title">{row.title.trim() || t('link.untitled')}</span>
                <Show when={row.excerpt}>
                  <span class="beside-excerpt">{row.excerpt}</span>
                </Show>
              </A>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}
