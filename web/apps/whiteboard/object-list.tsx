import { createMemo, For } from 'solid-js';
import { t } from '../../i18n/whiteboard/translate.ts';
import { boundsOf } from './model/geometry.ts';
import { isLine, type Shown, readingOrder } from './model/objects.ts';
import { type StageState, revealing } from './stage-state.ts';

/** What an object is called: its kind, with its words, what it joins, or its colour. */
export function objectName(object: Shown, byId: ReadonlyMap<string, Shown>): string {
  const kind = t(`kind.${object.kind}`);
  const text = object.text.replace(/\s+/g, ' ').trim();
  if (text !== '') return t('object.named', { kind, text: text.slice(0, 80) });
  const nameOf = (id: string | undefined): string => {
    const bound = byId.get(id ?? '');
    if (!bound || isLine(bound.kind)) return '…';
    return bound.text.replace(/\s+/g, ' ').trim().slice(0, 40) || t(`kind.${bound.kind}`);
  };
  const { from, to } = object;
  if (isLine(object.kind) && (from.id ?? to.id) !== undefined)
    return t('object.between', { kind, from: nameOf(from.id), to: nameOf(to.id) });
  return object.kind === 'image' ? kind : t('object.colored', { kind, color: t(`color.${object.color}`) });
}

/** So many are listed of a board that has more: those around what is chosen. */
const listed = 300;

function nearest(ids: readonly string[], chosen: ReadonlySet<string>): readonly string[] {
  if (ids.length <= listed) return ids;
  const at = ids.findIndex((id) => chosen.has(id));
  const from = Math.max(0, Math.min(at - listed / 2, ids.length - listed));
  return ids.slice(from, from + listed);
}

/** Every object as a button that is not seen, in the order of reading: what has the focus is chosen on the stage. */
export function ObjectList(props: { state: StageState; keysId: string }) {
  const { state } = props;
  const all = createMemo(() =>
    readingOrder(state.objects().filter(({ id }) => id !== 'draft')).map(({ id }) => id),
  );
  const ids = createMemo(() => nearest(all(), state.selected()));
  const onFocus = (id: string) => {
    if (!state.selected().has(id)) state.select([id]);
    const object = state.byId().get(id);
    if (object) state.setView(revealing(state.view(), state.size(), boundsOf(object)));
  };
  /** Space takes one more, or leaves it out. */
  const onSpace = (event: KeyboardEvent, id: string) => {
    if (event.key !== ' ') return;
    event.preventDefault();
    const chosen = state.selected();
    state.select(
      chosen.size > 1 && chosen.has(id) ? [...chosen].filter((one) => one !== id) : [...chosen, id],
    );
  };
  return (
    <ul role="list" class="white-objects" aria-label={t('white.objects')}>
      <For each={ids()}>
        {(id) => (
          <li>
            <button
              type="button"
              data-for={id}
              aria-pressed={state.selected().has(id)}
              aria-describedby={props.keysId}
              onFocus={() => onFocus(id)}
              onKeyDown={(event) => onSpace(event, id)}
            >
              {objectName(state.byId().get(id) ?? state.objects()[0]!, state.byId())}
            </button>
          </li>
        )}
      </For>
    </ul>
  );
}

/** Gives the focus to an object by its id. */
export function focusObject(id: string | undefined): void {
  if (id === undefined) return;
  queueMicrotask(() =>
    document.querySelector<HTMLElement>(`.white-objects [data-for="${CSS.escape(id)}"]`)?.focus(),
  );
}
