import { createSignal, type JSX } from 'solid-js';

interface View {
  scale: number;
  /** How far the middle is moved, in CSS pixels. */
  x: number;
  y: number;
}

const most = 8;
const fitting: View = { scale: 1, x: 0, y: 0 };

/** Enlarging by wheel, double click or two fingers, and moving what is larger than its place. 1 fits the window. */
export function createZoom() {
  const [view, setView] = createSignal<View>(fitting);
  const pointers = new Map<number, PointerEvent>();

  const zoomAt = (factor: number, x = 0, y = 0) => {
    const now = view();
    const scale = Math.min(most, Math.max(1, now.scale * factor));
    if (scale === 1) return setView(fitting);
    const ratio = scale / now.scale;
    return setView({ scale, x: x - (x - now.x) * ratio, y: y - (y - now.y) * ratio });
  };
  const onMove = (event: PointerEvent) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const other = [...pointers.values()].find(({ pointerId }) => pointerId !== event.pointerId);
    pointers.set(event.pointerId, event);
    if (other) return zoomAt(distance(event, other) / Math.max(1, distance(before, other)), ...middle(event));
    if (view().scale === 1) return undefined;
    const [dx, dy] = [event.clientX - before.clientX, event.clientY - before.clientY];
    return setView((now) => ({ ...now, x: now.x + dx, y: now.y + dy }));
  };
  const forget = (event: PointerEvent) => void pointers.delete(event.pointerId);
  return {
    scale: () => view().scale,
    by: (factor: number) => void zoomAt(factor),
    style: (): JSX.CSSProperties => ({
      '--zoom': String(view().scale),
      '--move-x': `${view().x}px`,
      '--move-y': `${view().y}px`,
    }),
    handlers: {
      onWheel(event: WheelEvent) {
        event.preventDefault();
        zoomAt(Math.exp(-event.deltaY / 300), ...middle(event));
      },
      onDblClick: (event: MouseEvent) => void zoomAt(view().scale > 1 ? 1 / most : 2, ...middle(event)),
      onPointerDown: (event: PointerEvent) => {
        if (!(event.target instanceof Element && event.target.closest('button')))
          pointers.set(event.pointerId, event);
      },
      onPointerMove: (event: PointerEvent) => void onMove(event),
      onPointerUp: forget,
      onPointerCancel: forget,
      onPointerLeave: forget,
    },
  };
}

/** Where an event is, from the middle of what hears it. */
function middle(event: MouseEvent): [x: number, y: number] {
  const box = (event.currentTarget as Element).getBoundingClientRect();
  return [event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2];
}

function distance(a: PointerEvent, b: PointerEvent): number {
  return Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
}
