import { t } from '../i18n/social/translate.ts';
import { showToast } from './toasts.ts';

/** Runs an action; a failure is told and false. */
export async function attempt(action: Promise<unknown>): Promise<boolean> {
  try {
    await action;
    return true;
  } catch (reason) {
    showToast(t('feed.failed', { message: reason instanceof Error ? reason.message : String(reason) }));
    return false;
  }
}
