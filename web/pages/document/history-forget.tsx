import { createResource, createSignal, Show } from 'solid-js';
import { planForgetting } from '../../client/history/forget.ts';
import { t } from '../../i18n/history/translate.ts';
import { formatBytes } from '../../i18n/translate.ts';
import { historySource } from '../../state/history.ts';
import { showToast } from '../../state/toasts.ts';
import { Segments } from '../../ui/segments.tsx';
import type { HistoryView } from './history-view.ts';

const day = 86_400_000;
const ages = { never: undefined, year: 365 * day, month: 30 * day } as const;

/** The choice to forget what is old; says first what goes. */
export function HistoryForget(props: { id: string; view: HistoryView }) {
  const [age, setAge] = createSignal<keyof typeof ages>('never');
  const [failure, setFailure] = createSignal('');
  const [plan] = createResource(
    () => {
      const history = props.view.history();
      const chosen = ages[age()];
      return history && chosen !== undefined ? { rows: history.rows, age: chosen } : undefined;
    },
    async ({ rows, age }) => {
      try {
        return await planForgetting(props.id, rows, { age, now: Date.now() });
      } catch (error) {
        tell(error);
        return undefined;
      }
    },
  );
  const tell = (error: unknown) =>
    setFailure(t('action.failed', { message: error instanceof Error ? error.message : String(error) }));
  const forget = async () => {
    const chosen = plan();
    if (!chosen) return;
    try {
      await historySource()?.forget(props.id, chosen);
      setAge('never');
      showToast(t('forget.done'));
      await props.view.reload();
    } catch (error) {
      tell(error);
    }
  };
  const choices = (['never', 'year', 'month'] as const).map((value) => ({
    value,
    label: t(`forget.${value}`),
  }));
  return (
    <details class="history-forget">
      <summary>{t('forget')}</summary>
      <p>{t('forget.older')}</p>
      <Segments
        label={t('forget.older')}
        value={age()}
        choices={choices}
        onChange={(chosen) => {
          setFailure('');
          setAge(chosen);
        }}
      />
      <Show when={age() !== 'never' && !plan.loading && failure() === ''}>
        <Show when={plan()} fallback={<p role="status">{t('forget.none')}</p>}>
          {(what) => (
            <>
              <p role="status">
                {t('forget.plan', { rows: what().rows, size: formatBytes(Math.max(what().freed, 0)) })}
              </p>
              <button type="button" class="button danger" onClick={() => void forget()}>
                {t('forget.do')}
              </button>
            </>
          )}
        </Show>
      </Show>
      <Show when={failure()}>
        <p class="error-text" role="alert">
          {failure()}
        </p>
      </Show>
    </details>
  );
}
