import { For, Show } from 'solid-js';
import { splitLinks } from './web-addresses.ts';

/** What somebody wrote, its web addresses as links that tell the other side nothing of where they stood. */
export function LinkedText(props: { text: string }) {
  return (
    <For each={splitLinks(props.text)}>
      {(piece) => (
        <Show when={piece.href} fallback={piece.text}>
          {(href) => (
            <a href={href()} target="_blank" rel="noopener noreferrer nofollow">
              {piece.text}
            </a>
          )}
        </Show>
      )}
    </For>
  );
}
