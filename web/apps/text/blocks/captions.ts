import type { Node } from 'prosemirror-model';
import { Plugin } from 'prosemirror-state';
import type { EditorView, NodeView, NodeViewConstructor } from 'prosemirror-view';
import { t } from '../../../i18n/blocks/translate.ts';

/** What makes the view of a picture now, before captions come around it. */
export function pictureView({ state }: EditorView): NodeViewConstructor | undefined {
  return state.plugins.map((plugin) => plugin.props.nodeViews?.['image']).find((one) => one !== undefined);
}

/** A picture with words under it: a field when it is selected or has words, so that an empty one is in nobody's way. */
export function captionedPicture(
  picture: NodeViewConstructor,
  mayWriteNew: () => boolean,
): NodeViewConstructor {
  return (node, view, getPos, ...rest) => {
    const inner = picture(node, view, getPos, ...rest);
    const caption = createCaption(node, view, getPos);
    const dom = document.createElement('span');
    dom.className = 'picture-box';
    dom.append(inner.dom, caption.field);
    caption.field.hidden = caption.isEmpty(node);
    return {
      dom,
      update(next, decorations, inside) {
        if (inner.update?.(next, decorations, inside) !== true) return false;
        caption.show(next);
        return true;
      },
      selectNode() {
        dom.classList.add('ProseMirror-selectednode');
        if (view.editable && mayWriteNew()) caption.field.hidden = false;
      },
      deselectNode() {
        dom.classList.remove('ProseMirror-selectednode');
        caption.hideWhenEmpty();
      },
      stopEvent: (event) => event.target === caption.field || inner.stopEvent?.(event) === true,
      ignoreMutation: () => true,
      destroy: () => inner.destroy?.(),
    } satisfies NodeView;
  };
}

interface Caption {
  field: HTMLTextAreaElement;
  isEmpty(node: Node): boolean;
  show(node: Node): void;
  hideWhenEmpty(): void;
}

function createCaption(first: Node, view: EditorView, getPos: () => number | undefined): Caption {
  const field = document.createElement('textarea');
  let node = first;
  const isEmpty = (one: Node): boolean => one.attrs['caption'] === '';
  const show = (next: Node): void => {
    node = next;
    const words = String(next.attrs['caption']);
    if (field.value !== words) field.value = words;
    field.readOnly = !view.editable;
    if (document.activeElement !== field) field.hidden = isEmpty(next) && field.hidden;
    if (!isEmpty(next)) field.hidden = false;
  };
  const hideWhenEmpty = (): void => {
    // The focus goes to the field after the picture has lost its selection.
    setTimeout(() => (field.hidden = isEmpty(node) && document.activeElement !== field));
  };
  field.className = 'picture-caption';
  field.rows = 1;
  field.placeholder = t('caption.placeholder');
  field.setAttribute('aria-label', t('caption.label'));
  field.addEventListener('input', () => {
    const pos = getPos();
    const words = field.value.replace(/\s*\n\s*/g, ' ');
    if (pos !== undefined) view.dispatch(view.state.tr.setNodeAttribute(pos, 'caption', words));
  });
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    view.focus();
  });
  field.addEventListener('blur', hideWhenEmpty);
  show(first);
  return { field, isEmpty, show, hideWhenEmpty };
}

/** Enter on a selected picture goes to its caption. */
export function captionKeys(): Plugin {
  return new Plugin({
    props: {
      handleKeyDown(view, event) {
        if (event.key !== 'Enter' || !('node' in view.state.selection)) return false;
        const dom = view.nodeDOM(view.state.selection.from);
        const field = dom instanceof HTMLElement ? dom.querySelector<HTMLElement>('.picture-caption') : null;
        if (field === null || field.hidden) return false;
        field.focus();
        return true;
      },
    },
  });
}
