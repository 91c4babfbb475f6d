import type { RecoveryKey } from '../i18n/recovery/en.ts';
import { t } from '../i18n/recovery/translate.ts';
import type { RecoveryFailure } from './recovery.ts';

const told: readonly string[] = [
  ...['passphrase', 'damaged', 'form', 'other', 'older', 'unknown', 'log-missing', 'setup-missing'],
  ...['no-code', 'fork', 'setup', 'unreachable'],
];

type Plain = Exclude<RecoveryKey, 'kit.error.elsewhere' | 'kit.error.refused'>;

/** What went wrong, in a sentence. @param idTag of the kit */
export function failureWords({ reason, message }: RecoveryFailure, idTag = ''): string {
  if (reason === 'elsewhere') return t('kit.error.elsewhere', { name: idTag });
  if (!told.includes(reason)) return t('kit.error.refused', { message });
  return t(`kit.error.${reason}` as Plain);
}
