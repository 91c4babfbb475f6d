import { type Accessor, createEffect, createSignal, on } from 'solid-js';
import {
  keepShown,
  nothingSelected,
  selectAll,
  type Selection,
  selectOne,
  selectRange,
  stepTo,
  toggleOne,
} from './selection.ts';

export interface Choosing {
  readonly chosen: Accessor<ReadonlySet<string>>;
  /** The chosen ones in the order shown. */
  readonly ids: Accessor<string[]>;
  /** Where the keyboard is; the first entry before it was anywhere. */
  readonly active: Accessor<string | undefined>;
  /** Whether a finger choosing is under way: a tap then chooses instead of opening. */
  readonly touching: Accessor<boolean>;
  set(next: Selection): void;
  /** The keyboard is there now, by Tab or a click; nothing is chosen by it. */
  arrive(id: string): void;
  one(id: string): void;
  toggle(id: string): void;
  range(id: string, add: boolean): void;
  clear(): void;
  /** A key that moves or chooses; returns whether it was one. */
  onKey(event: KeyboardEvent, shape: { columns: number; page: number; rtl: boolean }): boolean;
}

/** The selection over a list that changes under it. `onMove` shows and focuses the entry that a key led to. */
export function createChoosing(shown: Accessor<string[]>, onMove: (id: string) => void): Choosing {
  const [selection, set] = createSignal<Selection>(nothingSelected);
  const [touching, setTouching] = createSignal(false);
  createEffect(on(shown, (ids, before) => void set((now) => keepShown(now, ids, before ?? ids))));
  createEffect(() => selection().chosen.size === 0 && setTouching(false));
  const active = () => selection().active ?? shown()[0];

  const stepBy = (event: KeyboardEvent, shape: { columns: number; page: number; rtl: boolean }) => {
    const ids = shown();
    const at = ids.indexOf(selection().active ?? '');
    const id = ids[stepTo(event.key, at, { count: ids.length, ...shape }) ?? -1];
    if (id === undefined) return false;
    if (event.shiftKey) set(selectRange(selection(), ids, id));
    else if (event.ctrlKey || event.metaKey) set({ ...selection(), active: id });
    else set(selectOne(id));
    onMove(id);
    return true;
  };
  return {
    chosen: () => selection().chosen,
    ids: () => shown().filter((id) => selection().chosen.has(id)),
    active,
    touching,
    set,
    arrive: (id) => selection().active !== id && set({ ...selection(), active: id }),
    one: (id) => set(selectOne(id)),
    toggle(id) {
      setTouching(true);
      set(toggleOne(selection(), id));
    },
    range: (id, add) => set(selectRange(selection(), shown(), id, add)),
    clear: () => set({ ...selection(), chosen: new Set() }),
    onKey(event, shape) {
      const id = active();
      if (event.key === ' ' && id !== undefined) set(toggleOne(selection(), id));
      else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) set(selectAll(selection(), shown()));
      else if (event.key === 'Escape' && selection().chosen.size > 0) this.clear();
      else return !event.altKey && stepBy(event, shape);
      return true;
    },
  };
}
