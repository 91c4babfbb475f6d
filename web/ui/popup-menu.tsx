import { createEffect, createUniqueId, onCleanup, Show } from 'solid-js';
import { Portal } from 'solid-js/web';
import { type MenuItem, MenuItems, moveInMenu } from './menu.tsx';

/** A point of the window in CSS pixels. */
export interface MenuPoint {
  x: number;
  y: number;
}

/**
 * One menu that opens wherever it is asked for (a right click, a row's button): arrows move, Enter chooses, Escape and Tab
 * close. Focus goes back to where it was. It is drawn in the page's main landmark, out of what scrolls or is cut off.
 */
export function PopupMenu(props: {
  at: MenuPoint | undefined;
  label: string;
  items: MenuItem[];
  onClose: () => void;
}) {
  const id = createUniqueId();
  let menu: HTMLDivElement | undefined;
  let before: Element | null = null;

  const items = () => [...(menu?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
  const close = (giveBack: boolean) => {
    props.onClose();
    if (giveBack && before instanceof HTMLElement) before.focus();
  };
  const choose = (item: MenuItem) => {
    close(true);
    item.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === 'Tab') return close(true);
    if (event.key !== 'Escape') return moveInMenu(event, items());
    event.preventDefault();
    close(true);
  };
  const onOutside = (event: Event) => {
    if (event.target instanceof Node && !menu?.contains(event.target)) close(false);
  };
  createEffect(() => {
    if (!props.at) return;
    before = document.activeElement;
    const { at } = props;
    // The portal draws the menu after this.
    queueMicrotask(() => {
      if (menu) place(menu, at);
      items()[0]?.focus({ preventScroll: true });
    });
    document.addEventListener('pointerdown', onOutside);
    addEventListener('blur', onOutside);
    onCleanup(() => {
      document.removeEventListener('pointerdown', onOutside);
      removeEventListener('blur', onOutside);
    });
  });

  return (
    <Show when={props.at}>
      <Portal mount={document.querySelector('main') ?? document.body}>
        <div
          ref={menu}
          class="menu popup-menu"
          id={id}
          role="menu"
          aria-label={props.label}
          onKeyDown={onKeyDown}
        >
          <MenuItems items={props.items} onChoose={choose} />
        </div>
      </Portal>
    </Show>
  );
}

/** Puts the menu at a point, moved so far that all of it can be seen. */
function place(menu: HTMLElement, { x, y }: MenuPoint): void {
  const { offsetWidth, offsetHeight } = menu;
  const edge = 8;
  // Without the room of a scroll bar, in which nothing is drawn.
  const { clientWidth } = document.body;
  menu.style.left = `${Math.max(edge, Math.min(x, clientWidth - offsetWidth - edge))}px`;
  menu.style.top = `${Math.max(edge, Math.min(y, innerHeight - offsetHeight - edge))}px`;
}
