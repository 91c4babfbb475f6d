import { t } from '../../i18n/translate.ts';
import { openText } from '../../state/text-app.ts';
import { showToast } from '../../state/toasts.ts';

/** Takes a document out of the trash. */
export function restoreDocument(id: string): Promise<void> {
  return attempt(async () => {
    (await openText()).documents.restore(id);
  });
}

/** Runs an action and tells its failure in words. */
export async function attempt(action: () => void | Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    showToast(t('settings.failed', { message: error instanceof Error ? error.message : String(error) }));
  }
}
