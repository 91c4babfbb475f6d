import { createEffect, createSignal, onCleanup, Show } from 'solid-js';
import type { PictureView as Picture } from '../../client/actions/feed.ts';
import { t } from '../../i18n/social/translate.ts';
import type { FeedSource } from '../../state/feed.ts';

/** A picture of a post, in a box of its final shape from the start. */
export function PictureView(props: { picture: Picture; text: string; source: FeedSource }) {
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
        <p class="post-picture-missing" style={ratio()}>
          {t('feed.pictureMissing')}
        </p>
      }
    >
      {(src) => (
        <img
          class="post-picture"
          style={ratio()}
          src={src()}
          alt={t('feed.picture', { text: props.text.slice(0, 80) })}
        />
      )}
    </Show>
  );
}
