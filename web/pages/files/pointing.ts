import { type Accessor, createSignal, onCleanup } from 'solid-js';
import type { MenuPoint } from '../../ui/popup-menu.tsx';
import type { Choosing } from './choosing.ts';

/** How long a finger rests on an entry to choose it, in milliseconds. */
const longPress = 500;
/** How far a finger may tremble meanwhile, in CSS pixels. */
const still = 10;

/** The id of the entry that an event is about. */
export function entryOf(event: Event): string | undefined {
  const element = event.target instanceof Element ? event.target.closest('[data-entry]') : null;
  return element instanceof HTMLElement ? element.dataset['entry'] : undefined;
}

interface Ways {
  choosing: Choosing;
  open: (id: string) => void;
  openMenu: (id: string, at: MenuPoint) => void;
}

/**
 * Mouse and finger on a list of entries. Mouse: a click chooses (Ctrl or Cmd adds, Shift takes a range), a double click opens,
 * the right button has the menu. Finger: a tap opens, a long press chooses, and taps choose from then on.
 */
export function createPointing({ choosing, open, openMenu }: Ways): {
  /** Whether the last pointer was a finger. */
  touch: Accessor<boolean>;
  handlers: ReturnType<typeof handlersOf>;
} {
  const [touch, setTouch] = createSignal(false);
  const press = createLongPress((id) => choosing.toggle(id));
  return { touch, handlers: handlersOf({ choosing, open, openMenu, touch, setTouch, press }) };
}

function handlersOf(
  ways: Ways & { touch: Accessor<boolean>; setTouch: (on: boolean) => void; press: LongPress },
) {
  const { choosing, open, openMenu, touch, setTouch, press } = ways;
  return {
    onFocusIn(event: FocusEvent) {
      const id = entryOf(event);
      if (id !== undefined) choosing.arrive(id);
    },
    onPointerDown(event: PointerEvent) {
      setTouch(event.pointerType === 'touch');
      const id = entryOf(event);
      if (touch() && id !== undefined) press.begin(id, event);
    },
    onPointerMove: (event: PointerEvent) => press.move(event),
    onPointerUp: () => press.end(),
    onPointerCancel: () => press.end(),
    onClick(event: MouseEvent) {
      const id = entryOf(event);
      if (id === undefined || press.swallow() || isField(event)) return;
      const dots = event.target instanceof Element ? event.target.closest('[data-menu]') : null;
      if (dots) {
        const box = dots.getBoundingClientRect();
        openMenu(id, { x: box.left, y: box.bottom + 4 });
      } else if (touch()) {
        if (choosing.touching()) choosing.toggle(id);
        else open(id);
      } else choose(choosing, id, event);
    },
    onDblClick(event: MouseEvent) {
      const id = entryOf(event);
      const plain = !(event.target instanceof Element && event.target.closest('[data-menu]'));
      if (id !== undefined && plain && !touch() && !isField(event)) open(id);
    },
    onContextMenu(event: MouseEvent) {
      const id = entryOf(event);
      if (id === undefined || isField(event)) return;
      event.preventDefault();
      if (!touch()) openMenu(id, { x: event.clientX, y: event.clientY });
    },
  };
}

function choose(choosing: Choosing, id: string, event: MouseEvent): void {
  const mod = event.ctrlKey || event.metaKey;
  if (event.shiftKey) choosing.range(id, mod);
  else if (mod) choosing.toggle(id);
  else choosing.one(id);
}

function isField(event: Event): boolean {
  return event.target instanceof Element && event.target.matches('input');
}

interface LongPress {
  begin(id: string, event: PointerEvent): void;
  move(event: PointerEvent): void;
  end(): void;
  /** Whether the click that now comes ends a long press and means nothing more; asked once. */
  swallow(): boolean;
}

function createLongPress(onPress: (id: string) => void): LongPress {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let from = { x: 0, y: 0 };
  let pressed = false;
  const end = () => clearTimeout(timer);
  onCleanup(end);
  return {
    begin(id, { clientX: x, clientY: y }) {
      end();
      from = { x, y };
      pressed = false;
      timer = setTimeout(() => {
        pressed = true;
        onPress(id);
      }, longPress);
    },
    move({ clientX, clientY }) {
      if (Math.hypot(clientX - from.x, clientY - from.y) > still) end();
    },
    end,
    swallow() {
      const was = pressed;
      pressed = false;
      return was;
    },
  };
}
