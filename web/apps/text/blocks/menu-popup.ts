import { type PopupLine, drawWords } from './list-popup.ts';
import { type Place, placePopup } from './place-popup.ts';

/** A line of a menu that does something, or a heading above the lines that follow. */
export interface MenuLine extends PopupLine {
  run?: (() => void) | undefined;
  /** Set on lines of which one is in effect. */
  checked?: boolean | undefined;
}

interface MenuOptions {
  /** Where the menu is put in the page. */
  parent: HTMLElement;
  label: string;
  lines: readonly MenuLine[];
  place: Place;
  /** Called when it has closed without a choice: where the focus goes back to. */
  onClose(): void;
}

/** Opens a menu: arrows move, letters find, Enter chooses, Escape and Tab close. Returns its end. */
export function openMenu({ parent, label, lines, place, onClose }: MenuOptions): () => void {
  const menu = document.createElement('div');
  menu.className = 'block-popup block-menu';
  menu.setAttribute('role', 'menu');
  menu.setAttribute('aria-label', label);
  const close = (): void => {
    document.removeEventListener('pointerdown', onOutside, true);
    menu.remove();
  };
  const onOutside = (event: Event): void => {
    if (event.target instanceof Node && !menu.contains(event.target)) close();
  };
  menu.append(
    ...lines.map((line) =>
      drawLine(line, () => {
        close();
        onClose();
        line.run?.();
      }),
    ),
  );
  menu.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      close();
      onClose();
    } else moveFocus(menu, event);
  });
  parent.append(menu);
  placePopup(menu, place);
  document.addEventListener('pointerdown', onOutside, true);
  menu.querySelector<HTMLElement>('button')?.focus({ preventScroll: true });
  return close;
}

function drawLine(line: MenuLine, onChoose: () => void): HTMLElement {
  if (line.run === undefined) {
    const heading = document.createElement('div');
    heading.className = 'block-heading';
    heading.setAttribute('role', 'presentation');
    heading.textContent = line.label;
    return heading;
  }
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'block-option';
  button.tabIndex = -1;
  button.setAttribute('role', line.checked === undefined ? 'menuitem' : 'menuitemradio');
  if (line.checked !== undefined) button.setAttribute('aria-checked', String(line.checked));
  button.append(...drawWords(line));
  button.addEventListener('click', onChoose);
  return button;
}

function moveFocus(menu: HTMLElement, event: KeyboardEvent): void {
  const buttons = [...menu.querySelectorAll<HTMLElement>('button')];
  const now = buttons.findIndex((button) => button === document.activeElement);
  const to = nextIndex(event.key, now, buttons);
  if (to === undefined) return;
  event.preventDefault();
  buttons[to]?.focus();
}

function nextIndex(key: string, now: number, buttons: readonly HTMLElement[]): number | undefined {
  const count = buttons.length;
  if (key === 'ArrowDown') return (now + 1) % count;
  if (key === 'ArrowUp') return (now - 1 + count) % count;
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  if (!/^\p{L}$/u.test(key)) return undefined;
  const begins = (button: HTMLElement | undefined): boolean =>
    button?.querySelector('.block-label')?.textContent.toLowerCase().startsWith(key.toLowerCase()) === true;
  const found = buttons.findIndex((_, index) => begins(buttons[(now + 1 + index) % count]));
  return found === -1 ? undefined : (now + 1 + found) % count;
}
