import { NodeSelection, Plugin, type PluginView } from 'prosemirror-state';
import { isInTable } from 'prosemirror-tables';
import type { EditorView } from 'prosemirror-view';
import { t } from '../../../i18n/blocks/translate.ts';
import { type Block, blockAround, currentBlock } from './block-commands.ts';
import { openBlockMenu, openTableMenu, selectBlock } from './block-menu.ts';
import { drawIcon } from './icons.ts';

/**
 * A handle beside the block under the pointer, or beside the one with the caret where there is no pointer: drag it to move
 * the block, press it for its menu. `Ctrl/Cmd+/` opens the same menu.
 */
export function blockHandles(): Plugin {
  let handle: Handle | undefined;
  return new Plugin({
    view(view) {
      handle = new Handle(view);
      return handle;
    },
    props: {
      handleKeyDown(view, event) {
        if (event.key !== '/' || !(event.ctrlKey || event.metaKey) || !view.editable) return false;
        event.preventDefault();
        openBlockMenu(view, view.coordsAtPos(view.state.selection.head));
        return true;
      },
      handleDOMEvents: {
        pointermove(view, event) {
          if (event.pointerType === 'mouse' && event.buttons === 0) handle?.follow(view, event);
          return false;
        },
        drop() {
          handle?.hide();
          return false;
        },
        focus(view) {
          handle?.update(view);
          return false;
        },
        blur(view) {
          // Focus is still in the text while it leaves.
          queueMicrotask(() => handle?.update(view));
          return false;
        },
      },
    },
  });
}

class Handle implements PluginView {
  readonly #view: EditorView;
  readonly #button = document.createElement('button');
  readonly #table = document.createElement('button');
  #block: Block | undefined;

  constructor(view: EditorView) {
    this.#view = view;
    this.#draw(this.#button, 'block-handle', t('block.handle'), 'grip');
    this.#draw(this.#table, 'table-handle', t('table.menu'), 'table');
    this.#button.draggable = true;
    this.#button.addEventListener('click', () => this.#open());
    this.#button.addEventListener('dragstart', (event) => this.#drag(event));
    this.#table.addEventListener('click', () => openTableMenu(view, this.#table.getBoundingClientRect()));
    view.dom.parentElement?.append(this.#button, this.#table);
    this.update(view);
  }

  /** The handle goes to the block under the pointer. */
  follow(view: EditorView, event: PointerEvent): void {
    const { left, right } = view.dom.getBoundingClientRect();
    const found = view.posAtCoords({
      left: Math.min(Math.max(event.clientX, left + 1), right - 1),
      top: event.clientY,
    });
    if (found === null) return;
    const $pos = view.state.doc.resolve(found.inside >= 0 ? found.inside : found.pos);
    const inner =
      $pos.depth === 0 || $pos.nodeAfter?.isTextblock !== true ? $pos : view.state.doc.resolve($pos.pos + 1);
    this.#place(blockAround(inner));
  }

  update(view: EditorView): void {
    if (!view.editable) return this.hide();
    // A finger has no place where it hovers.
    if (isTouch()) this.#place(view.hasFocus() ? currentBlock(view.state) : undefined);
    else if (this.#block !== undefined && view.state.doc.nodeAt(this.#block.pos) !== this.#block.node)
      this.hide();
    this.#placeTable();
  }

  hide(): void {
    this.#block = undefined;
    this.#button.hidden = true;
  }

  destroy(): void {
    this.#button.remove();
    this.#table.remove();
  }

  #draw(button: HTMLButtonElement, name: string, label: string, icon: string): void {
    button.type = 'button';
    button.className = name;
    button.hidden = true;
    // The keys are the way for those who have no pointer.
    button.tabIndex = -1;
    button.setAttribute('aria-label', label);
    button.setAttribute('aria-haspopup', 'menu');
    button.append(drawIcon(icon));
    // A tap leaves the focus in the text; without it the handle would be gone before the tap ends.
    button.addEventListener('mousedown', (event) => (isTouch() ? event.preventDefault() : undefined));
  }

  #place(block: Block | undefined): void {
    const dom = block && this.#view.nodeDOM(block.pos);
    if (block === undefined || !(dom instanceof HTMLElement) || !this.#view.editable) return this.hide();
    this.#block = block;
    const host = this.#view.dom.getBoundingClientRect();
    const { top, left } = dom.getBoundingClientRect();
    const line = Number.parseFloat(getComputedStyle(dom).lineHeight) || 24;
    this.#button.style.setProperty('--line', `${line}px`);
    this.#button.style.insetBlockStart = `${top - host.top}px`;
    this.#button.style.setProperty('--indent', `${Math.max(0, left - host.left)}px`);
    this.#button.hidden = false;
  }

  #placeTable(): void {
    const { state } = this.#view;
    const table = isInTable(state) ? this.#view.domAtPos(state.selection.from).node : undefined;
    const element = table instanceof Element ? table : table?.parentElement;
    const box = element?.closest('.table-box');
    this.#table.hidden = !box;
    if (!box) return;
    const host = this.#view.dom.getBoundingClientRect();
    this.#table.style.insetBlockStart = `${box.getBoundingClientRect().top - host.top}px`;
  }

  #open(): void {
    if (this.#block === undefined) return;
    selectBlock(this.#view, this.#block);
    openBlockMenu(this.#view, this.#button.getBoundingClientRect());
  }

  #drag(event: DragEvent): void {
    const view = this.#view;
    if (this.#block === undefined || event.dataTransfer === null) return;
    const node = NodeSelection.create(view.state.doc, this.#block.pos);
    const slice = node.content();
    const { dom, text } = view.serializeForClipboard(slice);
    event.dataTransfer.clearData();
    event.dataTransfer.setData('text/html', dom.innerHTML);
    event.dataTransfer.setData('text/plain', text);
    event.dataTransfer.effectAllowed = 'copyMove';
    const shown = view.nodeDOM(this.#block.pos);
    if (shown instanceof HTMLElement) event.dataTransfer.setDragImage(shown, 0, 0);
    // ProseMirror drops what it is told is being dragged, and takes it away where it was.
    Object.assign(view, { dragging: { slice, move: true, node } });
  }
}

function isTouch(): boolean {
  return matchMedia('(hover: none)').matches;
}
