import type { Node } from 'prosemirror-model';
import type { EditorView, NodeView } from 'prosemirror-view';

/** A task: a real checkbox beside what is to be done. */
export function createTaskView(
  node: Node,
  view: EditorView,
  getPos: () => number | undefined,
  label: string,
): NodeView {
  const dom = document.createElement('li');
  const box = document.createElement('span');
  const checkbox = document.createElement('input');
  const contentDOM = document.createElement('div');
  dom.className = 'task';
  box.className = 'task-box';
  box.contentEditable = 'false';
  checkbox.type = 'checkbox';
  contentDOM.className = 'task-content';
  box.append(checkbox);
  dom.append(box, contentDOM);

  const render = (task: Node): void => {
    const checked = task.attrs['checked'] === true;
    checkbox.checked = checked;
    checkbox.disabled = !view.editable;
    dom.dataset['checked'] = String(checked);
    const text = task.firstChild?.textContent.slice(0, 120) ?? '';
    checkbox.setAttribute('aria-label', text === '' ? label : text);
  };
  checkbox.addEventListener('change', () => {
    const pos = getPos();
    if (pos === undefined) return;
    view.dispatch(view.state.tr.setNodeAttribute(pos, 'checked', checkbox.checked));
  });
  render(node);
  return {
    dom,
    contentDOM,
    update(next) {
      if (next.type !== node.type) return false;
      render(next);
      return true;
    },
    stopEvent: (event) => event.target === checkbox,
    ignoreMutation: (mutation) => mutation.type !== 'selection' && !contentDOM.contains(mutation.target),
  };
}

/** Source that the editor keeps but cannot show: verbatim, quiet, with a caption. */
export function createRawView(node: Node, caption: string): NodeView {
  const dom = document.createElement('figure');
  const title = document.createElement('figcaption');
  const source = document.createElement('pre');
  dom.className = 'raw';
  dom.contentEditable = 'false';
  title.textContent = caption;
  const render = (block: Node): void => {
    source.textContent = String(block.attrs['source'] ?? '');
  };
  render(node);
  // A scrolling box must be reachable by keyboard.
  source.tabIndex = 0;
  source.setAttribute('role', 'region');
  source.setAttribute('aria-label', caption);
  dom.append(title, source);
  return {
    dom,
    update(next) {
      if (next.type !== node.type) return false;
      render(next);
      return true;
    },
    ignoreMutation: () => true,
  };
}
