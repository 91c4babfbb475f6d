import { Show } from 'solid-js';
import { hueOf } from './avatar.tsx';

/** A space at a glance: its picture, else the first letter of its name on its colour (`hue` in degrees). */
export function SpaceFace(props: { name: string; hue?: number | undefined; src?: string | undefined }) {
  return (
    <span
      class="avatar small-avatar"
      style={{ '--hue': String(props.hue ?? hueOf(props.name)) }}
      aria-hidden="true"
    >
      <Show when={props.src} fallback={[...props.name][0] ?? '?'}>
        {(src) => <img src={src()} alt="" />}
      </Show>
    </span>
  );
}
