import { For, Show } from 'solid-js';
import { dismissToast, toasts } from '../state/toasts.ts';

/** Short messages at the foot of the page; announced politely. */
export function Toasts() {
  return (
    <div class="toasts" role="status">
      <For each={toasts}>
        {(toast) => (
          <div class="toast">
            <span class="toast-text">{toast.text}</span>
            <Show when={toast.action}>
              {(action) => (
                <button
                  type="button"
                  onClick={() => {
                    dismissToast(toast.id);
                    action().run();
                  }}
                >
                  {action().label}
                </button>
              )}
            </Show>
          </div>
        )}
      </For>
    </div>
  );
}
