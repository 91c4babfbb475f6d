import {
  createSignal,
  createUniqueId,
  For,
  Match,
  onCleanup,
  onMount,
  Show,
  Switch,
  untrack,
} from 'solid-js';
import { t, tCount } from '../../i18n/formats/translate.ts';
import { formatNumber } from '../../i18n/translate.ts';
import {
  cancelExport,
  closeExport,
  exporting,
  exportLibrary,
  type Exporting,
  type LibraryFormat,
} from '../../state/exporting.ts';
import '../../ui/report.css';
import { Segments } from '../../ui/segments.tsx';

const formats: readonly LibraryFormat[] = ['markdown', 'html', 'standalone'];

/** Everything in one archive, with its number, a way to stop it, and a report of what is missing. */
export default function ExportSection() {
  const id = createUniqueId();
  const [format, setFormat] = createSignal<LibraryFormat>('markdown');
  let start: HTMLButtonElement | undefined;
  return (
    <section class="settings-section" id="export" aria-labelledby={id}>
      <h2 id={id}>{t('library.title')}</h2>
      <div class="card settings-card">
        <p class="quiet-text">{t('library.about')}</p>
        <Segments
          label={t('export.format')}
          value={format()}
          choices={formats.map((value) => ({ value, label: t(`export.${value}`) }))}
          onChange={setFormat}
        />
        <p class="quiet-text small">{t(`export.${format()}.about`)}</p>
        <Show
          when={running(exporting())}
          fallback={
            <>
              <Outcome state={exporting()} />
              <div>
                <button ref={start} type="button" class="button" onClick={() => void exportLibrary(format())}>
                  {t('library.run')}
                </button>
              </div>
            </>
          }
        >
          {(state) => (
            <Running
              state={state()}
              takeFocus={start === document.activeElement}
              onEnd={() => start?.focus()}
            />
          )}
        </Show>
      </div>
    </section>
  );
}

type RunningState = Extract<Exporting, { kind: 'running' }>;
type FinishedState = Extract<Exporting, { kind: 'finished' }>;

function running(state: Exporting): RunningState | undefined {
  return state.kind === 'running' ? state : undefined;
}

function finished(state: Exporting): FinishedState | undefined {
  return state.kind === 'finished' ? state : undefined;
}

function failure(state: Exporting): string | undefined {
  return state.kind === 'failed' ? state.message : undefined;
}

/** Where one button goes and the other comes, who uses the keyboard stays in this place. */
function Running(props: { state: RunningState; takeFocus: boolean; onEnd: () => void }) {
  let cancel: HTMLButtonElement | undefined;
  // Asked while the other button is still there.
  const takesFocus = untrack(() => props.takeFocus);
  onMount(() => takesFocus && cancel?.focus());
  onCleanup(() => document.activeElement === cancel && queueMicrotask(() => props.onEnd()));
  const words = () =>
    t('library.running', {
      done: formatNumber(props.state.done),
      total: formatNumber(props.state.total),
    });
  return (
    <>
      <p>{words()}</p>
      <progress
        class="progress"
        aria-label={words()}
        max={Math.max(1, props.state.total)}
        value={props.state.done}
      />
      <p class="quiet-text small progress-name">{props.state.name}</p>
      <div>
        <button ref={cancel} type="button" class="button" onClick={cancelExport}>
          {t('library.cancel')}
        </button>
      </div>
    </>
  );
}

function Outcome(props: { state: Exporting }) {
  return (
    <Switch>
      <Match when={props.state.kind === 'cancelled'}>
        <p role="status">{t('library.cancelled')}</p>
      </Match>
      <Match when={failure(props.state)}>
        {(message) => (
          <p class="error-text" role="alert">
            {t('export.failed', { message: message() })}
          </p>
        )}
      </Match>
      <Match when={finished(props.state)}>
        {(end) => (
          <>
            <p role="status">{tCount('library.done', end().written)}</p>
            <Show when={end().failed.length > 0}>
              <p>{tCount('library.missing', end().failed.length)}</p>
              <ul class="refused">
                <For each={end().failed}>
                  {(one) => (
                    <li>
                      <span class="label">{one.name}</span> <span class="quiet-text">{one.reason}</span>
                    </li>
                  )}
                </For>
              </ul>
            </Show>
            <div>
              <button type="button" class="button" onClick={closeExport}>
                {t('library.close')}
              </button>
            </div>
          </>
        )}
      </Match>
    </Switch>
  );
}
