import X from 'lucide-solid/icons/x';
import { createEffect, createUniqueId, type JSX } from 'solid-js';

/** A modal: the browser's own `<dialog>` traps focus, closes on Escape and gives focus back. */
export function Dialog(props: {
  open: boolean;
  title: string;
  closeLabel: string;
  onClose: () => void;
  children: JSX.Element;
}) {
  let dialog: HTMLDialogElement | undefined;
  const title = createUniqueId();
  createEffect(() => {
    if (props.open && !dialog?.open) dialog?.showModal();
    if (!props.open && dialog?.open) dialog.close();
  });
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby={title}
      onClose={() => props.onClose()}
      onClick={(event) => event.target === dialog && dialog.close()}
    >
      <div class="dialog-head">
        <h2 id={title}>{props.title}</h2>
        <button
          type="button"
          class="icon-button"
          aria-label={props.closeLabel}
          onClick={() => dialog?.close()}
        >
          <X size={18} />
        </button>
      </div>
      <div class="dialog-body">{props.children}</div>
    </dialog>
  );
}
