import { createEffect, createSignal, onCleanup, Show } from 'solid-js';

/** A picture whose bytes may come later, in a box of its final shape from the start. */
export function LatePicture(props: {
  /** Its bytes; undefined while they have not arrived. */
  read: () => Promise<Blob | undefined>;
  width?: number | undefined;
  height?: number | undefined;
  class: string;
  alt: string;
  /** Class and words of the box while there is nothing to show. */
  missingClass: string;
  missing: string;
}) {
  const [url, setUrl] = createSignal<string>();
  createEffect(() => {
    let made: string | undefined;
    let gone = false;
    void props.read().then(
      (blob) => {
        if (!blob || gone) return;
        made = URL.createObjectURL(blob);
        setUrl(made);
      },
      () => setUrl(undefined), // shown as not yet arrived; the source tries again
    );
    onCleanup(() => {
      gone = true;
      if (made) URL.revokeObjectURL(made);
    });
  });
  const ratio = () =>
    props.width && props.height ? { 'aspect-ratio': `${props.width} / ${props.height}` } : {};
  return (
    <Show
      when={url()}
      fallback={
        <p class={props.missingClass} style={ratio()}>
          {props.missing}
        </p>
      }
    >
      {(src) => <img class={props.class} style={ratio()} src={src()} alt={props.alt} />}
    </Show>
  );
}
