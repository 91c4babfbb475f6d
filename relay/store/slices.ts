/** Rows or ids a statement: SQLite takes 32,766 variables, and no table here has more than 20 columns. */
const size = 500;

/** The list in parts that one statement can take; nothing for an empty list. */
export function* slices<T>(list: readonly T[]): Generator<T[]> {
  for (let start = 0; start < list.length; start += size) yield list.slice(start, start + size);
}
