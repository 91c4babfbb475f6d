import File from 'lucide-solid/icons/file';
import FileText from 'lucide-solid/icons/file-text';
import FolderTree from 'lucide-solid/icons/folder-tree';
import Image from 'lucide-solid/icons/image';
import PenLine from 'lucide-solid/icons/pen-line';
import { createSignal, For, Match, Show, Switch } from 'solid-js';
import { t } from '../../i18n/quarantine/translate.ts';
import { t as tDevices } from '../../i18n/devices/translate.ts';
import { formatBytes, formatDay } from '../../i18n/translate.ts';
import {
  discard,
  lookAt,
  quarantined,
  type Seen,
  takeIn,
  type Taken,
  type Waiting,
} from '../../state/device-care.ts';
import { showToast } from '../../state/toasts.ts';
import { tell } from './device-dialogs.tsx';
import { SeenView } from './quarantine-seen.tsx';

/** Bytes: fewer would be said as none at all. */
const leastSaid = 100;

/** What lost devices handed over: looked at, and taken in or discarded. Nothing while there is none. */
export function QuarantineCard() {
  const files = () => quarantined().filter(({ kind, missing }) => kind === 'file' && missing === 0);
  const [busy, setBusy] = createSignal(false);
  let heading: HTMLHeadingElement | undefined;
  /** Whoever works with the keys goes on here when what they had chosen is gone. */
  const keepFocus = (): void => {
    if (document.activeElement === document.body) heading?.focus();
  };
  const takeAll = async () => {
    setBusy(true);
    let count = 0;
    for (const { id } of files()) if (await tell(takeIn(id))) count++;
    setBusy(false);
    showToast(t('taken.files', { count }));
    keepFocus();
  };
  return (
    <Show when={quarantined().length > 0}>
      <div class="card settings-card" data-testid="quarantine">
        <div class="setting-text">
          <h3 ref={(element) => (heading = element)} tabindex="-1">
            {t('title')}
          </h3>
          <p class="quiet-text small">{t('text')}</p>
        </div>
        <Show when={files().length > 1}>
          <button type="button" class="button handed-all" disabled={busy()} onClick={() => void takeAll()}>
            {t('take.files', { count: files().length })}
          </button>
        </Show>
        <ul role="list" class="devices">
          <For each={quarantined().map(({ id }) => id)}>
            {(id) => (
              <Show when={quarantined().find((item) => item.id === id)}>
                {(item) => <Item item={item()} onGone={keepFocus} />}
              </Show>
            )}
          </For>
        </ul>
      </div>
    </Show>
  );
}

function Item(props: { item: Waiting; onGone: () => void }) {
  const [seen, setSeen] = createSignal<Seen>();
  const [chosen, setChosen] = createSignal<ReadonlySet<string>>(new Set());
  const title = () => titleOf(props.item);
  const look = async () => {
    const show = (next: Seen): void => {
      if (next.kind === 'changes') setChosen(new Set(next.changes.map(({ key }) => key)));
      setSeen(next);
    };
    await tell(lookAt(props.item.id).then(show));
  };
  return (
    <li class="device handed">
      <Icon kind={props.item.kind} />
      <span class="device-who">
        <span class="label handed-title">{title()}</span>
        <span class="quiet-text small">
          {kindOf(props.item)}{' '}
          {t('from', { device: props.item.device, date: formatDay(props.item.receivedAt) })}
        </span>
        <Show when={props.item.owner}>
          {(owner) => <span class="small">{t('owned', { owner: owner() })}</span>}
        </Show>
        <Show when={props.item.missing > 0}>
          <span class="small">
            {t('missing', { missing: formatBytes(Math.max(leastSaid, props.item.missing)) })}
          </span>
        </Show>
        <Show when={seen()}>
          {(what) => (
            <SeenView
              seen={what()}
              title={title()}
              device={props.item.device}
              chosen={chosen()}
              onChoose={setChosen}
            />
          )}
        </Show>
      </span>
      <Buttons
        item={props.item}
        onGone={() => props.onGone()}
        onLook={seen() ? undefined : () => void look()}
        chosen={seen()?.kind === 'changes' ? chosen() : undefined}
      />
    </li>
  );
}

function Buttons(props: {
  item: Waiting;
  onGone: () => void;
  onLook: (() => void) | undefined;
  chosen: ReadonlySet<string> | undefined;
}) {
  const [asking, setAsking] = createSignal(false);
  const named = (what: string) => `${what} – ${titleOf(props.item)}`;
  const takeLabel = () => t(takeOf(props.item));
  const isWhole = () => props.item.missing === 0 || props.item.kind === 'document';
  const take = async () => {
    const { item, chosen } = props;
    if (await tell(takeIn(item.id, chosen).then((taken) => showToast(wordsOf(item, taken))))) props.onGone();
  };
  const throwAway = async () => {
    setAsking(!asking());
    if (!asking() && (await tell(discard(props.item.id)))) props.onGone();
  };
  const discardLabel = () => t(asking() ? 'discardSure' : 'discard');
  return (
    <span class="device-buttons">
      <Show when={props.onLook}>
        {(onLook) => (
          <button type="button" class="button" aria-label={named(t('look'))} onClick={() => onLook()()}>
            {t('look')}
          </button>
        )}
      </Show>
      <button
        type="button"
        class="button primary"
        aria-label={named(takeLabel())}
        disabled={!isWhole() || props.chosen?.size === 0}
        onClick={() => void take()}
      >
        {takeLabel()}
      </button>
      <button
        type="button"
        class="button"
        aria-label={named(discardLabel())}
        onClick={() => void throwAway()}
        onBlur={() => setAsking(false)}
      >
        {discardLabel()}
      </button>
    </span>
  );
}

function Icon(props: { kind: Waiting['kind'] }) {
  return (
    <Switch fallback={<FileText size={20} />}>
      <Match when={props.kind === 'draft'}>
        <PenLine size={20} />
      </Match>
      <Match when={props.kind === 'file'}>
        <File size={20} />
      </Match>
      <Match when={props.kind === 'picture'}>
        <Image size={20} />
      </Match>
      <Match when={props.kind === 'changes'}>
        <FolderTree size={20} />
      </Match>
    </Switch>
  );
}

function titleOf({ kind, title, device }: Waiting): string {
  if (title.trim() !== '') return title.trim();
  if (kind === 'picture') return t('name.picture');
  if (kind === 'changes') return t('name.changes');
  return kind === 'file' ? t('name.sealed') : tDevices('handed.untitled', { device });
}

function kindOf({ kind, size, owner }: Waiting): string {
  if (kind === 'document' && owner !== undefined) return t('kind.owned', { owner });
  return t(`kind.${kind}`, { size: formatBytes(size) });
}

function takeOf({ kind, owner }: Waiting) {
  if (owner !== undefined) return 'take.copy';
  if (kind === 'draft') return 'take.draft';
  return kind === 'changes' ? 'take.changes' : 'take';
}

function wordsOf(item: Waiting, { left }: Taken): string {
  if (item.kind === 'changes' && left > 0) return `${t('taken.changes')} ${t('taken.left', { left })}`;
  return t(`taken.${item.kind === 'draft' ? 'document' : item.kind}`, { title: titleOf(item) });
}
