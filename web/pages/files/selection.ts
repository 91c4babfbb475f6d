/** What is selected in a list, where the keyboard is, and where a range began. Ids throughout. */
export interface Selection {
  readonly chosen: ReadonlySet<string>;
  readonly active: string | undefined;
  readonly anchor: string | undefined;
}

export const nothingSelected: Selection = { chosen: new Set(), active: undefined, anchor: undefined };

/** Only this one. */
export function selectOne(id: string): Selection {
  return { chosen: new Set([id]), active: id, anchor: id };
}

/** This one changes sides, the others stay. */
export function toggleOne(now: Selection, id: string): Selection {
  const chosen = new Set(now.chosen);
  if (!chosen.delete(id)) chosen.add(id);
  return { chosen, active: id, anchor: id };
}

/** From where the last choice was made to this one, in the order shown; `add` keeps what was chosen besides. */
export function selectRange(now: Selection, ids: readonly string[], id: string, add = false): Selection {
  const from = Math.max(0, ids.indexOf(now.anchor ?? now.active ?? id));
  const to = ids.indexOf(id);
  const [low, high] = from < to ? [from, to] : [to, from];
  const chosen = new Set(add ? now.chosen : []);
  for (const each of ids.slice(low, high + 1)) chosen.add(each);
  return { chosen, active: id, anchor: ids[from] ?? id };
}

export function selectAll(now: Selection, ids: readonly string[]): Selection {
  return { chosen: new Set(ids), active: now.active ?? ids[0], anchor: ids[0] };
}

/** Without ids that are not shown any more; the keyboard goes to the neighbour of the one it stood on. */
export function keepShown(now: Selection, ids: readonly string[], before: readonly string[]): Selection {
  const shown = new Set(ids);
  const chosen = new Set([...now.chosen].filter((id) => shown.has(id)));
  const active = nearest(now.active, shown, before);
  if (chosen.size === now.chosen.size && active === now.active) return now;
  return { chosen, active, anchor: now.anchor !== undefined && shown.has(now.anchor) ? now.anchor : active };
}

function nearest(
  id: string | undefined,
  shown: ReadonlySet<string>,
  before: readonly string[],
): string | undefined {
  if (id === undefined || shown.has(id)) return id;
  const at = before.indexOf(id);
  return (
    before.slice(at + 1).find((each) => shown.has(each)) ??
    before.slice(0, Math.max(0, at)).findLast((each) => shown.has(each))
  );
}

/**
 * The index that a key leads to in a list of `count`, `columns` in a row; undefined for a key that does not move. `page` is
 * how many rows the window shows. Without a place yet every moving key leads to the first.
 */
export function stepTo(
  key: string,
  at: number,
  { count, columns, page, rtl = false }: { count: number; columns: number; page: number; rtl?: boolean },
): number | undefined {
  const side = rtl ? -1 : 1;
  const step = {
    ArrowDown: columns,
    ArrowUp: -columns,
    ArrowRight: columns > 1 ? side : undefined,
    ArrowLeft: columns > 1 ? -side : undefined,
    PageDown: page * columns,
    PageUp: -page * columns,
    Home: -at,
    End: count - 1 - at,
  }[key];
  if (step === undefined || count === 0) return undefined;
  if (at < 0) return 0;
  const to = at + step;
  if (to >= 0 && to < count) return to;
  // A step over the edge stays where it is, but a whole page leads to the edge; a short last row is reached too.
  if (key === 'PageUp') return 0;
  if (key === 'PageDown') return count - 1;
  const lastRow = Math.floor((count - 1) / columns);
  return key === 'ArrowDown' && Math.floor(at / columns) < lastRow ? count - 1 : at;
}
