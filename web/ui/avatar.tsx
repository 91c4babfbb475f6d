import { createSignal, Show } from 'solid-js';

/**
 * A face: the picture at `src` when there is one, else made from the name: its first letter on a colour that is always the same
 * for the id tag.
 */
export function Avatar(props: {
  idTag: string;
  name: string;
  src?: string | undefined;
  small?: boolean;
  large?: boolean;
}) {
  const [broken, setBroken] = createSignal<string>();
  const picture = () => (props.src === broken() ? undefined : props.src);
  return (
    <span
      class="avatar"
      classList={{ 'small-avatar': props.small === true, 'large-avatar': props.large === true }}
      style={{ '--hue': String(hueOf(props.idTag)) }}
      aria-hidden="true"
    >
      <Show when={picture()} fallback={[...(props.name || props.idTag)][0] ?? '?'}>
        {(src) => <img src={src()} alt="" loading="lazy" onError={() => setBroken(src())} />}
      </Show>
    </span>
  );
}

const caretColors = ['#b3261e', '#8a4b00', '#5b6b00', '#0b6e66', '#0b62a8', '#5847c4', '#9b2f8f', '#7a4a36'];

/** A colour (`#rrggbb`) for a caret, always the same for the same text, dark enough for white letters. */
export function caretColor(text: string): string {
  return caretColors[hueOf(text) % caretColors.length] ?? '#0b6e66';
}

/** A hue in degrees, spread evenly over names (FNV-1a). */
export function hueOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0) % 360;
}
