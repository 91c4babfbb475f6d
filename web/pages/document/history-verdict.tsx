import { createSignal, For, Show } from 'solid-js';
import { type FoundFault, type Verdict, verifyHistory } from '../../client/history/verify.ts';
import { t } from '../../i18n/history/translate.ts';
import { attempt } from './restore-document.ts';
import { formatMoment, type HistoryView, nameDevice } from './history-view.ts';

/** The button that verifies a history, and what came of it in words. */
export function HistoryVerdict(props: { id: string; view: HistoryView }) {
  const [verdict, setVerdict] = createSignal<Verdict>();
  const [busy, setBusy] = createSignal(false);
  const verify = () =>
    attempt(async () => {
      const [history, witnesses] = [props.view.history(), props.view.witnesses()];
      if (!history || !witnesses || busy()) return;
      setBusy(true);
      try {
        setVerdict(await verifyHistory(props.id, history.rows, witnesses));
      } finally {
        setBusy(false);
      }
    });
  return (
    <section class="history-verdict">
      <Show when={props.view.witnesses()} fallback={<p class="quiet">{t('verify.unclaimed')}</p>}>
        <button type="button" class="button" aria-busy={busy()} onClick={() => void verify()}>
          {busy() ? t('verifying') : t('verify')}
        </button>
      </Show>
      <div role="status" data-testid="verdict">
        <Show when={verdict()}>{(told) => <Told verdict={told()} view={props.view} />}</Show>
      </div>
    </section>
  );
}

function Told(props: { verdict: Verdict; view: HistoryView }) {
  const holds = () => props.verdict.faults.length === 0;
  const fault = ({ fault, author, time }: FoundFault) =>
    t(`fault.${fault}`, { time: formatMoment(time), who: nameDevice(author, props.view.witnesses()) });
  return (
    <>
      <p classList={{ 'error-text': !holds() }}>
        {t(holds() ? 'verify.holds' : 'verify.broken', { signed: props.verdict.signed })}
      </p>
      <Show when={!holds()}>
        <ul class="history-faults">
          <For each={props.verdict.faults}>{(found) => <li>{fault(found)}</li>}</For>
        </ul>
        <p>{t('verify.signed', { signed: props.verdict.signed })}</p>
      </Show>
      <Show when={props.verdict.vouched > 0}>
        <p>{t('verify.vouched', { n: props.verdict.vouched })}</p>
      </Show>
      <Show when={props.verdict.forgotten > 0}>
        <p>{t('verify.forgotten', { n: props.verdict.forgotten })}</p>
      </Show>
      <Show when={props.view.history()?.timeline.steps.some(({ kind }) => kind === 'noted')}>
        <p>{t('verify.noted')}</p>
      </Show>
    </>
  );
}
