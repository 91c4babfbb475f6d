import { createSignal, For, Match, Show, Switch } from 'solid-js';
import { mayWrite } from '../../client/rooms/may-write.ts';
import { restoreDocumentTo } from '../../client/history/open-history.ts';
import { pastText } from '../../client/history/past-view.ts';
import type { DocumentRow } from '../../client/store/database.ts';
import { t } from '../../i18n/history/translate.ts';
import { formatNumber } from '../../i18n/translate.ts';
import { openText } from '../../state/text-app.ts';
import { historySource } from '../../state/history.ts';
import { showToast } from '../../state/toasts.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Segments } from '../../ui/segments.tsx';
import { HistoryForget } from './history-forget.tsx';
import { PastDocument } from './history-past.tsx';
import { HistoryPlayer } from './history-player.tsx';
import { HistoryVerdict } from './history-verdict.tsx';
import { createHistoryView, formatMoment, type HistoryView } from './history-view.ts';
import './history.css';
import { attempt } from './restore-document.ts';

/** Every state that a document had: to look at, to compare, to verify, and to bring back. */
export default function HistoryDialog(props: {
  id: string;
  title: string;
  row: DocumentRow | undefined;
  onClose: () => void;
}) {
  const view = createHistoryView(props.id);
  return (
    <Dialog
      open
      title={t('title', { title: props.title })}
      closeLabel={t('close')}
      onClose={() => props.onClose()}
    >
      <div class="history">
        <Show when={view.failure()}>
          <p class="error-text" role="alert">
            {t('failed', { message: view.failure() })}
          </p>
        </Show>
        <Show when={view.away()}>
          <p class="quiet" role="status">
            {t('away')}
          </p>
        </Show>
        <Switch fallback={<p role="status">{view.failure() === '' && t('loading')}</p>}>
          <Match when={view.history() && view.total() === 0}>
            <p role="status">{t('empty')}</p>
          </Match>
          <Match when={view.history()}>
            <Moments id={props.id} row={props.row} view={view} onRestored={() => props.onClose()} />
          </Match>
        </Switch>
      </div>
    </Dialog>
  );
}

function Moments(props: {
  id: string;
  row: DocumentRow | undefined;
  view: HistoryView;
  onRestored: () => void;
}) {
  const { view } = props;
  const [busy, setBusy] = createSignal(false);
  const isOwn = () => mayWrite(props.row ?? {});
  const restore = async () => {
    // Each time writes the words anew: pressed twice, they would be there twice.
    if (busy()) return;
    setBusy(true);
    await attempt(async () => {
      const [history, count] = [view.history(), view.stepsUpTo(view.count())];
      const step = history?.timeline.steps[count - 1];
      if (!history || !step) return;
      const { documents } = await openText();
      const undo = await restoreDocumentTo(props.id, history, { count, documents });
      showToast(t('restored', { time: formatMoment(step.at) }), {
        label: t('undo'),
        run: () => void attempt(undo),
      });
      props.onRestored();
    });
    setBusy(false);
  };
  const copy = () =>
    attempt(async () => {
      await navigator.clipboard.writeText(pastText(view.past()));
      showToast(t('copied'));
    });
  return (
    <>
      <HistoryPlayer view={view} />
      <Shown view={view} />
      <div class="history-acts">
        <Show when={isOwn()}>
          <button
            type="button"
            class="button primary"
            disabled={busy() || view.count() === 0 || view.count() === view.total()}
            onClick={() => void restore()}
          >
            {t('restore')}
          </button>
        </Show>
        <button type="button" class="button" onClick={() => void copy()}>
          {t('copy')}
        </button>
      </div>
      <HistoryVerdict id={props.id} view={view} />
      <Show when={isOwn() && historySource()}>
        <HistoryForget id={props.id} view={view} />
      </Show>
    </>
  );
}

function Shown(props: { view: HistoryView }) {
  const { view } = props;
  const [layout, setLayout] = createSignal<'inline' | 'beside'>('inline');
  const isBeside = () => view.look() === 'compare' && layout() === 'beside';
  const author = (step: number | undefined) => {
    const found = step === undefined ? undefined : view.history()?.timeline.steps[step];
    return found && view.authorOf(found);
  };
  const layouts = (['inline', 'beside'] as const).map((value) => ({ value, label: t(`layout.${value}`) }));
  return (
    <>
      <Show when={view.look() === 'compare'}>
        <Segments label={t('layout')} value={layout()} choices={layouts} onChange={setLayout} />
      </Show>
      <Show when={view.writers().length > 0}>
        <p class="history-writers">
          <span>{t('writers')}</span>
          <For each={view.writers()}>
            {({ name, color }) => (
              <span class="history-writer">
                <span class="history-swatch" style={{ background: color }} aria-hidden="true" />
                {name}
              </span>
            )}
          </For>
        </p>
      </Show>
      <div class="history-shown" classList={{ beside: isBeside() }}>
        <Show when={isBeside()}>
          <div class="history-paper" role="region" aria-label={t('otherShown')} tabindex="0">
            <PastDocument nodes={view.drawn().nodes} author={author} without="added" />
          </div>
        </Show>
        <div
          class="history-paper"
          role="region"
          aria-label={t('shown')}
          tabindex="0"
          data-testid="history-shown"
          classList={{ plain: view.look() === 'plain' }}
        >
          <PastDocument
            nodes={view.drawn().nodes}
            author={author}
            {...(isBeside() && { without: 'removed' })}
          />
          <Show when={view.drawn().nodes.every(({ children }) => children.length === 0)}>
            <p class="quiet">{t('nothing')}</p>
          </Show>
        </div>
      </div>
      <Show when={view.drawn().left > 0}>
        <div class="history-left">
          <p class="quiet">{t('left', { count: formatNumber(view.drawn().left) })}</p>
          <button type="button" class="button" onClick={() => view.drawMore()}>
            {t('more')}
          </button>
        </div>
      </Show>
    </>
  );
}
