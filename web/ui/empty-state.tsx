import type { Component, JSX } from 'solid-js';

/** A place with nothing in it yet: one sentence and one thing to do. */
export function EmptyState(props: {
  icon: Component<{ size?: number }>;
  text: string;
  children?: JSX.Element;
}) {
  return (
    <div class="empty">
      {props.icon({ size: 28 })}
      <p>{props.text}</p>
      {props.children}
    </div>
  );
}
