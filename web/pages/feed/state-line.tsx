import { createSignal, For, Show } from 'solid-js';
import type { SaidView } from '../../client/actions/said.ts';
import { t, tCount } from '../../i18n/social/translate.ts';
import type { FeedSource } from '../../state/feed.ts';
import { attempt } from '../../state/attempt.ts';
import { reasonWords } from '../../state/reason-words.ts';

/**
 * Where an own statement is on its way, with who has it behind the mark; a refusal stays attached, with a way to try again. What is
 * small (`quiet`) says nothing once it has arrived.
 */
export function StateLine(props: { item: SaidView; source: FeedSource; quiet?: boolean }) {
  const [open, setOpen] = createSignal(false);
  const failed = () => props.item.state === 'refused' || props.item.state === 'partly';
  const shown = () => props.item.own && !(props.quiet && props.item.state === 'delivered');
  return (
    <Show when={shown()}>
      <div class="post-state" data-state={props.item.state}>
        <button type="button" class="state-mark" aria-expanded={open()} onClick={() => setOpen(!open())}>
          <span class="chip-dot" aria-hidden="true" />
          {stateWords(props.item)}
        </button>
        <Show when={failed()}>
          <button
            type="button"
            class="button"
            onClick={() => void attempt(props.source.retry(props.item.id))}
          >
            {t('feed.retry')}
          </button>
        </Show>
        <Show when={props.item.state === 'refused' && props.item.deliveries.length === 0}>
          <button
            type="button"
            class="button quiet"
            onClick={() => void attempt(props.source.discard(props.item.id))}
          >
            {t('feed.discard')}
          </button>
        </Show>
        <Show when={open()}>
          <Receivers item={props.item} />
        </Show>
      </div>
    </Show>
  );
}

function stateWords({ state, reason = '' }: SaidView): string {
  return state === 'refused'
    ? t('feed.state.refused', { reason: reasonWords(reason) })
    : t(`feed.state.${state}`);
}

/** Each receiver with where its delivery stands; those that are not delivered first. */
function Receivers(props: { item: SaidView }) {
  const counted = () => Object.values(props.item.deliveryCounts ?? {}).reduce((sum, count) => sum + count, 0);
  const more = () => Math.max(0, counted() - props.item.deliveries.length);
  return (
    <ul role="list" class="receivers" aria-label={t('feed.receivers')}>
      <For each={props.item.deliveries} fallback={<li>{t('feed.receivers.none')}</li>}>
        {(delivery) => (
          <li data-state={delivery.state}>
            <span class="receiver-name">{delivery.to}</span>
            <span>{t(`feed.receivers.${delivery.state}`)}</span>
            <Show when={delivery.reason}>
              {(reason) => <span class="quiet-text">{reasonWords(reason())}</span>}
            </Show>
          </li>
        )}
      </For>
      <Show when={more() > 0}>
        <li class="quiet-text">{tCount('feed.receivers.more', more())}</li>
      </Show>
    </ul>
  );
}
