import { createSignal, type JSX, Show } from 'solid-js';
import { t } from '../../../i18n/files/translate.ts';
import { contentVariant, type FileItem, fileUrl, servable } from '../../../state/files.ts';
import { safePicture } from '../pictures.ts';
import { KindIcon } from '../entry-icon.tsx';
import { shownTitle } from '../words.ts';
import { readFailure } from './failure.ts';

/** Video or sound with the browser's own controls; what it does not play is a file like any other. */
export function MediaView(props: { item: FileItem; audio: boolean; fallback: () => JSX.Element }) {
  const [failed, setFailed] = createSignal<string>();
  const fail = (url: string) => void readFailure(url).then(setFailed);
  const source = () => {
    const variant = contentVariant(props.item);
    return variant === undefined || !servable() ? undefined : fileUrl(props.item.id, variant);
  };
  const poster = () => {
    const variant = safePicture(props.item, 720);
    return variant === undefined ? undefined : fileUrl(props.item.id, variant);
  };
  return (
    <Show
      when={failed() === undefined}
      fallback={
        <Show when={failed() === t('files.preview.none')} fallback={<p class="preview-words">{failed()}</p>}>
          {props.fallback()}
        </Show>
      }
    >
      <Show when={source()} fallback={<p class="preview-words">{t('files.preview.loading')}</p>}>
        {(src) => (
          <Show
            when={props.audio}
            fallback={
              <video
                class="preview-video"
                src={src()}
                poster={poster()}
                controls
                playsinline
                preload="metadata"
                aria-label={shownTitle(props.item)}
                onError={() => fail(src())}
              />
            }
          >
            <div class="preview-audio">
              <KindIcon item={props.item} size={56} />
              <audio
                src={src()}
                controls
                preload="metadata"
                aria-label={shownTitle(props.item)}
                onError={() => fail(src())}
              />
            </div>
          </Show>
        )}
      </Show>
    </Show>
  );
}
