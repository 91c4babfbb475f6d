import { createResource, Match, Show, Switch } from 'solid-js';
import { formatBytes } from '../../../i18n/translate.ts';
import { t } from '../../../i18n/files/translate.ts';
import { contentVariant, type FileItem, readVariant } from '../../../state/files.ts';
import { shownTitle } from '../words.ts';

/** Bytes of a text that are shown. */
const most = 1024 * 1024;

/** Text and code as they are, never as HTML; at most the first mebibyte. */
export function TextView(props: { item: FileItem }) {
  const [text] = createResource(() => props.item, readText);
  return (
    <Switch>
      <Match when={text.error !== undefined}>
        <p class="preview-words" role="alert">
          {t('files.preview.failed', {
            message: text.error instanceof Error ? text.error.message : String(text.error),
          })}
        </p>
      </Match>
      <Match when={text.state === 'ready' && text() === undefined}>
        <p class="preview-words">{t('files.preview.away')}</p>
      </Match>
      <Match when={text()}>
        {(read) => (
          <div
            class="preview-text"
            tabindex="0"
            role="region"
            aria-label={t('files.preview.content', { title: shownTitle(props.item) })}
          >
            <Show when={read().cut}>
              <p class="quiet-text small">{t('files.preview.cut', { size: formatBytes(most) })}</p>
            </Show>
            <pre>{read().words}</pre>
          </div>
        )}
      </Match>
    </Switch>
  );
}

async function readText(item: FileItem): Promise<{ words: string; cut: boolean } | undefined> {
  const variant = contentVariant(item);
  const blob = variant === undefined ? undefined : await readVariant(item.id, variant);
  if (!blob) return undefined;
  return { words: await blob.slice(0, most).text(), cut: blob.size > most };
}
