import * as v from 'valibot';
import { verifyLimitSchema } from '../../shared/api/ways.ts';
import { IsletError } from '../../shared/errors.ts';
import { PasskeyRefused } from '../client/device/passkey.ts';
import { RelayUnreachable } from '../client/relay/relay-api.ts';
import { t } from '../i18n/ways/translate.ts';

const words = {
  'E-LINK-USED': 'error.used',
  'E-LINK-EXPIRED': 'error.expired',
  'E-LINK-UNKNOWN': 'error.invalid',
  'E-SETUP-USED': 'error.belongs',
  'E-VERIFY-FAILED': 'error.wrong',
  'E-VERIFY-LIMIT': 'error.limitSoon',
  'E-LOG-FORK': 'error.fork',
  RelayUnreachable: 'error.unreachable',
  PasskeyRefused: 'error.cancelled',
  PasskeyOpensNothing: 'door.passkeyNothing',
} as const;

/** Why something about getting in did not work, by its code or name, in words for people. */
export function failureWords(code: string, message: string): string {
  const key = Object.hasOwn(words, code) ? words[code as keyof typeof words] : undefined;
  return key ? t(key) : t('error.other', { message });
}

/** The same for what was thrown. */
export function tellFailure(error: unknown): string {
  if (error instanceof IsletError) {
    const limit = v.safeParse(verifyLimitSchema, error.details);
    if (error.code === 'E-VERIFY-LIMIT' && limit.success) return limitWords(limit.output.wait);
    return failureWords(error.code, error.message);
  }
  if (error instanceof RelayUnreachable || error instanceof PasskeyRefused)
    return failureWords(error.name, error.message);
  return failureWords('', error instanceof Error ? error.message : String(error));
}

function limitWords(seconds: number): string {
  const wait =
    seconds < 90 ? t('wait.seconds', { n: seconds }) : t('wait.minutes', { n: Math.ceil(seconds / 60) });
  return t('error.limit', { wait });
}
