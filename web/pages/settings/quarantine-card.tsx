import FileText from 'lucide-solid/icons/file-text';
import PenLine from 'lucide-solid/icons/pen-line';
import { createSignal, For, Show } from 'solid-js';
import { t } from '../../i18n/devices/translate.ts';
import { formatDay } from '../../i18n/translate.ts';
import { discard, lookAt, quarantined, takeIn, type Waiting } from '../../state/device-care.ts';
import { showToast } from '../../state/toasts.ts';
import { tell } from './device-dialogs.tsx';

/** What lost devices handed over: looked at, and taken in or discarded. Nothing while there is none. */
export function QuarantineCard() {
  return (
    <Show when={quarantined().length > 0}>
      <div class="card settings-card" data-testid="quarantine">
        <div class="setting-text">
          <h3>{t('handed.title')}</h3>
          <p class="quiet-text small">{t('handed.text')}</p>
        </div>
        <ul role="list" class="devices">
          <For each={quarantined()}>{(item) => <Item item={item} />}</For>
        </ul>
      </div>
    </Show>
  );
}

function Item(props: { item: Waiting }) {
  const [words, setWords] = createSignal<string>();
  const [asking, setAsking] = createSignal(false);
  const isDocument = () => props.item.kind === 'document';
  const title = () => props.item.title.trim() || t('handed.untitled', { device: props.item.device });
  const look = async () => {
    await tell(lookAt(props.item.id).then(setWords));
  };
  const take = async () => {
    const name = title();
    if (await tell(takeIn(props.item.id))) showToast(t('handed.taken', { title: name }));
  };
  const throwAway = () => {
    if (asking()) void tell(discard(props.item.id));
    setAsking(!asking());
  };
  const named = (what: string) => `${what} – ${title()}`;
  return (
    <li class="device handed">
      <Show when={isDocument()} fallback={<PenLine size={20} />}>
        <FileText size={20} />
      </Show>
      <span class="device-who">
        <span class="label handed-title">{title()}</span>
        <span class="quiet-text small">
          {t(isDocument() ? 'handed.document' : 'handed.draft')}{' '}
          {t('handed.from', { device: props.item.device, date: formatDay(props.item.receivedAt) })}
        </span>
        <Show when={words() !== undefined}>
          <span class="handed-words small">{words() || t('handed.empty')}</span>
        </Show>
      </span>
      <span class="device-buttons">
        <Show when={words() === undefined}>
          <button
            type="button"
            class="button"
            aria-label={named(t('handed.look'))}
            onClick={() => void look()}
          >
            {t('handed.look')}
          </button>
        </Show>
        <button
          type="button"
          class="button primary"
          aria-label={named(t('handed.take'))}
          onClick={() => void take()}
        >
          {t(isDocument() ? 'handed.take' : 'handed.takeDraft')}
        </button>
        <button
          type="button"
          class="button"
          aria-label={named(t(asking() ? 'handed.discardSure' : 'handed.discard'))}
          onClick={throwAway}
          onBlur={() => setAsking(false)}
        >
          {t(asking() ? 'handed.discardSure' : 'handed.discard')}
        </button>
      </span>
    </li>
  );
}
