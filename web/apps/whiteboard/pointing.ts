import {
  type Corner,
  type Gesture,
  boxGesture,
  endGesture,
  frameGesture,
  lineGesture,
  moveGesture,
  panGesture,
  penGesture,
  resizeGesture,
  textGesture,
  turnGesture,
} from './gestures.ts';
import type { Point } from './model/geometry.ts';
import { holdsText } from './model/objects.ts';
import { type StageState, zoomed } from './stage-state.ts';

const corners: readonly Corner[] = ['nw', 'ne', 'sw', 'se'];

/** What pointers do on the stage: one draws, chooses and moves, two of a hand move and zoom the view. Returns the end. */
export function listenToPointers(stage: SVGSVGElement, state: StageState): () => void {
  const fingers = new Map<number, Point>();
  let gesture: Gesture | undefined;
  let space = false;
  const { signal, abort } = abortable();
  const onStage = ({ clientX, clientY }: Point2): Point => {
    const { left, top } = stage.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  };
  const onBoard = (event: Point2): Point => {
    const [at, view] = [onStage(event), state.view()];
    return { x: view.x + at.x / view.zoom, y: view.y + at.y / view.zoom };
  };
  const onDown = (event: PointerEvent): void => {
    if (state.editing() !== undefined) state.edit(undefined);
    stage.setPointerCapture(event.pointerId);
    if (event.pointerType === 'touch') fingers.set(event.pointerId, onStage(event));
    if (fingers.size > 1) {
      gesture?.cancel();
      gesture = undefined;
      return;
    }
    const pans = event.button === 1 || (event.button === 0 && (space || state.tool() === 'hand'));
    if (pans) gesture = panGesture(state, event);
    else if (event.button === 0) gesture = begin(state, event, onBoard(event));
    event.preventDefault();
    stage.closest<HTMLElement>('.white')?.focus({ preventScroll: true });
  };
  const onMove = (event: PointerEvent): void => {
    state.app.say(event.pointerType === 'touch' ? undefined : onBoard(event));
    const before = fingers.get(event.pointerId);
    if (before && fingers.size === 2) pinch(before, event);
    else gesture?.move(onBoard(event), event, onBoard);
    if (before) fingers.set(event.pointerId, onStage(event));
  };
  const pinch = (before: Point, event: PointerEvent): void => {
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (!other) return;
    const now = onStage(event);
    const apart = (point: Point): number => Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
    const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
    const view = zoomed(state.view(), apart(now) / apart(before), middle);
    const half = { x: (now.x - before.x) / 2 / view.zoom, y: (now.y - before.y) / 2 / view.zoom };
    state.setView({ ...view, x: view.x - half.x, y: view.y - half.y });
  };
  const onUp = (event: PointerEvent): void => {
    fingers.delete(event.pointerId);
    if (event.type === 'pointerup') gesture?.up();
    else gesture?.cancel();
    gesture = undefined;
  };
  const onEscape = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !gesture) return;
    gesture.cancel();
    gesture = undefined;
    // The tool and what is chosen stay.
    event.stopPropagation();
  };
  const onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    const view = state.view();
    const lines = event.deltaMode === 1 ? 16 : 1;
    if (event.ctrlKey || event.metaKey)
      return state.setView(zoomed(view, Math.exp((-event.deltaY * lines) / 300), onStage(event)));
    const [dx, dy] = event.shiftKey ? [event.deltaY, event.deltaX] : [event.deltaX, event.deltaY];
    state.setView({ ...view, x: view.x + (dx * lines) / view.zoom, y: view.y + (dy * lines) / view.zoom });
  };
  const onDouble = (event: MouseEvent): void => {
    // A pointer that is captured tells of the stage only.
    const id = idAt(document.elementFromPoint(event.clientX, event.clientY));
    const object = state.byId().get(id ?? '');
    if (object && holdsText(object.kind) && state.app.writable()) state.edit(object.id);
  };
  const onSpace = (event: KeyboardEvent): void => {
    if (event.key === ' ') space = event.type === 'keydown' && !isField(event.target);
  };
  stage.addEventListener('pointerdown', onDown, { signal });
  stage.addEventListener('pointermove', onMove, { signal });
  stage.addEventListener('pointerup', onUp, { signal });
  stage.addEventListener('pointercancel', onUp, { signal });
  stage.addEventListener('pointerleave', () => state.app.say(undefined), { signal });
  stage.addEventListener('wheel', onWheel, { signal, passive: false });
  stage.addEventListener('dblclick', onDouble, { signal });
  addEventListener('keydown', onEscape, { signal, capture: true });
  addEventListener('keydown', onSpace, { signal });
  addEventListener('keyup', onSpace, { signal });
  return abort;
}

type Point2 = Pick<MouseEvent, 'clientX' | 'clientY'>;

function abortable(): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

/** Whether keys typed at this element are text, or press a button. */
export function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, button');
}

function idAt(target: EventTarget | null): string | undefined {
  const object = target instanceof Element ? target.closest('[data-object]') : null;
  return object?.getAttribute('data-object') ?? undefined;
}

function begin(state: StageState, event: PointerEvent, at: Point): Gesture | undefined {
  const tool = state.tool();
  if (!state.app.writable()) return tool === 'select' ? chooseOnly(state, event, at) : undefined;
  switch (tool) {
    case 'pen':
      return penGesture(state, at, event.pointerType === 'pen' ? event.pressure : 0.5);
    case 'rect':
    case 'ellipse':
    case 'note':
      return boxGesture(state, tool, at);
    case 'line':
    case 'arrow':
      return lineGesture(state, tool, at);
    case 'text':
      return textGesture(state, at);
    case 'hand':
      return undefined;
    case 'select':
      return handleAt(state, event) ?? choose(state, event, at);
  }
}

/** The gesture of a handle of the one object that is chosen. */
function handleAt(state: StageState, event: PointerEvent): Gesture | undefined {
  const name = event.target instanceof Element ? event.target.getAttribute('data-handle') : null;
  const [id] = state.selected();
  const object = state.byId().get(id ?? '');
  if (name === null || !object) return undefined;
  if (name === 'from' || name === 'to') return endGesture(state, object, name);
  if (name === 'turn') return turnGesture(state, object);
  const corner = corners.find((one) => one === name);
  return corner && resizeGesture(state, object, corner);
}

function choose(state: StageState, event: PointerEvent, at: Point): Gesture {
  const id = idAt(event.target);
  const more = event.shiftKey || event.ctrlKey || event.metaKey;
  if (id === undefined)
    return event.pointerType === 'touch' && !more ? touchEmpty(state, event) : frameGesture(state, at, more);
  const chosen = state.selected();
  if (more) state.select(chosen.has(id) ? [...chosen].filter((one) => one !== id) : [...chosen, id]);
  else if (!chosen.has(id)) state.select([id]);
  return moveGesture(state, at);
}

/** A finger beside everything moves the view. */
function touchEmpty(state: StageState, event: PointerEvent): Gesture {
  state.select([]);
  return panGesture(state, event);
}

function chooseOnly(state: StageState, event: PointerEvent, at: Point): Gesture | undefined {
  const id = idAt(event.target);
  if (id === undefined) return choose(state, event, at);
  state.select([id]);
  return undefined;
}
