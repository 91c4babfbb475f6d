import type { Attrs, Schema } from 'prosemirror-model';

/** Most columns or rows that one cell may cover. */
const WIDEST = 100;

/**
 * Has a schema make nodes of attributes that others wrote: y-prosemirror hands them on as they are. One of another kind than its
 * `validate` says counts as not given, and a cell covers no more than a table can show. The shared document is not changed by it.
 */
export function takeStrangeAttributes(schema: Schema): void {
  const node = schema.node.bind(schema);
  schema.node = (type, attrs, ...rest) =>
    node(type, attrs && known(schema, typeof type === 'string' ? type : type.name, attrs), ...rest);
}

function known(schema: Schema, name: string, attrs: Attrs): Attrs {
  const specs = schema.nodes[name]?.spec.attrs ?? {};
  return Object.fromEntries(
    Object.entries(attrs)
      .filter(([key, value]) => isKnown(specs[key]?.validate, value))
      .map(narrow),
  );
}

function isKnown(validate: unknown, value: unknown): boolean {
  if (typeof validate !== 'string') return true;
  return typeof value === validate && (validate !== 'number' || Number.isFinite(value));
}

function narrow([key, value]: [string, unknown]): [string, unknown] {
  if (key === 'colspan' || key === 'rowspan')
    return [key, Number.isInteger(value) ? Math.min(Math.max(Number(value), 1), WIDEST) : 1];
  if (key !== 'colwidth') return [key, value];
  const isWidths =
    Array.isArray(value) && value.every((one) => Number.isInteger(one) && one > 0 && one < 1e4);
  return [key, isWidths ? value : null];
}
