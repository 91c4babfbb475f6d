import { createUniqueId, Show } from 'solid-js';
import { formatNumber } from '../../i18n/translate.ts';
import { t } from '../../i18n/whiteboard/translate.ts';
import type { AppDocument } from '../../state/app-document.ts';
import { random } from '../../state/documents.ts';
import { ChosenTools } from './chosen-tools.tsx';
import { Head } from './head.tsx';
import { onWhiteboardKey } from './keys.ts';
import { ObjectList } from './object-list.tsx';
import { createPictures, insertPicture } from './pictures.ts';
import { Stage } from './stage.tsx';
import { type StageState, createStageState } from './stage-state.ts';
import { TextField } from './text-field.tsx';
import { Tools, middle } from './tools.tsx';
import './whiteboard.css';

/** A whiteboard: a plane without end, drawn on by pointer, finger and keys. */
export function WhiteboardView(props: { app: AppDocument }) {
  const state = createStageState(props.app, random);
  const pictureUrl = createPictures((blob) => props.app.loadBlob(blob));
  const keysId = createUniqueId();
  return (
    <section
      class="white"
      tabindex="-1"
      aria-label={t('white.label')}
      onKeyDown={(event) => onWhiteboardKey(event, state)}
      onDragOver={(event) => event.dataTransfer?.types.includes('Files') && event.preventDefault()}
      onDrop={(event) => onDrop(event, state)}
      onPaste={(event) => onPaste(event, state)}
    >
      <Head state={state} />
      <Show when={props.app.newer()}>
        <p class="document-notice white-notice">{t('white.newer')}</p>
      </Show>
      <Show when={state.drawn().left > 0}>
        <p class="document-notice white-notice">
          {t('white.left', { count: formatNumber(state.drawn().left) })}
        </p>
      </Show>
      <div class="white-plane">
        <Stage state={state} pictureUrl={pictureUrl} />
        <TextField state={state} />
        <Show when={state.objects().length === 0 && props.app.writable()}>
          <p class="white-empty">{t('white.empty')}</p>
        </Show>
      </div>
      <Show when={props.app.writable()}>
        <div class="white-bars">
          <ChosenTools state={state} />
          <Tools state={state} />
        </div>
      </Show>
      <p class="visually-hidden" id={keysId}>
        {t('white.keys')}
      </p>
      <ObjectList state={state} keysId={keysId} />
      <div class="visually-hidden" role="status" aria-live="polite">
        {state.said()}
      </div>
    </section>
  );
}

function insertAll(files: readonly File[], state: StageState, at: { x: number; y: number }): void {
  const pictures = files.filter((file) => file.type.startsWith('image/'));
  const all = pictures.map((file, index) =>
    insertPicture(state, file, { x: at.x + index * 30, y: at.y + index * 30 }),
  );
  Promise.all(all).catch((error: unknown) => state.app.onError(error));
}

function onDrop(event: DragEvent, state: StageState): void {
  const files = [...(event.dataTransfer?.files ?? [])];
  if (files.length === 0) return;
  event.preventDefault();
  const stage = document.querySelector('.white-stage')?.getBoundingClientRect();
  const view = state.view();
  insertAll(files, state, {
    x: view.x + (event.clientX - (stage?.left ?? 0)) / view.zoom,
    y: view.y + (event.clientY - (stage?.top ?? 0)) / view.zoom,
  });
}

function onPaste(event: ClipboardEvent, state: StageState): void {
  if (event.target instanceof HTMLElement && event.target.matches('input, textarea')) return;
  const files = [...(event.clipboardData?.files ?? [])];
  if (files.length > 0) insertAll(files, state, middle(state));
}
