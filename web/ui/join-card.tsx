import type { JSX } from 'solid-js';

/** A page with one thing to do: a card in the middle. */
export function JoinCard(props: { title: string; children: JSX.Element }) {
  return (
    <div class="join">
      <div class="card join-card">
        <h1>{props.title}</h1>
        {props.children}
      </div>
    </div>
  );
}
