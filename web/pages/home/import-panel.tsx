import { createUniqueId, For, Match, Show, Switch } from 'solid-js';
import { t as tFormat, tCount as tFormats } from '../../i18n/formats/translate.ts';
import { t as tHome, tCount as tHomeCount } from '../../i18n/home/translate.ts';
import { formatNumber } from '../../i18n/translate.ts';
import {
  cancelImport,
  closeImport,
  importAsCopies,
  importing,
  type Importing,
} from '../../state/importing.ts';
import '../../ui/report.css';

/** So many names of files that were left out are shown. */
const mostNamed = 200;

/** A running import with its number and a way to stop it; then what came of it. */
export function ImportPanel() {
  const headingId = createUniqueId();
  const state = importing;
  return (
    <Show when={state().kind !== 'idle'}>
      <section class="card import-panel" aria-labelledby={headingId} data-state={state().kind}>
        <h2 id={headingId}>{tHome('import.title')}</h2>
        <Switch>
          <Match when={running(state())}>{(now) => <Running state={now()} />}</Match>
          <Match when={finished(state())}>{(end) => <Report state={end()} />}</Match>
          <Match when={failure(state())}>
            {(message) => (
              <p class="error-text" role="alert">
                {tHome('import.failed', { message: message() })}
              </p>
            )}
          </Match>
        </Switch>
        <Show
          when={state().kind === 'running'}
          fallback={
            <div class="import-acts">
              <Show when={(finished(state())?.merged ?? 0) > 0}>
                <button type="button" class="button" onClick={() => void importAsCopies()}>
                  {tFormat('import.asCopy')}
                </button>
              </Show>
              <button type="button" class="button" onClick={closeImport}>
                {tHome('import.close')}
              </button>
            </div>
          }
        >
          <button type="button" class="button" onClick={cancelImport}>
            {tHome('import.cancel')}
          </button>
        </Show>
      </section>
    </Show>
  );
}

type RunningState = Extract<Importing, { kind: 'running' }>;
type FinishedState = Extract<Importing, { kind: 'finished' }>;

function running(state: Importing): RunningState | undefined {
  return state.kind === 'running' ? state : undefined;
}

function finished(state: Importing): FinishedState | undefined {
  return state.kind === 'finished' ? state : undefined;
}

function failure(state: Importing): string | undefined {
  return state.kind === 'failed' ? state.message : undefined;
}

function Running(props: { state: RunningState }) {
  const words = () =>
    props.state.total === 0
      ? tHome('import.reading')
      : tHome('import.running', {
          done: formatNumber(props.state.done),
          total: formatNumber(props.state.total),
        });
  return (
    <>
      <p>{words()}</p>
      <progress
        class="progress"
        aria-label={tHome('import.title')}
        max={Math.max(1, props.state.total)}
        value={props.state.done}
      />
      <p class="quiet-text small progress-name">{props.state.name}</p>
    </>
  );
}

function Report(props: { state: FinishedState }) {
  const isEmpty = () => {
    const { imported, merged, refused, cancelled } = props.state;
    return imported + merged + refused.length === 0 && !cancelled;
  };
  return (
    <>
      <p role="status">
        <Show when={props.state.cancelled}>{tHome('import.cancelled')} </Show>
        {isEmpty() ? tHome('import.none') : tHomeCount('import.done', props.state.imported)}
        <Show when={props.state.merged > 0}> {tFormats('import.merged', props.state.merged)}</Show>
        <Show when={props.state.attached > 0}> {tFormats('import.attached', props.state.attached)}</Show>
      </p>
      <Show when={props.state.refused.length > 0}>
        <div>
          <p>{tHomeCount('import.refused', props.state.refused.length)}</p>
          <ul class="refused">
            <For each={props.state.refused}>
              {(file) => (
                <li>
                  <span class="label">{file.name}</span> <span class="quiet-text">{file.reason}</span>
                </li>
              )}
            </For>
          </ul>
        </div>
      </Show>
      <Show when={props.state.left.length > 0}>
        <details>
          <summary>{tFormats('import.left', props.state.left.length)}</summary>
          <ul class="refused">
            <For each={props.state.left.slice(0, mostNamed)}>
              {(name) => <li class="quiet-text">{name}</li>}
            </For>
          </ul>
        </details>
      </Show>
    </>
  );
}
