import { createEffect, Show, Suspense, type JSX } from 'solid-js';
import { Portal } from 'solid-js/web';

/** A page of one column with its title at the top; `tools` stand beside the title. */
export function Page(props: { title: string; tools?: JSX.Element; children: JSX.Element }) {
  createEffect(() => {
    document.title = `${props.title} · Islet`;
  });
  return (
    <div class="page">
      <div class="page-head">
        <h1>{props.title}</h1>
        {props.tools}
      </div>
      {/* The title stays while a part of the page is fetched. */}
      <Suspense>{props.children}</Suspense>
    </div>
  );
}

/** Renders into an element given elsewhere, once it is there. */
export function Into(props: { slot: HTMLElement | undefined; children: JSX.Element }) {
  return (
    <Show when={props.slot} keyed>
      {(mount) => <Portal mount={mount}>{props.children}</Portal>}
    </Show>
  );
}
