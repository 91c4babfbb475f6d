import X from 'lucide-solid/icons/x';
import { For, Match, Switch } from 'solid-js';
import { formatNumber } from '../../../i18n/translate.ts';
import { t, tCount } from '../../../i18n/files/translate.ts';
import { cancelZip, closeZip, type Zipping, zipping } from './download.ts';

type Running = Extract<Zipping, { kind: 'running' }>;
type Finished = Extract<Zipping, { kind: 'finished' }>;

/** An archive that is being packed, and what is missing from it. */
export function ZipProgress() {
  const running = (): Running | undefined => {
    const now = zipping();
    return now.kind === 'running' ? now : undefined;
  };
  const finished = (): Finished | undefined => {
    const now = zipping();
    return now.kind === 'finished' ? now : undefined;
  };
  return (
    <Switch>
      <Match when={running()}>{(now) => <Packing state={now()} />}</Match>
      <Match when={finished()}>{(end) => <Missing names={end().missing} />}</Match>
    </Switch>
  );
}

function Packing(props: { state: Running }) {
  const words = () =>
    t('files.zip', { done: formatNumber(props.state.done), total: formatNumber(props.state.total) });
  return (
    <div class="transfer">
      <div class="transfer-words">
        <span class="label">{words()}</span>
        <progress class="progress" aria-label={words()} max={props.state.total} value={props.state.done} />
      </div>
      <button type="button" class="button" onClick={cancelZip}>
        {t('files.cancel')}
      </button>
    </div>
  );
}

function Missing(props: { names: string[] }) {
  return (
    <div class="transfer">
      <div class="transfer-words" role="status">
        <p>{tCount('files.zipMissing', props.names.length)}</p>
        <ul class="refused">
          <For each={props.names}>
            {(name) => (
              <li>
                <bdi>{name}</bdi>
              </li>
            )}
          </For>
        </ul>
      </div>
      <button type="button" class="icon-button" aria-label={t('files.close')} onClick={closeZip}>
        <X size={16} />
      </button>
    </div>
  );
}
