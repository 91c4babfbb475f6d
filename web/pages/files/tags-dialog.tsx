import X from 'lucide-solid/icons/x';
import { createMemo, createSignal, createUniqueId, For, Show } from 'solid-js';
import { cleanTag } from '../../client/documents/tags.ts';
import { t, tCount } from '../../i18n/library/translate.ts';
import { formatNumber } from '../../i18n/translate.ts';
import { fileItem } from '../../state/files.ts';
import { allTags } from '../../state/library.ts';
import { Dialog } from '../../ui/dialog.tsx';
import './tags.css';
import { tag as setTagOf } from './labelling.ts';
import { shownTitle } from './words.ts';

/** The tags of some entries: each can be taken away, and more given, with what is in use offered while typing. */
export default function TagsDialog(props: { ids: string[]; onClose: () => void }) {
  const [words, setWords] = createSignal('');
  const list = createUniqueId();
  const field = createUniqueId();
  const items = () => props.ids.flatMap((id) => fileItem(id) ?? []);
  const given = createMemo(() => {
    const counts = new Map<string, number>();
    for (const { tags = [] } of items()) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
    return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  });
  const offered = () =>
    allTags().filter(({ tag }) => !given().some(([name, n]) => name === tag && n === items().length));
  const add = (event: SubmitEvent) => {
    event.preventDefault();
    const tag = cleanTag(words());
    if (tag === '') return;
    setWords('');
    void setTagOf(props.ids, tag, true);
  };
  const title = () =>
    tCount('library.tagsOf', items().length, { title: items()[0] ? shownTitle(items()[0]!) : '' });
  return (
    <Dialog open title={title()} closeLabel={t('library.close')} onClose={() => props.onClose()}>
      <div class="tags-dialog">
        <Show when={given().length > 0} fallback={<p class="quiet-text">{t('library.tagsNone')}</p>}>
          <ul role="list" class="tags-given" aria-label={t('library.tagged')}>
            <For each={given()}>
              {([tag, count]) => (
                <li class="tag">
                  <bdi>{tag}</bdi>
                  <Show when={count < items().length}>
                    <span class="quiet-text small">
                      {t('library.tagSome', {
                        count: formatNumber(count),
                        total: formatNumber(items().length),
                      })}
                    </span>
                  </Show>
                  <button
                    type="button"
                    class="icon-button"
                    aria-label={t('library.tagRemove', { tag })}
                    onClick={() => void setTagOf(props.ids, tag, false)}
                  >
                    <X size={14} />
                  </button>
                </li>
              )}
            </For>
          </ul>
        </Show>
        <form class="tags-form" onSubmit={add}>
          <div class="field">
            <label for={field}>{t('library.tagName')}</label>
            <input
              id={field}
              class="input"
              autofocus
              autocomplete="off"
              maxlength={60}
              list={list}
              value={words()}
              onInput={(event) => setWords(event.currentTarget.value)}
            />
            <datalist id={list}>
              <For each={offered()}>{({ tag }) => <option value={tag} />}</For>
            </datalist>
          </div>
          <button type="submit" class="button primary" disabled={cleanTag(words()) === ''}>
            {t('library.tagAdd')}
          </button>
        </form>
      </div>
    </Dialog>
  );
}
