import { A } from '@solidjs/router';
import ShieldAlert from 'lucide-solid/icons/shield-alert';
import { createUniqueId, For, Show } from 'solid-js';
import type { AlarmRow } from '../../client/watch/alarms.ts';
import { t } from '../../i18n/social/translate.ts';
import { formatAgo } from '../../i18n/translate.ts';
import { alarms } from '../../state/alarms.ts';
import { attempt } from '../../state/attempt.ts';

/** What somebody should know before anything else: their relay or a device did what they may not want. */
export function AlarmList() {
  const id = createUniqueId();
  return (
    <Show when={alarms.alarms.length > 0}>
      <section class="notice-list" aria-labelledby={id}>
        <h2 id={id}>{t('alarms.title')}</h2>
        <ul role="list">
          <For each={alarms.alarms}>{(alarm) => <Alarm alarm={alarm} />}</For>
        </ul>
      </section>
    </Show>
  );
}

function Alarm(props: { alarm: AlarmRow }) {
  const about = () => ({
    what: props.alarm.what ?? '',
    who: props.alarm.neighbour ?? '',
    by: props.alarm.words ?? '',
  });
  const isQuoted = () =>
    props.alarm.kind !== 'device' && props.alarm.kind !== 'log' && props.alarm.kind !== 'keys';
  return (
    <li class="notice alarm" data-kind={props.alarm.kind === 'device' ? 'device' : 'trust'}>
      <ShieldAlert size={24} aria-hidden="true" />
      <div class="notice-said">
        <p class="notice-what">{t(`alarms.${props.alarm.kind}`, about())}</p>
        <Show when={isQuoted() && props.alarm.words}>{(words) => <p class="notice-words">{words()}</p>}</Show>
        <p class="quiet-text small">{t(`alarms.${props.alarm.kind}.why`)}</p>
        <p class="quiet-text small">
          <time datetime={new Date(props.alarm.at).toISOString()}>
            {formatAgo(props.alarm.at, Date.now())}
          </time>
        </p>
        <div class="notice-choice">
          <A class="button" href="/settings#link">
            {t('alarms.devices')}
          </A>
          <button
            type="button"
            class="button"
            onClick={() => void attempt(Promise.resolve(alarms.putAside?.(props.alarm.id)))}
          >
            {t('alarms.aside')}
          </button>
        </div>
      </div>
    </li>
  );
}
