import { A } from '@solidjs/router';
import { createSignal, createUniqueId, For, Show } from 'solid-js';
import type { DocumentRow } from '../../client/store/database.ts';
import { t as sharing } from '../../i18n/sharing/translate.ts';
import { formatAgo, formatNumber, t, tCount } from '../../i18n/translate.ts';
import { faceUrl } from '../../state/faces.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { TypeIcon } from '../../ui/type-icon.tsx';

/** Rows drawn at once; more on request, so that thousands of documents open as fast as ten. */
const step = 60;

/** Documents with their first words and the age of the last edit. */
export function DocumentList(props: { title: string; rows: DocumentRow[] }) {
  const [limit, setLimit] = createSignal(step);
  const headingId = createUniqueId();
  const now = Date.now();
  return (
    <section aria-labelledby={headingId}>
      <div class="list-head">
        <h2 id={headingId}>{props.title}</h2>
        <span class="quiet-text small">{tCount('home.count', props.rows.length)}</span>
      </div>
      <ul role="list" class="document-list">
        <For each={props.rows.slice(0, limit())}>
          {(row) => (
            <li>
              <A class="document-row" href={`/d/${row.id}`}>
                <span class="document-title">
                  <Show when={row.type !== 'text'}>
                    <TypeIcon type={row.type} size={16} />
                  </Show>
                  {row.title.trim() || t('document.untitled')}
                </span>
                <span class="document-excerpt">
                  <Show when={row.owner}>
                    {(owner) => (
                      <span class="document-owner">
                        <Avatar idTag={owner()} name={owner()} src={faceUrl(owner())} small />
                        {sharing('room.owner', { name: owner() })}
                      </span>
                    )}
                  </Show>
                  {row.excerpt}
                </span>
                <time class="document-time" datetime={new Date(row.edited).toISOString()}>
                  {formatAgo(row.edited, now)}
                </time>
              </A>
            </li>
          )}
        </For>
      </ul>
      <Show when={props.rows.length > limit()}>
        <button type="button" class="button quiet" onClick={() => setLimit(props.rows.length)}>
          {t('home.showAll', { count: formatNumber(props.rows.length) })}
        </button>
      </Show>
    </section>
  );
}
