import X from 'lucide-solid/icons/x';
import { createEffect, createUniqueId, onCleanup, type JSX } from 'solid-js';

/** A modal: the browser's own `<dialog>` traps focus, closes on Escape and gives focus back. */
export function Dialog(props: {
  open: boolean;
  title: string;
  closeLabel: string;
  onClose: () => void;
  children: JSX.Element;
}) {
  let dialog: HTMLDialogElement | undefined;
  let gone = false;
  const title = createUniqueId();
  createEffect(() => {
    if (props.open && !dialog?.open) dialog?.showModal();
    if (!props.open && dialog?.open) dialog.close();
  });
  // Taken away while it is open, it would leave the focus to nobody. It has been closed already for whoever opened it.
  onCleanup(() => {
    gone = true;
    dialog?.close();
  });
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby={title}
      onClose={() => !gone && props.onClose()}
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
