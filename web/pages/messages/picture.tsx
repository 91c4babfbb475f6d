import { createEffect, createSignal, onCleanup, Show } from 'solid-js';
import type { PictureView } from '../../client/actions/feed.ts';
import { t } from '../../i18n/messages/translate.ts';
import type { MessagesSource } from '../../state/messages.ts';

/** A picture of a message, in a box of its final shape from the start. */
export function Picture(props: { picture: PictureView; name: string; source: MessagesSource }) {
  const [url, setUrl] = createSignal<string>();
  createEffect(() => {
    let made: string | undefined;
    let gone = false;
    void props.source.readPicture(props.picture.id).then(
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
  const ratio = () => {
    const { width, height } = props.picture;
    return width && height ? { 'aspect-ratio': `${width} / ${height}` } : {};
  };
  return (
    <Show
      when={url()}
      fallback={
        <p class="message-picture missing small" style={ratio()}>
          {t('messages.pictureMissing')}
        </p>
      }
    >
      {(src) => (
        <img
          class="message-picture"
          style={ratio()}
          src={src()}
          alt={t('messages.pictureOf', { name: props.name })}
        />
      )}
    </Show>
  );
}
