import { isErrorCode } from '../../shared/errors.ts';
import { wordRefusal } from '../client/relay/refusal-words.ts';
import { t } from '../i18n/social/translate.ts';

/** Why something was not delivered, as people are told: `<whose>: <code>: <words of the other relay>`, of which each part may be missing. */
export function reasonWords(reason: string): string {
  return reason.replace(/\b(E(?:-[A-Z]+){2,}): (.*)$/s, (_all, code: string, said: string) => {
    // SPEC K7: what an ended key signed is not believed, whenever that was.
    if (code === 'E-KEY-UNKNOWN') return t('feed.reason.key');
    return isErrorCode(code) ? wordRefusal(code, said) : said;
  });
}
