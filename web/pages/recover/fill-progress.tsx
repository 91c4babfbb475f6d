import { A } from '@solidjs/router';
import { createMemo, Show } from 'solid-js';
import { formatNumber } from '../../i18n/translate.ts';
import { t } from '../../i18n/recovery/translate.ts';
import { chip } from '../../state/chip.ts';
import { createFilling } from '../../state/recovery.ts';

/** How far the new relay is; what is said here is what the relay has acknowledged. */
export function FillProgress() {
  const { actions, documents, files } = createFilling();
  const left = createMemo(() => (chip.relay.kind === 'synced' ? 0 : Math.max(documents(), 1)));
  const done = () => left() === 0 && !actions() && files() === 0;
  return (
    <>
      <p class="label" role="status">
        {t(done() ? 'refill.done' : 'refill.filling')}
      </p>
      <dl class="fill-list">
        <Part name={t('refill.documents')} left={left()} />
        <Part name={t('refill.actions')} left={actions() ? undefined : 0} />
        <Part name={t('refill.files')} left={files()} />
      </dl>
      <Show when={chip.relay.kind === 'attention' && chip.relay}>
        {(relay) => (
          <p class="error-text" role="alert">
            {t('kit.error.refused', { message: relay().message })}
          </p>
        )}
      </Show>
      <Show when={done()}>
        <p class="quiet-text">{t('refill.doneText')}</p>
        <div class="kit-row">
          <A class="button primary" href="/home">
            {t('recover.open')}
          </A>
          <A class="button" href="/settings#kit">
            {t('recover.settings')}
          </A>
        </div>
      </Show>
    </>
  );
}

function Part(props: { name: string; left: number | undefined }) {
  const words = () => {
    if (props.left === 0) return t('refill.there');
    return props.left === undefined
      ? t('refill.waiting')
      : t('refill.left', { count: formatNumber(props.left) });
  };
  return (
    <div class="fill-part">
      <dt>{props.name}</dt>
      <dd classList={{ there: props.left === 0 }}>{words()}</dd>
    </div>
  );
}
