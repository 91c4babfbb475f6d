import ZoomIn from 'lucide-solid/icons/zoom-in';
import ZoomOut from 'lucide-solid/icons/zoom-out';
import { createMemo, createSignal, Show } from 'solid-js';
import { t } from '../../../i18n/files/translate.ts';
import { formatPercent } from '../../../i18n/files/translate.ts';
import { type FileItem, fileUrl, servable } from '../../../state/files.ts';
import { safePicture } from '../pictures.ts';
import { shownTitle } from '../words.ts';
import { readFailure } from './failure.ts';
import { createZoom } from './zoom.ts';

/** Whether there is a raster picture to show: never a drawing with script, never one too large to open. */
export function showsPicture(item: FileItem): boolean {
  return safePicture(item, 1280) !== undefined;
}

/** A picture that fits the window, at once as its small rendition and then in the size that is needed; enlarged on request. */
export function PictureView(props: { item: FileItem }) {
  const zoom = createZoom();
  const [loaded, setLoaded] = createSignal<string>();
  const [failed, setFailed] = createSignal<string>();
  const needed = createMemo(() => {
    const pixels = Math.max(innerWidth, innerHeight) * devicePixelRatio * zoom.scale();
    return safePicture(props.item, pixels <= 720 ? 720 : pixels <= 1280 ? 1280 : 1920);
  });
  const source = (variant: string | undefined) =>
    variant === undefined || !servable() ? undefined : fileUrl(props.item.id, variant);
  const small = () => source(safePicture(props.item, 256));
  const large = () => source(needed());
  return (
    <div class="preview-picture" data-enlarged={zoom.scale() > 1 ? '' : undefined} {...zoom.handlers}>
      <Show when={failed() === undefined} fallback={<p class="preview-words">{failed()}</p>}>
        <div class="preview-canvas" style={zoom.style()}>
          <Show when={loaded() === undefined && small() !== large() && small()}>
            {(src) => <img class="preview-small" src={src()} alt="" draggable={false} />}
          </Show>
          <Show when={large()}>
            {(src) => (
              <img
                src={src()}
                alt={shownTitle(props.item)}
                draggable={false}
                onLoad={() => setLoaded(src())}
                onError={() => loaded() === undefined && void readFailure(src()).then(setFailed)}
              />
            )}
          </Show>
        </div>
      </Show>
      <div class="preview-zoom" role="group" aria-label={t('files.preview.zoom')}>
        <button
          type="button"
          class="icon-button"
          aria-label={t('files.preview.zoomOut')}
          disabled={zoom.scale() <= 1}
          onClick={() => zoom.by(1 / 1.5)}
        >
          <ZoomOut size={18} />
        </button>
        <span role="status">{formatPercent(zoom.scale())}</span>
        <button
          type="button"
          class="icon-button"
          aria-label={t('files.preview.zoomIn')}
          disabled={zoom.scale() >= 8}
          onClick={() => zoom.by(1.5)}
        >
          <ZoomIn size={18} />
        </button>
      </div>
    </div>
  );
}
