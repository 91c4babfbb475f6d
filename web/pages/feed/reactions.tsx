import { createSignal, For, Show } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import type { AnswerableView } from '../../client/actions/feed.ts';
import { type ReactionKind, reactionKinds } from '../../client/actions/reactions.ts';
import { t, tCount } from '../../i18n/social/translate.ts';
import { formatNumber } from '../../i18n/translate.ts';
import type { FeedSource } from '../../state/feed.ts';
import { ProofView } from './proof-view.tsx';
import { countReactions } from './reaction-buttons.tsx';
import { reactionSigns } from './reaction-signs.tsx';
import { StateLine } from './state-line.tsx';

/** How many of each kind; opened, who, as far as it is known here, and who counted. */
export function Reactions(props: { item: AnswerableView; source: FeedSource }) {
  const [open, setOpen] = createSignal(false);
  const kinds = (): [ReactionKind, number][] =>
    reactionKinds.flatMap((kind) => {
      const count = props.item.counts.reactions[kind] ?? 0;
      return count > 0 ? [[kind, count]] : [];
    });
  const unsent = () =>
    props.item.reactions.find(({ own, state }) => own && state !== 'delivered' && state !== 'sent');
  return (
    <Show when={kinds().length > 0}>
      <div class="reactions">
        <button
          type="button"
          class="reaction-summary"
          aria-expanded={open()}
          aria-label={tCount('feed.reactions', countReactions(props.item))}
          onClick={() => setOpen(!open())}
        >
          <For each={kinds()}>
            {([kind, count]) => (
              <span title={t(`feed.${kind}`)}>
                <Dynamic component={reactionSigns[kind]} size={14} />
                {formatNumber(count)}
              </span>
            )}
          </For>
        </button>
        <Show when={!open() && unsent()}>
          {(mine) => <StateLine item={mine()} source={props.source} quiet />}
        </Show>
        <Show when={open()}>
          <Reactors item={props.item} source={props.source} />
        </Show>
      </div>
    </Show>
  );
}

function Reactors(props: { item: AnswerableView; source: FeedSource }) {
  return (
    <div class="reactors">
      <ul role="list" aria-label={t('feed.reactedBy')}>
        <For each={props.item.reactions}>
          {(reaction) => (
            <li class="reactor" data-id={reaction.id}>
              <span role="img" aria-label={t(`feed.${reaction.kind}`)}>
                <Dynamic component={reactionSigns[reaction.kind]} size={14} />
              </span>
              <span>{reaction.author}</span>
              <StateLine item={reaction} source={props.source} quiet />
              <ProofView item={reaction} source={props.source} />
            </li>
          )}
        </For>
      </ul>
      <Show when={props.item.counts.countedBy}>
        {(name) => <p class="quiet-text small">{t('feed.countedBy', { name: name() })}</p>}
      </Show>
    </div>
  );
}
