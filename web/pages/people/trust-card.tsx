import LockOpen from 'lucide-solid/icons/lock-open';
import { Show } from 'solid-js';
import type { PersonView } from '../../client/actions/people-view.ts';
import { t } from '../../i18n/social/translate.ts';
import { formatDay } from '../../i18n/translate.ts';
import { attempt } from '../../state/attempt.ts';
import type { PeopleSource } from '../../state/people.ts';

/** A key or a device list that is not what it was, shown like a changed lock. */
export function TrustCard(props: { person: PersonView; source: PeopleSource }) {
  const broken = () => {
    const { trust } = props.person;
    return trust && (trust.state === 'changed' || trust.state === 'forked')
      ? { state: trust.state, date: formatDay(trust.at) }
      : undefined;
  };
  return (
    <Show when={broken()}>
      {(trust) => (
        <div class="trust-card">
          <LockOpen size={20} aria-hidden="true" />
          <div>
            <p class="label">{t(`trust.${trust().state}.short`)}</p>
            <p>{t(`trust.${trust().state}`, { name: props.person.name, date: trust().date })}</p>
            <button
              type="button"
              class="button"
              onClick={() => void attempt(props.source.trust(props.person.idTag))}
            >
              {t('trust.accept')}
            </button>
          </div>
        </div>
      )}
    </Show>
  );
}
