import ArrowDown from 'lucide-solid/icons/arrow-down-to-line';
import ArrowUp from 'lucide-solid/icons/arrow-up-to-line';
import ChevronDown from 'lucide-solid/icons/chevron-down';
import ChevronUp from 'lucide-solid/icons/chevron-up';
import RotateCw from 'lucide-solid/icons/rotate-cw';
import X from 'lucide-solid/icons/x';
import { createEffect, createSignal, createUniqueId, For, Match, onCleanup, Show, Switch } from 'solid-js';
import { formatBytes, formatNumber } from '../../i18n/translate.ts';
import { t, tCount } from '../../i18n/files/translate.ts';
import { fileItem } from '../../state/files.ts';
import {
  type Adding,
  adding,
  cancelAdding,
  closeAdding,
  retryTransfer,
  stopTransfer,
  type Transfer,
  transfers,
} from '../../state/file-transfers.ts';
import { attempt } from './operations.ts';
import './transfers.css';
import { shownTitle } from './words.ts';
import { ZipProgress } from './zip/zip-progress.tsx';
import { zipping } from './zip/download.ts';

/** Lines drawn at once: a thousand waiting files are a number. */
const shown = 5;
/** How long the report of files that all came in stays, in milliseconds. */
const reportTime = 8000;

/** Whether the lines are shown: from the start where there is room for them, then as was chosen. */
const [unfolded, setUnfolded] = createSignal(matchMedia('(min-width: 768px)').matches);

/** What comes in and goes out: number, bytes, a way to stop each, what failed and why. Nothing when nothing moves. */
export function Transfers() {
  const listed = () => transfers().slice(0, shown);
  const body = createUniqueId();
  const any = () => adding().kind !== 'idle' || transfers().length > 0 || zipping().kind !== 'idle';
  return (
    <>
      <Show when={any()}>
        <section class="transfers" aria-label={t('files.transfers')}>
          <TransfersHead body={body} />
          <Show when={unfolded()}>
            <div class="transfers-body" id={body}>
              <AddingPart />
              <ZipProgress />
              <ul role="list">
                <For each={listed().map(({ id }) => id)}>{(id) => <TransferLine id={id} />}</For>
              </ul>
              <Show when={transfers().length > shown}>
                <p class="quiet-text small">{tCount('files.transfer.more', transfers().length - shown)}</p>
              </Show>
            </div>
          </Show>
        </section>
      </Show>
      <SlowWords text={spokenState} />
    </>
  );
}

/** Folds the lines away; then one word tells how it goes. */
function TransfersHead(props: { body: string }) {
  createEffect(() => {
    const now = adding();
    if (now.kind !== 'finished' || now.cancelled || now.refused.length > 0) return;
    const timer = setTimeout(closeAdding, reportTime);
    onCleanup(() => clearTimeout(timer));
  });
  return (
    <h2>
      <button
        type="button"
        class="transfers-head"
        aria-expanded={unfolded()}
        aria-controls={unfolded() ? props.body : undefined}
        onClick={() => setUnfolded(!unfolded())}
      >
        {t('files.transfers')}
        <Show when={!unfolded()} fallback={<ChevronDown size={18} />}>
          <span class="quiet-text small">{foldedWords()}</span>
          <ChevronUp size={18} />
        </Show>
      </button>
    </h2>
  );
}

function foldedWords(): string {
  const now = adding();
  const failed = transfers().filter(isOver).length;
  if (now.kind === 'finished') return tCount('files.added', now.added.length);
  if (failed > 0) return tCount('files.transfer.failed', failed);
  return spokenState() || (transfers().length > 0 ? tCount('files.transfer.waits', transfers().length) : '');
}

/** Whether it goes on only when it is tried again. */
function isOver({ state }: Transfer): boolean {
  return state === 'full' || state === 'refused' || state === 'damaged' || state === 'stopped';
}

/** What a screen reader hears, at most every five seconds. */
function SlowWords(props: { text: () => string }) {
  const [said, setSaid] = createSignal('');
  const timer = setInterval(() => setSaid(props.text()), 5000);
  onCleanup(() => clearInterval(timer));
  return (
    <span class="visually-hidden" role="status">
      {said()}
    </span>
  );
}

function spokenState(): string {
  const now = adding();
  if (now.kind === 'running')
    return t('files.adding', { done: formatNumber(now.done), total: formatNumber(now.total) });
  const moving = transfers().filter(({ state }) => state === 'running').length;
  return moving > 0 ? tCount('files.transfer.say', moving) : '';
}

