import type { PersonView } from '../../client/actions/people-view.ts';
import { t } from '../../i18n/social/translate.ts';
import { formatDay } from '../../i18n/translate.ts';

/** How one stands to somebody, in words. */
export function relationWords({ following, follower, connected, blocked, muted }: PersonView): string {
  if (blocked) return t('people.is.blocked');
  const relation =
    connected !== 'none'
      ? t(`people.is.${connected}`)
      : following && follower
        ? t('people.is.mutual')
        : following
          ? t('people.is.following')
          : follower
            ? t('people.is.follower')
            : t('people.is.none');
  return muted ? `${relation} · ${t('people.is.muted')}` : relation;
}

/** What is known of somebody's keys, in one line. */
export function trustWords({ state, at }: NonNullable<PersonView['trust']>): string {
  return state === 'pinned' ? t('trust.pinned.short', { date: formatDay(at) }) : t(`trust.${state}.short`);
}

/** Lower case, without what people paste around a domain. */
export function cleanName(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/^(https?:\/\/|@)/, '')
    .replace(/[/.]+$/, '');
}
