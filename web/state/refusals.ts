import type { ErrorCode } from '../../shared/errors.ts';
import { speakRefusals } from '../client/relay/refusal-words.ts';
import { locale } from '../i18n/translate.ts';

/**
 * Refusals of the relay are told in the language of the page: English ones in the relay's own words, which say more. Others are fetched when
 * they are spoken; until they are there, and when they cannot be had, the relay's words do.
 */
export function provideRefusalWords(): void {
  let words: Record<ErrorCode, string> | undefined;
  let asked = false;
  const load = async (): Promise<void> => {
    asked = true;
    words = (await import('../i18n/refusals/de.ts')).de;
  };
  const find = (code: ErrorCode): string | undefined => {
    if (locale() !== 'de') return undefined;
    if (!asked) void load().catch(() => (asked = false));
    return words?.[code];
  };
  find('E-CORE-NOTFOUND'); // fetched while nothing is refused yet
  speakRefusals(find);
}
