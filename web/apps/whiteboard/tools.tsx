import ArrowUpRight from 'lucide-solid/icons/arrow-up-right';
import Circle from 'lucide-solid/icons/circle';
import Hand from 'lucide-solid/icons/hand';
import ImageIcon from 'lucide-solid/icons/image';
import Minus from 'lucide-solid/icons/minus';
import MousePointer from 'lucide-solid/icons/mouse-pointer-2';
import Pencil from 'lucide-solid/icons/pencil';
import Square from 'lucide-solid/icons/square';
import StickyNote from 'lucide-solid/icons/sticky-note';
import Type from 'lucide-solid/icons/type';
import { type Component, For } from 'solid-js';
import { t } from '../../i18n/whiteboard/translate.ts';
import { FilePicker } from '../../ui/file-picker.tsx';
import { moveFocus } from '../../ui/roving.ts';
import { colorOf, put, usual } from './gestures.ts';
import type { Box } from './model/geometry.ts';
import type { NewObject } from './model/change.ts';
import { isLine } from './model/objects.ts';
import { textHeight } from './model/shapes.ts';
import { focusObject, objectName } from './object-list.tsx';
import { insertPicture } from './pictures.ts';
import { type StageState, type Tool, tools } from './stage-state.ts';

const icons: Record<Tool, Component<{ size?: number }>> = {
  ...{ select: MousePointer, hand: Hand, pen: Pencil, rect: Square, ellipse: Circle },
  ...{ line: Minus, arrow: ArrowUpRight, note: StickyNote, text: Type },
};

/** What a pointer draws; pressed by a key, a tool puts its object into the middle at once. */
export function Tools(props: { state: StageState }) {
  const { state } = props;
  const choose = (tool: Tool, byKey: boolean) => {
    if (!byKey || !putInMiddle(state, tool)) state.setTool(tool);
  };
  return (
    <div
      class="white-tools"
      role="toolbar"
      aria-label={t('white.tools')}
      onKeyDown={(event) => moveFocus(event.currentTarget, event)}
    >
      <For each={tools}>
        {(tool) => (
          <button
            type="button"
            class="icon-button"
            tabindex={tool === 'select' ? 0 : -1}
            aria-label={t(`tool.${tool}`)}
            title={t(`tool.${tool}`)}
            aria-pressed={state.tool() === tool}
            onClick={(event) => choose(tool, event.detail === 0)}
          >
            {icons[tool]({ size: 18 })}
          </button>
        )}
      </For>
      <FilePicker
        label={t('tool.image')}
        accept="image/*"
        tabIndex={-1}
        testId="white-picture"
        onPick={([file]) =>
          file &&
          insertPicture(state, file, middle(state)).catch((error: unknown) => state.app.onError(error))
        }
      >
        <ImageIcon size={18} />
      </FilePicker>
    </div>
  );
}

/** The point of the board in the middle of the stage. */
export function middle(state: StageState): { x: number; y: number } {
  const [view, size] = [state.view(), state.size()];
  return { x: view.x + size.w / 2 / view.zoom, y: view.y + size.h / 2 / view.zoom };
}

/** Puts an object into the middle, or a line between the two that are chosen; false for what only a pointer can draw. */
function putInMiddle(state: StageState, tool: Tool): boolean {
  const object = objectInMiddle(state, tool);
  if (!object) return false;
  const id = put(state, object);
  const shown = state.byId().get(id ?? '');
  if (shown) state.announce(t('white.added', { name: objectName(shown, state.byId()) }));
  if (tool === 'note' || tool === 'text') state.edit(id);
  else focusObject(id);
  return true;
}

function objectInMiddle(state: StageState, tool: Tool): NewObject | undefined {
  const at = freePlace(state);
  const around = ({ w, h }: { w: number; h: number }): Box => ({ x: at.x - w / 2, y: at.y - h / 2, w, h });
  switch (tool) {
    case 'rect':
    case 'ellipse':
    case 'note':
      return { kind: tool, color: colorOf(state, tool), box: around(usual[tool]) };
    case 'text':
      return {
        kind: tool,
        color: state.color(),
        box: around({ w: usual.text, h: textHeight('', usual.text) }),
      };
    case 'line':
    case 'arrow':
      return lineBetween(state, tool);
    case 'select':
    case 'hand':
    case 'pen':
      return undefined;
  }
}

/** Not exactly upon what was put there before. */
function freePlace(state: StageState): { x: number; y: number } {
  const at = middle(state);
  const taken = (): boolean =>
    state.objects().some(({ box }) => Math.hypot(box.x + box.w / 2 - at.x, box.y + box.h / 2 - at.y) < 10);
  while (taken()) {
    at.x += 30;
    at.y += 30;
  }
  return at;
}

function lineBetween(state: StageState, kind: 'line' | 'arrow'): NewObject {
  const [a, b] = [...state.selected()].filter((id) => {
    const object = state.byId().get(id);
    return object && !isLine(object.kind);
  });
  const at = freePlace(state);
  const end = (id: string | undefined, x: number) => ({ x, y: at.y, ...(id !== undefined && { id }) });
  const both = a !== undefined && b !== undefined;
  return {
    kind,
    color: state.color(),
    from: end(both ? a : undefined, at.x - 80),
    to: end(both ? b : undefined, at.x + 80),
  };
}
