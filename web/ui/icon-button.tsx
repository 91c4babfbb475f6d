import type { Component } from 'solid-js';

/** A button of a bar: an icon, with its words for who points at it or hears it. */
export function IconButton(props: { icon: Component<{ size?: number }>; label: string; run: () => void }) {
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={props.label}
      title={props.label}
      onClick={() => props.run()}
    >
      {props.icon({ size: 17 })}
    </button>
  );
}
