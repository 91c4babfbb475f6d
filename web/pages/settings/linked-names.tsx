import { createResource, createSignal, For, Show } from 'solid-js';
import { t } from '../../i18n/identity/translate.ts';
import { formatAgo } from '../../i18n/translate.ts';
import { attempt } from '../../state/attempt.ts';
import { houseParts } from '../../state/house.ts';
import { checkLinked, type OwnLinked, readLinked, removeLinked } from '../../state/identity-care.ts';
import { showToast } from '../../state/toasts.ts';
import { LinkForm } from './link-form.tsx';

/** Other names of the identity, and how they stand. */
export function LinkedNames() {
  const [names, { mutate }] = createResource(houseParts, () => readLinked());
  const [busy, setBusy] = createSignal(false);
  const look = async () => {
    setBusy(true);
    await attempt(checkLinked().then(mutate));
    setBusy(false);
  };
  return (
    <div class="identity-part">
      <h3 class="label">{t('links.title')}</h3>
      <p class="quiet-text">{t('links.text')}</p>
      <Show when={names.state !== 'errored'} fallback={<p role="status">{t('keys.away')}</p>}>
        <ul role="list" class="identity-list">
          <For each={names.latest}>{(name) => <NameLine name={name} onChange={mutate} />}</For>
        </ul>
        <Show when={(names.latest?.length ?? 0) > 0}>
          <div class="identity-buttons">
            <button type="button" class="button" disabled={busy()} onClick={() => void look()}>
              {t('links.check')}
            </button>
          </div>
        </Show>
        <LinkForm onAdded={mutate} />
      </Show>
    </div>
  );
}

type Name = OwnLinked[number];

function describe({ provenAt, checkedAt, reason }: Name): string {
  const time = formatAgo(checkedAt, Date.now());
  if (reason === undefined) return t('links.proven', { time });
  return provenAt === undefined ? t('links.lost', { reason }) : t('links.doubtful', { time, reason });
}

function NameLine(props: { name: Name; onChange: (names: OwnLinked) => void }) {
  const uri = () => props.name.uri;
  const remove = async () => {
    if (await attempt(removeLinked(uri()).then(props.onChange)))
      showToast(t('links.removed', { uri: uri() }));
  };
  return (
    <li class="identity-line">
      <span class="identity-line-words">
        <code>{uri()}</code>
        <span class="quiet-text small">{describe(props.name)}</span>
      </span>
      <button
        type="button"
        class="button"
        onClick={() => void remove()}
        aria-label={t('links.remove', { uri: uri() })}
      >
        {t('links.removeShort')}
      </button>
    </li>
  );
}
