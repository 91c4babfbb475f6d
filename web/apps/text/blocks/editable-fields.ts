import { Plugin } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';

type Field = HTMLButtonElement | HTMLInputElement | HTMLSelectElement;

/** Boxes, choices and captions in the text can be used while it can be edited: their views are not told when that changes. */
export function editableFields(): Plugin {
  return new Plugin({
    view(view) {
      let wasEditable = view.editable;
      return {
        update() {
          if (view.editable === wasEditable) return;
          wasEditable = view.editable;
          setFields(view);
        },
      };
    },
  });
}

function setFields({ dom, editable }: EditorView): void {
  const fields = '.callout-kind, .code-language, .date input, .task-box input';
  for (const field of dom.querySelectorAll<Field>(fields)) field.disabled = !editable;
  for (const caption of dom.querySelectorAll<HTMLTextAreaElement>('.picture-caption')) {
    caption.readOnly = !editable;
  }
}
