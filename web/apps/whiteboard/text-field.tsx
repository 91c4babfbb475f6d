import { createMemo, onCleanup, onMount, Show } from 'solid-js';
import { bindText } from '../../client/documents/bind-text.ts';
import { t } from '../../i18n/whiteboard/translate.ts';
import { focusObject } from './object-list.tsx';
import { resized } from './model/geometry.ts';
import { type Shown, textOf } from './model/objects.ts';
import { textHeight, textSize } from './model/shapes.ts';
import { lineHeight } from './model/wrap-text.ts';
import type { StageState } from './stage-state.ts';

/** The field above an object whose words are being written. */
export function TextField(props: { state: StageState }) {
  const object = createMemo(() => props.state.byId().get(props.state.editing() ?? ''));
  return (
    <Show when={object()?.id} keyed>
      {(id) => <Field id={id} object={object()} state={props.state} />}
    </Show>
  );
}

function Field(props: { id: string; object: Shown | undefined; state: StageState }) {
  const { state } = props;
  let field: HTMLTextAreaElement | undefined;
  const place = () => {
    const [view, box] = [state.view(), props.object?.box ?? { x: 0, y: 0, w: 1, h: 1 }];
    const plain = props.object?.kind === 'text';
    return {
      left: `${(box.x - view.x) * view.zoom}px`,
      top: `${(box.y - view.y) * view.zoom}px`,
      width: `${box.w * view.zoom}px`,
      height: `${Math.max(box.h, plain ? textSize * lineHeight : 24) * view.zoom}px`,
      transform: props.object?.turn ? `rotate(${props.object.turn}deg)` : undefined,
      'font-size': `${(plain ? textSize : 18) * view.zoom}px`,
    };
  };
  const grow = () => {
    const object = state.byId().get(props.id);
    if (object?.kind !== 'text') return;
    const h = textHeight(object.text, object.box.w);
    if (h !== object.box.h)
      state.change((change) => change.setBox(props.id, resized(object, { ...object.box, h })));
  };
  const end = () => {
    const object = state.byId().get(props.id);
    state.edit(undefined);
    if (object?.kind === 'text' && object.text.trim() === '')
      state.change((change) => change.remove([props.id]));
  };
  onMount(() => {
    const text = textOf(state.app.doc, props.id);
    if (!field || !text) return;
    onCleanup(bindText(field, text, state.app.origin));
    const input = field;
    // After the press that opened it has ended.
    requestAnimationFrame(
      () => (input.focus(), input.setSelectionRange(input.value.length, input.value.length)),
    );
  });
  return (
    <textarea
      ref={field}
      class="white-field"
      classList={{ plain: props.object?.kind === 'text' }}
      aria-label={t('white.words')}
      style={place()}
      onInput={grow}
      onBlur={end}
      onKeyDown={(event) => {
        const command = event.ctrlKey || event.metaKey;
        if (command && event.key.toLowerCase() === 'z') {
          event.preventDefault();
          if (event.shiftKey) state.app.redo();
          else state.app.undo();
        }
        if (event.key !== 'Escape' && !(command && event.key === 'Enter')) return;
        event.preventDefault();
        event.stopPropagation();
        end();
        focusObject(props.id);
      }}
    />
  );
}
