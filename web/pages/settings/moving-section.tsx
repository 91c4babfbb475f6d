import { createResource, createSignal, createUniqueId, Match, onCleanup, Show, Switch } from 'solid-js';
import { IsletError } from '../../../shared/errors.ts';
import { formatBytes, formatNumber, formatTime } from '../../i18n/translate.ts';
import { t } from '../../i18n/moving/translate.ts';
import { identityState } from '../../state/identity.ts';
import { type ExportsView, type ExportView, house } from '../../state/moving.ts';
import { attempt } from '../../state/attempt.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { DeleteAccount } from './delete-account.tsx';
import './moving.css';

/** Milliseconds between two looks while an archive is made. */
const lookAgain = 1000;

const ownName = () => (identityState.identity.kind === 'claimed' ? identityState.identity.idTag : '');

/** Taking the identity elsewhere, and ending it. */
export default function MovingSection() {
  const id = createUniqueId();
  return (
    <Show when={house()}>
      <section class="settings-section" id="moving" aria-labelledby={id}>
        <h2 id={id}>{t('moving.title')}</h2>
        <div class="card settings-card">
          <Moving />
          <DeleteAccount />
        </div>
      </section>
    </Show>
  );
}

function Moving() {
  const [view, { refetch }] = createResource(async () => house()?.read());
  /** `latest` throws while the relay is away, and the timers ask then too. */
  const known = () => (view.state === 'errored' ? undefined : view.latest);
  const making = () => known()?.exports.some(({ state }) => state === 'making') ?? false;
  const timer = setInterval(() => making() && void refetch(), lookAgain);
  // A kit is made on this very page, and elsewhere.
  const kitTimer = setInterval(() => known()?.kit === false && void refetch(), 5 * lookAgain);
  onCleanup(() => {
    clearInterval(timer);
    clearInterval(kitTimer);
  });
  const act = (work: Promise<unknown> | undefined) =>
    void attempt((work ?? Promise.resolve()).then(() => refetch()).then(() => undefined));
  const refused = () => view.error instanceof IsletError;
  return (
    <div class="storage-part">
      <Show
        when={known()}
        fallback={
          <Show when={view.state === 'errored'} fallback={<div class="storage-waiting" aria-hidden="true" />}>
            <p class="quiet-text" role="status">
              {t(refused() ? 'moving.mayNot' : 'moving.away')}
            </p>
          </Show>
        }
      >
        {(now) => <Standing view={now()} act={act} />}
      </Show>
    </div>
  );
}

interface Shown {
  view: ExportsView;
  act: (work: Promise<unknown> | undefined) => void;
}

function Standing(props: Shown) {
  const newest = () => props.view.exports[0];
  return (
    <Switch>
      <Match when={props.view.state === 'moved'}>
        <p role="status">{t('moving.isMoved', { idTag: ownName() })}</p>
      </Match>
      <Match when={true}>
        <p class="quiet-text">{t('moving.text', { idTag: ownName() })}</p>
        <Show when={!props.view.kit}>
          <p class="moving-note">{t('moving.noKit')}</p>
        </Show>
        <Show when={props.view.state === 'moving'}>
          <p class="label" role="status">
            {t('moving.closed')}
          </p>
        </Show>
        <Show when={newest()}>{(row) => <Archive row={row()} act={props.act} />}</Show>
        <Buttons view={props.view} act={props.act} />
      </Match>
    </Switch>
  );
}

/** One archive: how far it is, or where it is fetched. */
function Archive(props: { row: ExportView; act: Shown['act'] }) {
  const part = () => Math.min(1, props.row.done / Math.max(1, props.row.total));
  const percent = () => new Intl.NumberFormat(undefined, { style: 'percent' }).format(part());
  const download = async () => {
    const address = await house()?.address(props.row.id);
    if (address !== undefined) location.assign(address);
  };
  const remove = () => props.act(house()?.remove(props.row.id));
  return (
    <Switch>
      <Match when={props.row.state === 'making'}>
        <p role="status">{t('moving.making', { percent: percent() })}</p>
        <progress class="progress" aria-label={t('moving.title')} max={1} value={part()} />
        <div class="moving-buttons">
          <button type="button" class="button" onClick={remove}>
            {t('moving.cancel')}
          </button>
        </div>
      </Match>
      <Match when={props.row.state === 'failed'}>
        <p class="error-text" role="alert">
          {t('moving.failed')}
        </p>
      </Match>
      <Match when={props.row.state === 'ready'}>
        <p role="status">
          {t('moving.ready', {
            when: formatTime(props.row.createdAt, Date.now()),
            size: formatBytes(props.row.size),
          })}
        </p>
        <Show when={props.row.missing > 0}>
          <p class="moving-note">{t('moving.missing', { count: formatNumber(props.row.missing) })}</p>
        </Show>
        <p class="quiet-text small">{t('moving.secret')}</p>
        <div class="moving-buttons">
          <button type="button" class="button primary" onClick={() => props.act(download())}>
            {t('moving.download')}
          </button>
          <button type="button" class="button" onClick={remove}>
            {t('moving.remove')}
          </button>
        </div>
      </Match>
    </Switch>
  );
}

function Buttons(props: Shown) {
  const [asked, setAsked] = createSignal<'move' | 'moved'>();
  const isMaking = () => props.view.exports.some(({ state }) => state === 'making');
  const isReady = () => props.view.exports.some(({ state }) => state === 'ready');
  const decide = (work: Promise<unknown> | undefined) => {
    setAsked(undefined);
    props.act(work);
  };
  return (
    <>
      <Show
        when={props.view.state === 'moving'}
        fallback={
          <div class="moving-buttons">
            <button
              type="button"
              class="button"
              disabled={isMaking()}
              onClick={() => props.act(house()?.make('copy'))}
            >
              {t('moving.copy')}
            </button>
            <button type="button" class="button" disabled={isMaking()} onClick={() => setAsked('move')}>
              {t('moving.move')}
            </button>
          </div>
        }
      >
        <p class="quiet-text">{t('moving.next', { idTag: ownName() })}</p>
        <div class="moving-buttons">
          <button type="button" class="button" disabled={!isReady()} onClick={() => setAsked('moved')}>
            {t('moving.moved')}
          </button>
          <button type="button" class="button" onClick={() => props.act(house()?.tell('here'))}>
            {t('moving.stay')}
          </button>
        </div>
      </Show>
      <Show when={asked()}>
        {(what) => (
          <Dialog
            open
            title={t(what() === 'move' ? 'moving.moveTitle' : 'moving.movedTitle', { idTag: ownName() })}
            closeLabel={t('moving.close')}
            onClose={() => setAsked(undefined)}
          >
            <div class="moving-dialog">
              <p>{t(what() === 'move' ? 'moving.moveText' : 'moving.movedText', { idTag: ownName() })}</p>
              <div class="moving-buttons end">
                <button type="button" class="button" onClick={() => setAsked(undefined)}>
                  {t('moving.cancel')}
                </button>
                <button
                  type="button"
                  class="button primary"
                  onClick={() => decide(what() === 'move' ? house()?.make('move') : house()?.tell('moved'))}
                >
                  {t(what() === 'move' ? 'moving.moveNow' : 'moving.moved')}
                </button>
              </div>
            </div>
          </Dialog>
        )}
      </Show>
    </>
  );
}
