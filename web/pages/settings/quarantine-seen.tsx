import { createMemo, For, onCleanup, Show } from 'solid-js';
import { t } from '../../i18n/quarantine/translate.ts';
import type { Seen, ShownChange } from '../../state/device-care.ts';

/** What something is that a lost device handed over. `chosen` are keys of edits. */
export function SeenView(props: {
  seen: Seen;
  title: string;
  device: string;
  chosen: ReadonlySet<string>;
  onChoose: (chosen: ReadonlySet<string>) => void;
}) {
  const words = () => (props.seen.kind === 'words' ? props.seen.words || t('nothing.words') : undefined);
  const bytes = () => (props.seen.kind === 'picture' ? props.seen.bytes : undefined);
  const changes = () => (props.seen.kind === 'changes' ? props.seen.changes : undefined);
  return (
    <>
      <Show when={words()}>
        {/* What is longer than its box is scrolled with the keys too. */}
        {(text) => (
          <span class="handed-words small" tabindex="0" role="group" aria-label={props.title}>
            {text()}
          </span>
        )}
      </Show>
      <Show when={bytes()}>
        {(picture) => (
          <Picture bytes={picture()} alt={t('picture.alt', { title: props.title, device: props.device })} />
        )}
      </Show>
      <Show when={props.seen.kind === 'file'}>
        <span class="handed-words small">{t('nothing.file')}</span>
      </Show>
      <Show when={changes()}>
        {(list) => <Changes list={list()} chosen={props.chosen} onChoose={(next) => props.onChoose(next)} />}
      </Show>
    </>
  );
}

function Picture(props: { bytes: Blob; alt: string }) {
  const url = createMemo(() => {
    const made = URL.createObjectURL(props.bytes);
    onCleanup(() => URL.revokeObjectURL(made));
    return made;
  });
  return <img class="handed-picture" src={url()} alt={props.alt} />;
}

function Changes(props: {
  list: readonly ShownChange[];
  chosen: ReadonlySet<string>;
  onChoose: (chosen: ReadonlySet<string>) => void;
}) {
  const toggle = (key: string): void => {
    const next = new Set(props.chosen);
    if (!next.delete(key)) next.add(key);
    props.onChoose(next);
  };
  return (
    <Show
      when={props.list.length > 0}
      fallback={<span class="handed-words small">{t('nothing.changes')}</span>}
    >
      <fieldset class="handed-changes small">
        <legend class="quiet-text">{t('changes.legend')}</legend>
        <For each={props.list}>
          {(change) => (
            <label class="device-choice">
              <input
                type="checkbox"
                checked={props.chosen.has(change.key)}
                onChange={() => toggle(change.key)}
              />
              <span>{sentenceOf(change)}</span>
            </label>
          )}
        </For>
      </fieldset>
    </Show>
  );
}

function sentenceOf({ kind, title, to }: ShownChange): string {
  const quoted = title === '' ? t('changes.sealed') : t('changes.quoted', { title });
  if (kind === 'renamed' && to === '') return t('change.resealed', { title: quoted });
  const where = to === '' ? t('changes.top') : t('changes.quoted', { title: to ?? '' });
  return t(`change.${kind}`, { title: quoted, to: where });
}
