import Pencil from 'lucide-solid/icons/pencil';
import X from 'lucide-solid/icons/x';
import { useNavigate } from '@solidjs/router';
import { createEffect, createSignal, on, onCleanup, Show } from 'solid-js';
import { t } from '../../i18n/companions/translate.ts';
import { provideNavigation } from '../../state/linked.ts';
import {
  companions,
  finding,
  focusMode,
  panel,
  reading,
  setFinding,
  setFocusMode,
  setPanel,
  setReadingMode,
  type Companions,
  type PanelName,
} from '../../state/text-panels.ts';
import { Segments } from '../../ui/segments.tsx';
import { CommentsPanel } from './comments-panel.tsx';
import { FindBar } from './find-bar.tsx';
import { LinksPanel } from './links-panel.tsx';
import { OutlinePanel } from './outline-panel.tsx';
import './companions.css';

const wide = matchMedia('(min-width: 768px)');

/** What stands beside a text, what finds in it, and how one reads. */
export default function Beside() {
  createEffect(() => {
    if (focusMode()) document.documentElement.dataset['focus'] = '';
    else delete document.documentElement.dataset['focus'];
  });
  // Of another document nothing is looked for yet, and nothing covers it.
  createEffect(
    on(
      () => companions()?.id,
      () => {
        setFinding(false);
        if (!wide.matches) setPanel(undefined);
      },
    ),
  );
  onCleanup(provideNavigation(useNavigate()));
  onCleanup(() => {
    setFocusMode(false);
    delete document.documentElement.dataset['focus'];
  });
  return (
    <Show when={companions()}>
      {(beside) => (
        <>
          <Show when={finding()}>
            <FindBar beside={beside()} />
          </Show>
          <Rail beside={beside()} />
          <Show when={reading() && beside().mayWrite()}>
            <button type="button" class="button primary edit-pill" onClick={() => edit(beside())}>
              <Pencil size={18} />
              {t('mode.edit')}
            </button>
          </Show>
          <Show when={focusMode()}>
            <button type="button" class="button focus-leave" onClick={() => setFocusMode(false)}>
              {t('focus.leave')}
            </button>
          </Show>
        </>
      )}
    </Show>
  );
}

/** In one go with the tap: a browser shows its keyboard only then. */
function edit(beside: Companions): void {
  setReadingMode(false, true);
  beside.focus();
}

/** A rail where there is room; on a phone a sheet over the lower half, with the text still in reach above it. */
function Rail(props: { beside: Companions }) {
  const [hasRoom, setRoom] = createSignal(wide.matches);
  const onChange = () => setRoom(wide.matches);
  wide.addEventListener('change', onChange);
  onCleanup(() => wide.removeEventListener('change', onChange));
  let head: HTMLButtonElement | undefined;
  createEffect(() => {
    if (panel() !== undefined && !hasRoom() && props.beside.comments.draft() === undefined) head?.focus();
  });
  const close = () => {
    props.beside.comments.cancel();
    props.beside.comments.show(undefined);
    setPanel(undefined);
    // On a phone the focus in the text would bring the keyboard.
    if (hasRoom()) props.beside.focus();
    else document.querySelector<HTMLElement>('.comments-button')?.focus();
  };
  return (
    <Show when={panel()}>
      {(name) => (
        <div
          class="beside"
          classList={{ 'beside-rail': hasRoom(), 'beside-sheet': !hasRoom() }}
          role={hasRoom() ? 'complementary' : 'dialog'}
          aria-label={t('panel.label')}
          onKeyDown={(event) => {
            if (event.key !== 'Escape' || event.defaultPrevented) return;
            event.preventDefault();
            close();
          }}
        >
          <div class="beside-head">
            <Segments<PanelName>
              label={t('panel.label')}
              value={name()}
              choices={(['comments', 'outline', 'links'] as const).map((value) => ({
                value,
                label: t(`panel.${value}`),
              }))}
              onChange={setPanel}
            />
            <button
              ref={head}
              type="button"
              class="icon-button"
              aria-label={t('panel.close')}
              onClick={close}
            >
              <X size={18} />
            </button>
          </div>
          <Chosen beside={props.beside} />
        </div>
      )}
    </Show>
  );
}

function Chosen(props: { beside: Companions }) {
  return (
    <>
      <Show when={panel() === 'comments'}>
        <CommentsPanel
          id={props.beside.id}
          comments={props.beside.comments}
          focusText={() => props.beside.focus()}
        />
      </Show>
      <Show when={panel() === 'outline'}>
        <OutlinePanel outline={props.beside.outline} />
      </Show>
      <Show when={panel() === 'links'}>
        <LinksPanel id={props.beside.id} />
      </Show>
    </>
  );
}
