import ChevronDown from 'lucide-solid/icons/chevron-down';
import { createSignal, createUniqueId, For, onCleanup, Show } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import type { AnswerableView } from '../../client/actions/feed.ts';
import { type ReactionKind, reactionKinds } from '../../client/actions/reactions.ts';
import { t, tCount } from '../../i18n/social/translate.ts';
import { formatNumber } from '../../i18n/translate.ts';
import type { FeedSource } from '../../state/feed.ts';
import { attempt } from '../../state/attempt.ts';
import { reactionSigns } from './reaction-signs.tsx';

export function countReactions({ counts }: AnswerableView): number {
  return Object.values(counts.reactions).reduce((sum, count) => sum + count, 0);
}

/** One touch likes, or takes one's reaction back; beside it the six to choose from. */
export function ReactionButtons(props: { item: AnswerableView; source: FeedSource; small?: boolean }) {
  const shown = (): ReactionKind => props.item.mine ?? 'LIKE';
  const count = () => countReactions(props.item);
  const set = (kind: ReactionKind) => {
    const { id, mine } = props.item;
    void attempt(mine === kind ? props.source.unreact(id) : props.source.react(id, kind));
  };
  const size = () => (props.small ? 16 : 18);
  return (
    <div class="reaction-buttons">
      <button
        type="button"
        class="button quiet"
        aria-pressed={props.item.mine !== undefined}
        aria-label={`${t(`feed.${shown()}`)} – ${tCount('feed.reactions', count())}`}
        onClick={() => set(shown())}
      >
        <Dynamic component={reactionSigns[shown()]} size={size()} />
        <span>{count() > 0 ? formatNumber(count()) : ''}</span>
      </button>
      <Picker mine={props.item.mine} onChoose={set} />
    </div>
  );
}

/** The six in a row: arrows move, Enter chooses, Escape closes; under a thumb they are big enough. */
function Picker(props: { mine: ReactionKind | undefined; onChoose: (kind: ReactionKind) => void }) {
  const [open, setOpen] = createSignal(false);
  const id = createUniqueId();
  let anchor: HTMLDivElement | undefined;
  let button: HTMLButtonElement | undefined;
  const choices = () => [...(anchor?.querySelectorAll<HTMLElement>('[role=menuitemradio]') ?? [])];
  const show = () => {
    setOpen(true);
    queueMicrotask(() => choices()[reactionKinds.indexOf(props.mine ?? 'LIKE')]?.focus());
  };
  const close = () => {
    setOpen(false);
    button?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open()) return;
    if (event.key === 'Tab') return void setOpen(false);
    const at = choices().findIndex((choice) => choice === document.activeElement);
    const to = {
      ArrowRight: at + 1,
      ArrowDown: at + 1,
      ArrowLeft: at - 1,
      ArrowUp: at - 1,
      Home: 0,
      End: -1,
    }[event.key];
    if (event.key === 'Escape') close();
    else if (to === undefined) return;
    else
      choices()
        .at(to % reactionKinds.length)
        ?.focus();
    event.preventDefault();
    event.stopPropagation();
  };
  const onOutside = (event: PointerEvent) => {
    if (open() && event.target instanceof Node && !anchor?.contains(event.target)) setOpen(false);
  };
  document.addEventListener('pointerdown', onOutside);
  onCleanup(() => document.removeEventListener('pointerdown', onOutside));
  return (
    <div class="menu-anchor" ref={anchor} onKeyDown={onKeyDown}>
      <button
        ref={button}
        type="button"
        class="icon-button reaction-more"
        aria-label={t('feed.react')}
        aria-haspopup="menu"
        aria-expanded={open()}
        aria-controls={open() ? id : undefined}
        onClick={() => (open() ? close() : show())}
      >
        <ChevronDown size={14} />
      </button>
      <Show when={open()}>
        <div id={id} class="menu start reaction-picker" role="menu" aria-label={t('feed.react')}>
          <For each={reactionKinds}>
            {(kind) => (
              <button
                type="button"
                role="menuitemradio"
                tabindex="-1"
                aria-checked={props.mine === kind}
                aria-label={t(`feed.${kind}`)}
                title={t(`feed.${kind}`)}
                onClick={() => {
                  close();
                  props.onChoose(kind);
                }}
              >
                <Dynamic component={reactionSigns[kind]} size={22} />
              </button>
            )}
          </For>
        </div>
      </Show>
    </div>
  );
}
