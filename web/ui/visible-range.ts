import { type Accessor, createMemo, createSignal, onCleanup, onMount } from 'solid-js';

/** Rows beyond either edge of the window that are drawn already. */
const margin = 8;

export interface VisibleRange {
  /** Give it the element that holds the rows. */
  ref: (element: HTMLElement) => void;
  /** The rows to draw, `last` not among them. */
  rows: Accessor<{ first: number; last: number }>;
  /** Scrolls the window as far as it takes to see a row. */
  reveal: (row: number) => void;
}

/**
 * Which rows of equal height the window shows of a list that scrolls with the page, so that thousands cost as little as
 * forty. `count` rows of `height` CSS pixels.
 */
export function createVisibleRange(options: {
  count: Accessor<number>;
  height: Accessor<number>;
  /** Hears the width of the element in CSS pixels. */
  onWidth: (width: number) => void;
}): VisibleRange {
  let element: HTMLElement | undefined;
  const [place, setPlace] = createSignal({ top: 0, window: innerHeight });
  const measure = () => {
    if (element) setPlace({ top: element.getBoundingClientRect().top, window: innerHeight });
  };
  const rows = createMemo(
    () => {
      const { top, window } = place();
      const height = options.height();
      const first = Math.max(0, Math.floor(-top / height) - margin);
      const last = Math.min(options.count(), Math.ceil((window - top) / height) + margin);
      return { first: Math.min(first, last), last };
    },
    { first: 0, last: 0 },
    { equals: (a, b) => a.first === b.first && a.last === b.last },
  );
  const observer = new ResizeObserver(([entry]) => {
    if (entry) options.onWidth(entry.contentRect.width);
    measure();
  });
  onMount(() => {
    addEventListener('scroll', measure, { passive: true });
    addEventListener('resize', measure);
  });
  onCleanup(() => {
    observer.disconnect();
    removeEventListener('scroll', measure);
    removeEventListener('resize', measure);
  });
  return {
    ref: (next) => {
      element = next;
      observer.observe(next);
    },
    rows,
    reveal(row) {
      if (element) revealRow(element, row * options.height(), options.height());
    },
  };
}

/** Space that the header and the bar at the foot cover. */
const covered = { top: 64, bottom: 72 };

function revealRow(element: HTMLElement, offset: number, height: number): void {
  const top = element.getBoundingClientRect().top + offset;
  if (top < covered.top) scrollBy({ top: top - covered.top });
  else if (top + height > innerHeight - covered.bottom)
    scrollBy({ top: top + height - innerHeight + covered.bottom });
}
