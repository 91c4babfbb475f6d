import { For } from 'solid-js';
import { t as tHome } from '../../i18n/home/translate.ts';
import { t, tCount } from '../../i18n/translate.ts';
import { trashList } from '../../state/documents.ts';
import { openText } from '../../state/text-app.ts';
import { showToast } from '../../state/toasts.ts';

/** Documents in the trash, folded away; each can come back. */
export function Trash() {
  const restore = async (id: string) => {
    try {
      (await openText()).documents.restore(id);
    } catch (error) {
      showToast(t('settings.failed', { message: error instanceof Error ? error.message : String(error) }));
    }
  };
  return (
    <details class="trash">
      <summary>
        {tHome('home.trash')} <span class="quiet-text small">{tCount('home.count', trashList().length)}</span>
      </summary>
      <ul role="list">
        <For each={trashList()}>
          {(row) => (
            <li class="trash-row">
              <span>{row.title.trim() || t('document.untitled')}</span>
              <button
                type="button"
                class="button"
                aria-label={`${t('document.restore')} – ${row.title}`}
                onClick={() => void restore(row.id)}
              >
                {t('document.restore')}
              </button>
            </li>
          )}
        </For>
      </ul>
    </details>
  );
}
