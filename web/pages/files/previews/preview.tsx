import ChevronLeft from 'lucide-solid/icons/chevron-left';
import ChevronRight from 'lucide-solid/icons/chevron-right';
import Download from 'lucide-solid/icons/download';
import X from 'lucide-solid/icons/x';
import { createUniqueId, lazy, Match, onCleanup, onMount, Show, Suspense, Switch } from 'solid-js';
import { kindOf } from '../../../client/documents/find-entries.ts';
import { formatNumber } from '../../../i18n/translate.ts';
import { t } from '../../../i18n/files/translate.ts';
import type { FileItem } from '../../../state/files.ts';
import { KindIcon } from '../entry-icon.tsx';
import { shownTitle } from '../words.ts';
import { MediaView } from './media-view.tsx';
import { PictureView, showsPicture } from './picture-view.tsx';
import './preview.css';
import { createSwipe } from './swipe.ts';
import { TextView } from './text-view.tsx';

const PdfView = lazy(() => import('./pdf-view.tsx'));

interface PreviewProps {
  item: FileItem;
  /** What the arrows lead to, this one among it. */
  among: FileItem[];
  onShow: (id: string) => void;
  onDownload: (id: string) => void;
  onClose: () => void;
}

/** One file over the whole window; arrows and swipes go to the next. Nothing in a file is ever run or navigated to. */
export default function Preview(props: PreviewProps) {
  let dialog: HTMLDialogElement | undefined;
  const title = createUniqueId();
  const at = () => props.among.findIndex(({ id }) => id === props.item.id);
  const go = (step: number) => {
    const next = props.among[at() + step];
    if (next) props.onShow(next.id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const inField = event.target instanceof Element && event.target.closest('video, audio, .preview-text');
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (inField || step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    go(getComputedStyle(document.documentElement).direction === 'rtl' ? -step : step);
  };
  onMount(() => dialog?.showModal());
  // On the page and not on the dialog: what had the focus may have gone with the file before.
  document.addEventListener('keydown', onKeyDown);
  onCleanup(() => document.removeEventListener('keydown', onKeyDown));
  return (
    <dialog ref={dialog} class="preview" aria-labelledby={title} onClose={() => props.onClose()}>
      <header class="preview-head">
        <KindIcon item={props.item} size={18} />
        <h2 id={title}>
          <bdi>{shownTitle(props.item)}</bdi>
        </h2>
        <Show when={props.among.length > 1}>
          <span class="preview-position">
            {t('files.preview.position', {
              at: formatNumber(at() + 1),
              count: formatNumber(props.among.length),
            })}
          </span>
        </Show>
        <Show when={!props.item.locked}>
          <button
            type="button"
            class="icon-button"
            aria-label={t('files.download')}
            title={t('files.download')}
            onClick={() => props.onDownload(props.item.id)}
          >
            <Download size={18} />
          </button>
        </Show>
        <button
          type="button"
          class="icon-button"
          aria-label={t('files.close')}
          autofocus
          onClick={() => dialog?.close()}
        >
          <X size={20} />
        </button>
      </header>
      <div class="preview-body" {...createSwipe(go)}>
        <Show when={props.item.id} keyed>
          <Suspense>
            <Body item={props.item} onDownload={props.onDownload} />
          </Suspense>
        </Show>
        <Step back={true} shown={at() > 0} run={() => go(-1)} />
        <Step back={false} shown={at() < props.among.length - 1} run={() => go(1)} />
      </div>
    </dialog>
  );
}

function Step(props: { back: boolean; shown: boolean; run: () => void }) {
  const label = () => t(props.back ? 'files.preview.previous' : 'files.preview.next');
  return (
    <Show when={props.shown}>
      <button
        type="button"
        class="icon-button preview-step"
        classList={{ back: props.back }}
        aria-label={label()}
        onClick={() => props.run()}
      >
        <Show when={props.back} fallback={<ChevronRight size={24} />}>
          <ChevronLeft size={24} />
        </Show>
      </button>
    </Show>
  );
}

/** What can be shown is chosen by kind, and only from what cannot do anything; the rest is an icon and a download. */
function Body(props: { item: FileItem; onDownload: (id: string) => void }) {
  const kind = () => kindOf(props.item);
  const inert = () => <Inert item={props.item} onDownload={props.onDownload} />;
  return (
    <Switch fallback={inert()}>
      <Match when={props.item.locked}>
        <p class="preview-words">{t('files.preview.locked')}</p>
      </Match>
      <Match when={kind() === 'picture' && showsPicture(props.item)}>
        <PictureView item={props.item} />
      </Match>
      <Match when={kind() === 'video' || kind() === 'audio'}>
        <MediaView item={props.item} audio={kind() === 'audio'} fallback={inert} />
      </Match>
      <Match when={kind() === 'pdf'}>
        <PdfView item={props.item} />
      </Match>
      <Match when={kind() === 'text'}>
        <TextView item={props.item} />
      </Match>
    </Switch>
  );
}

function Inert(props: { item: FileItem; onDownload: (id: string) => void }) {
  return (
    <div class="preview-inert">
      <KindIcon item={props.item} size={56} />
      <p>{t(kindOf(props.item) === 'picture' ? 'files.preview.inert' : 'files.preview.none')}</p>
      <button type="button" class="button" onClick={() => props.onDownload(props.item.id)}>
        <Download size={16} />
        {t('files.download')}
      </button>
    </div>
  );
}
