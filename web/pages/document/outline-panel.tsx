import { createMemo, For, onCleanup, Show } from 'solid-js';
import { t, tCount } from '../../i18n/companions/translate.ts';
import { panel, setPanel, type OutlinePort, type TextCount } from '../../state/text-panels.ts';

/** Headings to jump to, the current one marked, and how long the text is. */
export function OutlinePanel(props: { outline: OutlinePort }) {
  onCleanup(props.outline.watch());
  const least = createMemo(() => Math.min(...props.outline.headings().map(({ level }) => level)));
  const jump = (index: number) => {
    const heading = props.outline.headings()[index];
    // A sheet would cover what one wants to see.
    if (!matchMedia('(min-width: 768px)').matches && panel() === 'outline') setPanel(undefined);
    if (heading) props.outline.jump(heading);
  };
  return (
    <>
      <Show
        when={props.outline.headings().length > 0}
        fallback={<p class="quiet-text">{t('outline.none')}</p>}
      >
        <ul role="list" class="beside-list outline">
          <For each={props.outline.headings()}>
            {(heading, index) => (
              <li>
                <button
                  type="button"
                  class="beside-link"
                  style={{ '--step': String(heading.level - least()) }}
                  aria-current={props.outline.current() === index() ? 'location' : undefined}
                  onClick={() => jump(index())}
                >
                  {heading.text}
                </button>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <Size count={props.outline.count()} />
      <Show when={props.outline.selected()}>
        {(count) => <Size count={count()} label={t('outline.selected')} />}
      </Show>
    </>
  );
}

function Size(props: { count: TextCount; label?: string }) {
  return (
    <p class="quiet-text small outline-size" data-testid={props.label ? 'selected-size' : 'text-size'}>
      <Show when={props.label}>
        <strong>{props.label}</strong>
      </Show>
      <span>{tCount('outline.words', props.count.words)}</span>
      <span>{tCount('outline.characters', props.count.characters)}</span>
      <Show when={props.count.minutes > 0}>
        <span>{tCount('outline.minutes', props.count.minutes)}</span>
      </Show>
    </p>
  );
}