type Running = Extract<Adding, { kind: 'running' }>;
type Finished = Extract<Adding, { kind: 'finished' }>;

function AddingPart() {
  const running = (): Running | undefined => {
    const now = adding();
    return now.kind === 'running' ? now : undefined;
  };
  const finished = (): Finished | undefined => {
    const now = adding();
    return now.kind === 'finished' ? now : undefined;
  };
  return (
    <Switch>
      <Match when={running()}>{(now) => <AddingNow state={now()} />}</Match>
      <Match when={finished()}>{(end) => <AddingReport state={end()} />}</Match>
    </Switch>
  );
}

function AddingNow(props: { state: Running }) {
  const words = () =>
    t('files.adding', { done: formatNumber(props.state.done), total: formatNumber(props.state.total) });
  return (
    <div class="transfer">
      <div class="transfer-words">
        <span class="label">{words()}</span>
        <span class="quiet-text small">
          {t('files.addingBytes', {
            done: formatBytes(props.state.bytes),
            total: formatBytes(props.state.totalBytes),
          })}
        </span>
        <progress
          class="progress"
          aria-label={words()}
          max={Math.max(1, props.state.totalBytes)}
          value={props.state.bytes}
        />
      </div>
      <button type="button" class="button" onClick={() => cancelAdding()}>
        {t('files.cancel')}
      </button>
    </div>
  );
}

function AddingReport(props: { state: Finished }) {
  return (
    <div class="transfer">
      <div class="transfer-words">
        <p role="status">
          <Show when={props.state.cancelled}>{t('files.addedStopped')} </Show>
          {tCount('files.added', props.state.added.length)}
        </p>
        <Show when={props.state.refused.length > 0}>
          <p>{tCount('files.notAdded', props.state.refused.length)}</p>
          <ul class="refused">
            <For each={props.state.refused}>
              {({ name, reason, message }) => (
                <li>
                  <bdi class="label">{name}</bdi>{' '}
                  <span class="quiet-text">{t(`files.reason.${reason}`, { message })}</span>
                </li>
              )}
            </For>
          </ul>
        </Show>
      </div>
      <button type="button" class="icon-button" aria-label={t('files.close')} onClick={() => closeAdding()}>
        <X size={16} />
      </button>
    </div>
  );
}

function TransferLine(props: { id: string }) {
  const transfer = () => transfers().find(({ id }) => id === props.id);
  const title = () => {
    const item = fileItem(props.id);
    return item ? shownTitle(item) : '';
  };
  return (
    <Show when={transfer()}>
      {(now) => (
        <li class="transfer" data-state={now().state}>
          <span class="transfer-sign" role="img" aria-label={t(`files.transfer.${now().kind}`)}>
            <Show when={now().kind === 'upload'} fallback={<ArrowDown size={16} />}>
              <ArrowUp size={16} />
            </Show>
          </span>
          <div class="transfer-words">
            <bdi class="transfer-title">{title()}</bdi>
            <span class="quiet-text small">{transferWords(now())}</span>
            <Show when={now().state === 'running'}>
              <progress
                class="progress"
                aria-label={title()}
                max={Math.max(1, now().total)}
                value={now().sent}
              />
            </Show>
          </div>
          <TransferButton transfer={now()} title={title()} />
        </li>
      )}
    </Show>
  );
}

function TransferButton(props: { transfer: Transfer; title: string }) {
  const over = () => isOver(props.transfer);
  const label = () => t(over() ? 'files.transfer.retry' : 'files.transfer.cancel', { title: props.title });
  const act = () => attempt(() => (over() ? retryTransfer : stopTransfer)(props.transfer.id));
  return (
    <button type="button" class="icon-button" aria-label={label()} title={label()} onClick={() => void act()}>
      <Show when={over()} fallback={<X size={16} />}>
        <RotateCw size={16} />
      </Show>
    </button>
  );
}

function transferWords({ state, sent, total, reason = '', left = 0 }: Transfer): string {
  switch (state) {
    case 'running':
      return t('files.transfer.bytes', { done: formatBytes(sent), total: formatBytes(total) });
    case 'full':
      return t('files.transfer.full', { left: formatBytes(left) });
    case 'refused':
      return t('files.transfer.refused', { reason });
    case 'waiting':
    case 'damaged':
    case 'stopped':
      return t(`files.transfer.${state}`);
  }
}
