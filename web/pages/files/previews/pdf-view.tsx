import { createResource, createSignal, For, Match, onCleanup, onMount, Switch } from 'solid-js';
import { openPdf, type Pdf } from '../../../client/files/renditions/open-pdf.ts';
import { formatNumber } from '../../../i18n/translate.ts';
import { t } from '../../../i18n/files/translate.ts';
import { contentVariant, type FileItem, readVariant } from '../../../state/files.ts';
import { shownTitle } from '../words.ts';

/** The pages of a PDF as pictures, each drawn when it comes into sight. No script, form or link of it does anything. */
export default function PdfView(props: { item: FileItem }) {
  const [pdf] = createResource(() => props.item, open);
  onCleanup(() => void pdf.latest?.close());
  return (
    <Switch fallback={<p class="preview-words">{t('files.preview.loading')}</p>}>
      <Match when={pdf.error !== undefined}>
        <p class="preview-words" role="alert">
          {t('files.preview.failed', { message: messageOf(pdf.error) })}
        </p>
      </Match>
      <Match when={pdf.state === 'ready' && pdf() === undefined}>
        <p class="preview-words">{t('files.preview.away')}</p>
      </Match>
      <Match when={pdf()}>
        {(opened) => (
          <div
            class="preview-pdf preview-text"
            tabindex="0"
            role="region"
            aria-label={t('files.preview.content', { title: shownTitle(props.item) })}
          >
            <For each={Array.from({ length: opened().pages }, (_, index) => index + 1)}>
              {(page) => <PdfPage pdf={opened()} page={page} />}
            </For>
          </div>
        )}
      </Match>
    </Switch>
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function open(item: FileItem): Promise<Pdf | undefined> {
  const variant = contentVariant(item);
  const blob = variant === undefined ? undefined : await readVariant(item.id, variant);
  return blob && openPdf(blob);
}

function PdfPage(props: { pdf: Pdf; page: number }) {
  let canvas: HTMLCanvasElement | undefined;
  const [ratio, setRatio] = createSignal('1 / 1.414');
  const [failed, setFailed] = createSignal('');
  const draw = async (on: HTMLCanvasElement) => {
    try {
      await props.pdf.draw(props.page, on, Math.round(on.clientWidth * Math.min(2, devicePixelRatio)));
      setRatio(`${on.width} / ${on.height}`);
    } catch (error) {
      setFailed(messageOf(error));
    }
  };
  const observer = new IntersectionObserver(
    ([entry]) => {
      if (!entry?.isIntersecting) return;
      observer.disconnect();
      if (canvas) void draw(canvas);
    },
    { rootMargin: '400px' },
  );
  onMount(() => canvas && observer.observe(canvas));
  onCleanup(() => observer.disconnect());
  const label = () =>
    t('files.preview.page', { page: formatNumber(props.page), count: formatNumber(props.pdf.pages) });
  return (
    <figure>
      <canvas ref={canvas} role="img" aria-label={label()} style={{ 'aspect-ratio': ratio() }} />
      <figcaption>{failed() ? t('files.preview.failed', { message: failed() }) : label()}</figcaption>
    </figure>
  );
}
