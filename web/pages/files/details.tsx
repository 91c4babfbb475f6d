import { createMemo, For, type JSX, Show } from 'solid-js';
import { blobIdToCid } from '../../../shared/file/cid.ts';
import { formatBytes, formatDay, formatNumber } from '../../i18n/translate.ts';
import { t, tCount } from '../../i18n/files/translate.ts';
import { contentVariant, type FileItem, fileState } from '../../state/files.ts';
import { showToast } from '../../state/toasts.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Switch } from '../../ui/switch.tsx';
import { kindWord, Thumbnail } from './entry-icon.tsx';
import './details.css';
import { folderTitle, keep } from './operations.ts';
import { hasBytes } from './where-mark.tsx';
import { formatLength, shownSize, shownTitle } from './words.ts';

/** What is known of what is chosen: of one everything, of many the sum. */
export function Details(props: { items: FileItem[] }) {
  const one = () => (props.items.length === 1 ? props.items[0] : undefined);
  return (
    <Show when={one()} fallback={<Many items={props.items} />}>
      {(item) => <One item={item()} />}
    </Show>
  );
}

function Many(props: { items: FileItem[] }) {
  const total = () => props.items.reduce((sum, { size = 0 }) => sum + size, 0);
  return (
    <Show
      when={props.items.length > 0}
      fallback={<p class="quiet-text details-none">{t('files.detail.none')}</p>}
    >
      <p class="details-title">{tCount('files.selected', props.items.length)}</p>
      <p class="quiet-text">{t('files.detail.many', { size: formatBytes(total()) })}</p>
    </Show>
  );
}

function One(props: { item: FileItem }) {
  const state = () => fileState(props.item);
  return (
    <div class="details-one">
      <div class="details-head">
        <Thumbnail item={props.item} px={256} iconSize={40} />
        <p class="details-title">
          <bdi>{shownTitle(props.item)}</bdi>
        </p>
      </div>
      <Show when={props.item.type !== 'text'}>
        <Switch
          label={t('files.keep')}
          hint={t(props.item.type === 'folder' ? 'files.detail.keepFolderHint' : 'files.detail.keepHint')}
          checked={state().kept}
          onChange={(on) => void keep([props.item.id], on)}
        />
      </Show>
      <Facts item={props.item} />
      <Show when={hasBytes(props.item)}>
        <Places item={props.item} />
        <Fingerprints item={props.item} />
      </Show>
    </div>
  );
}

function Facts(props: { item: FileItem }) {
  const original = createMemo(() => {
    const name = contentVariant(props.item);
    return props.item.variants.find((variant) => variant.name === name);
  });
  const dimensions = () => {
    const { width = 0, height = 0 } = original() ?? {};
    return width > 0 && height > 0 ? `${formatNumber(width)} × ${formatNumber(height)}` : '';
  };
  const length = () => original()?.duration;
  const pages = () => original()?.pages;
  return (
    <dl class="facts">
      <Fact name={t('files.detail.kind')}>{kindWord(props.item)}</Fact>
      <Fact name={t('files.detail.type')}>{props.item.mime}</Fact>
      <Fact name={t('files.detail.size')}>{shownSize(props.item)}</Fact>
      <Fact name={t('files.detail.dimensions')}>{dimensions()}</Fact>
      <Fact name={t('files.detail.length')}>{length() ? formatLength(length() ?? 0) : ''}</Fact>
      <Fact name={t('files.detail.pages')}>{pages() ? formatNumber(pages() ?? 0) : ''}</Fact>
      <Fact name={t('files.detail.in')}>{folderTitle(props.item.parent)}</Fact>
      <Fact name={t('files.detail.created')}>{formatDay(props.item.created)}</Fact>
      <Fact name={t('files.detail.edited')}>{formatDay(props.item.edited)}</Fact>
      <Show when={props.item.type !== 'text'}>
        <Fact name={t('files.detail.sealed')}>{t(sealedWords(props.item))}</Fact>
      </Show>
    </dl>
  );
}

/** A sealed folder's own name is readable; what is in it is not. */
function sealedWords(item: FileItem) {
  if (item.vault !== undefined) return 'files.detail.sealedFolder';
  return item.type === 'sealed' || item.sealed !== undefined
    ? 'files.detail.sealedYes'
    : 'files.detail.sealedNo';
}

function Fact(props: { name: string; children: JSX.Element }) {
  return (
    <Show when={props.children}>
      <div>
        <dt>{props.name}</dt>
        <dd>{props.children}</dd>
      </div>
    </Show>
  );
}

/** Where the bytes are: this device, the relay, other devices that promised. */
function Places(props: { item: FileItem }) {
  const state = () => fileState(props.item);
  const others = () => state().copies - Number(state().here) - Number(state().relay);
  const word = (has: boolean) => t(has ? 'files.detail.yes' : 'files.detail.no');
  return (
    <section aria-label={t('files.detail.where')}>
      <h3>{t('files.detail.where')}</h3>
      <dl class="facts">
        <Fact name={t('files.detail.thisDevice')}>{word(state().here)}</Fact>
        <Fact name={t('files.detail.relay')}>{word(state().relay)}</Fact>
        <Show when={others() > 0}>
          <Fact name={t('files.detail.otherDevices')}>{tCount('files.detail.others', others())}</Fact>
        </Show>
      </dl>
    </section>
  );
}

/** The names of the content by its bytes, to compare and to fetch by. */
function Fingerprints(props: { item: FileItem }) {
  const blob = () => props.item.variants.find(({ name }) => name === contentVariant(props.item))?.blob;
  const cid = () => {
    const id = blob();
    return id === undefined ? undefined : blobIdToCid(id);
  };
  const rows = () =>
    [
      { name: t('files.detail.blob'), value: blob() },
      { name: t('files.detail.file'), value: props.item.file },
      { name: t('files.detail.cid'), value: cid() },
    ].filter((row): row is { name: string; value: string } => row.value !== undefined);
  return (
    <section aria-label={t('files.detail.hash')}>
      <h3>{t('files.detail.hash')}</h3>
      <ul role="list" class="fingerprints">
        <For each={rows()}>
          {({ name, value }) => (
            <li>
              <span class="label">{name}</span>
              <code title={value}>{value}</code>
              <CopyButton
                compact
                value={value}
                label={t('files.copy', { what: name })}
                doneLabel={t('files.copied')}
                onError={(error) => showToast(t('files.failed', { message: String(error) }))}
              />
            </li>
          )}
        </For>
      </ul>
    </section>
  );
}
