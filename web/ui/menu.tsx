import { createSignal, createUniqueId, For, onCleanup, Show, type Component, type JSX } from 'solid-js';

export interface MenuItem {
  label: string;
  icon?: Component<{ size?: number }>;
  danger?: boolean;
  /** Begins a group of its own: a line stands above it. */
  apart?: boolean;
  run: () => void;
}

/** A button that opens a menu: arrows move, Enter chooses, Escape and Tab close and give focus back. */
export function MenuButton(props: {
  label: string;
  items: MenuItem[];
  class?: string;
  align?: 'start' | 'end';
  children: JSX.Element;
}) {
  /** What was offered when it opened stays until it closes: nothing moves under a finger, and the focus stays. */
  const [shown, setShown] = createSignal<MenuItem[]>();
  const menuId = createUniqueId();
  let anchor: HTMLDivElement | undefined;
  let button: HTMLButtonElement | undefined;

  const close = (giveFocusBack: boolean) => {
    setShown();
    if (giveFocusBack) button?.focus();
  };
  const choose = (item: MenuItem) => {
    close(true);
    item.run();
  };
  const items = () => [...(anchor?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
  const openAt = (index: number) => {
    setShown(props.items);
    queueMicrotask(() => items().at(index)?.focus());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!shown() && event.key !== 'ArrowDown') return;
    if (!shown()) openAt(0);
    else if (event.key === 'Tab') return close(false);
    else if (event.key !== 'Escape') return moveInMenu(event, items());
    else close(true);
    event.preventDefault();
    event.stopPropagation();
  };
  const onOutside = (event: PointerEvent) => {
    if (shown() && event.target instanceof Node && !anchor?.contains(event.target)) setShown();
  };
  document.addEventListener('pointerdown', onOutside);
  onCleanup(() => document.removeEventListener('pointerdown', onOutside));

  return (
    <div class="menu-anchor" ref={anchor} onKeyDown={onKeyDown}>
      <button
        ref={button}
        type="button"
        class={props.class ?? 'icon-button'}
        aria-label={props.label}
        aria-haspopup="menu"
        aria-expanded={shown() !== undefined}
        aria-controls={shown() ? menuId : undefined}
        onClick={() => (shown() ? close(true) : openAt(0))}
      >
        {props.children}
      </button>
      <Show when={shown()}>
        <div
          class="menu"
          classList={{ start: props.align === 'start' }}
          id={menuId}
          role="menu"
          aria-label={props.label}
        >
          <MenuItems items={shown() ?? []} onChoose={choose} />
        </div>
      </Show>
    </div>
  );
}

/** What a menu offers, with lines between its groups. */
export function MenuItems(props: { items: MenuItem[]; onChoose: (item: MenuItem) => void }) {
  return (
    <For each={props.items}>
      {(item, at) => (
        <>
          <Show when={item.apart && at() > 0}>
            <hr />
          </Show>
          <button
            type="button"
            role="menuitem"
            tabindex="-1"
            classList={{ danger: item.danger === true }}
            onClick={() => props.onChoose(item)}
          >
            {item.icon?.({ size: 16 })}
            {item.label}
          </button>
        </>
      )}
    </For>
  );
}

/** Arrows, Home and End among the items of a menu. */
export function moveInMenu(event: KeyboardEvent, items: HTMLElement[]): void {
  const at = items.findIndex((item) => item === document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to === undefined) return;
  items[(to + items.length) % items.length]?.focus();
  event.preventDefault();
}
