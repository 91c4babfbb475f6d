import { createStore } from 'solid-js/store';

export interface Toast {
  id: number;
  text: string;
  /** One thing that can be done about it, such as undo. */
  action?: { label: string; run: () => void };
}

const [toasts, setToasts] = createStore<Toast[]>([]);
export { toasts };

let lastId = 0;

/** Shows a short message for `ms` milliseconds (8 s with an action, 4 s without); returns its id. */
export function showToast(text: string, action?: Toast['action'], ms = action ? 8000 : 4000): number {
  const id = ++lastId;
  setToasts((now) => [...now.slice(-2), action ? { id, text, action } : { id, text }]);
  setTimeout(() => dismissToast(id), ms);
  return id;
}

/** Takes a message away. */
export function dismissToast(id: number): void {
  setToasts((now) => now.filter((toast) => toast.id !== id));
}
