import { formatNumber, plural } from '../../i18n/translate.ts';
import { t } from '../../i18n/whiteboard/translate.ts';
import { showToast } from '../../state/toasts.ts';
import { turnStep } from './gestures.ts';
import { focusObject } from './object-list.tsx';
import { resized } from './model/geometry.ts';
import { holdsText, isLine, readingOrder } from './model/objects.ts';
import { type StageState, type Tool, fitView, zoomed } from './stage-state.ts';

const toolKeys: Readonly<Record<string, Tool>> = {
  ...{ v: 'select', h: 'hand', p: 'pen', r: 'rect', o: 'ellipse' },
  ...{ l: 'line', a: 'arrow', n: 'note', t: 'text' },
};

/** Keys anywhere on the whiteboard but in a field. */
export function onWhiteboardKey(event: KeyboardEvent, state: StageState): void {
  const field = event.target instanceof HTMLElement && event.target.matches('input, textarea, select');
  if (event.defaultPrevented || field || event.target instanceof HTMLDialogElement) return;
  // A button of the tools keeps the keys that press it and go on from it.
  const tool = event.target instanceof HTMLButtonElement && !event.target.hasAttribute('data-for');
  if (tool && (event.key === 'Enter' || event.key === ' ' || event.key.startsWith('Arrow'))) return;
  const done = event.ctrlKey || event.metaKey ? onCommand(event, state) : onPlain(event, state);
  if (!done) return;
  event.preventDefault();
  event.stopPropagation();
}

function onCommand(event: KeyboardEvent, state: StageState): boolean {
  const key = event.key.toLowerCase();
  if (key === 'z' && !event.shiftKey) state.app.undo();
  else if (key === 'y' || key === 'z') state.app.redo();
  else if (key === 'a') state.select(state.objects().map(({ id }) => id));
  else if (key === 'd') duplicate(state);
  else return false;
  return true;
}

function onPlain(event: KeyboardEvent, state: StageState): boolean {
  const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  if (step) return onArrow(event, state, { x: step[0]!, y: step[1]! });
  const tool = toolKeys[event.key.toLowerCase()];
  if (tool && !event.altKey && state.app.writable()) {
    state.setTool(tool);
    return true;
  }
  return onChosen(event, state);
}

function onArrow(event: KeyboardEvent, state: StageState, by: { x: number; y: number }): boolean {
  const length = event.shiftKey ? 50 : 10;
  const chosen = [...state.selected()];
  if (chosen.length === 0) {
    const view = state.view();
    state.setView({ ...view, x: view.x + (by.x * 60) / view.zoom, y: view.y + (by.y * 60) / view.zoom });
    return true;
  }
  if (event.altKey) return resize(state, by.x * length, by.y * length);
  state.change((change) => change.move(chosen, by.x * length, by.y * length));
  const box = state.byId().get(chosen[0]!)?.box;
  if (box) state.announce(t('white.moved', { x: Math.round(box.x), y: Math.round(box.y) }));
  return true;
}

function resize(state: StageState, w: number, h: number): boolean {
  const object = state.byId().get([...state.selected()][0] ?? '');
  if (!object) return false;
  const { box } = object;
  const next = resized(object, { ...box, w: Math.max(10, box.w + w), h: Math.max(10, box.h + h) });
  state.change((change) => change.setBox(object.id, next));
  return true;
}

/** By steps, with Shift by single degrees; the keys are the same two on every keyboard, whatever Shift makes of them. */
function turn(state: StageState, { code, shiftKey }: KeyboardEvent): boolean {
  const way = { Comma: -1, Period: 1 }[code];
  const [first] = state.selected();
  if (way === undefined || first === undefined || !state.app.writable()) return false;
  state.change((change) => change.turn(state.selected(), way * (shiftKey ? 1 : turnStep)));
  const object = state.byId().get(first);
  if (object && !isLine(object.kind)) state.announce(t('white.turned', { turn: formatNumber(object.turn) }));
  return true;
}

function onChosen(event: KeyboardEvent, state: StageState): boolean {
  const chosen = [...state.selected()];
  switch (event.key) {
    case 'Escape':
      return escape(state);
    case '+':
    case '-':
      state.setView(zoomed(state.view(), event.key === '+' ? 1.25 : 0.8, middleOfStage(state)));
      return true;
    case '0':
      state.setView(fitView(state.objects(), state.size()));
      return true;
    case 'Delete':
    case 'Backspace':
      return chosen.length > 0 && (remove(state), true);
    case 'Enter':
      return writeIn(state, chosen);
    case ',':
    case '.':
    case '<':
    case '>':
    case ';':
    case ':':
      return turn(state, event);
    case '[':
    case ']':
      state.change((change) => change.restack(chosen, event.key === ']' ? 'front' : 'back'));
      return chosen.length > 0;
    default:
      return false;
  }
}

export const middleOfStage = (state: StageState): { x: number; y: number } => ({
  x: state.size().w / 2,
  y: state.size().h / 2,
});

function writeIn(state: StageState, chosen: string[]): boolean {
  const object = chosen.length === 1 ? state.byId().get(chosen[0]!) : undefined;
  if (!object || !holdsText(object.kind) || !state.app.writable()) return false;
  state.edit(object.id);
  return true;
}

function escape(state: StageState): boolean {
  if (state.tool() !== 'select') state.setTool('select');
  else if (state.selected().size > 0) {
    state.select([]);
    document.querySelector<HTMLElement>('.white')?.focus();
  } else state.app.onEscape();
  return true;
}

/** Copies of what is chosen, chosen instead. */
export function duplicate(state: StageState): void {
  let copies: string[] = [];
  state.change((change) => (copies = change.copy(state.selected())));
  if (copies.length > 0) state.select(copies);
}

/** Removes what is chosen; the focus goes to what is read next. */
export function remove(state: StageState): void {
  const gone = state.selected();
  const focused = document.activeElement?.hasAttribute('data-for') === true;
  const order = readingOrder(state.objects());
  const at = order.findIndex(({ id }) => gone.has(id));
  const next = order.slice(at).find(({ id }) => !gone.has(id)) ?? order.find(({ id }) => !gone.has(id));
  state.change((change) => change.remove(gone));
  state.select([]);
  if (focused) focusObject(next?.id);
  const count = gone.size;
  const key = plural(count, { one: 'white.removed.one', other: 'white.removed.other' } as const);
  showToast(t(key, { count: formatNumber(count) }), { label: t('white.undo'), run: () => state.app.undo() });
}
