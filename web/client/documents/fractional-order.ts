const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** Longer ones are no order of ours: what others write is not grown without end. */
const LONGEST = 1000;

/**
 * A place in a row as it was written (SPEC J15): digits of a fraction in base 62. What is none counts as the very first; zeros at the
 * end say nothing.
 */
export function readOrder(value: unknown): string {
  if (typeof value !== 'string' || value.length > LONGEST || !/^[0-9A-Za-z]*$/.test(value)) return '';
  return value.replace(/0+$/, '');
}

/** A place for what is put at `index` into a row whose places are `orders`, in order. Of equal ones it comes after the last. */
export function orderAt(orders: readonly string[], index: number): string {
  const before = orders[index - 1] ?? '';
  return orderBetween(
    before,
    orders.slice(index).find((order) => order > before),
  );
}

/** A place after `a` (empty: from the beginning) and before `b` (undefined: up to the end). */
export function orderBetween(a: string, b?: string): string {
  if (b === undefined) return orderAfter(a);
  let same = 0;
  while (same < b.length && (a[same] ?? '0') === b[same]) same += 1;
  if (same === b.length) return orderAfter(a);
  if (same > 0) return b.slice(0, same) + orderBetween(a.slice(same), b.slice(same));
  const [low, high] = [digitOf(a), digitOf(b)];
  if (high - low > 1) return digits[Math.round((low + high) / 2)]!;
  return b.length > 1 ? b[0]! : digits[low]! + orderAfter(a.slice(1));
}

/** So many places in a row, in order: each half of them on its side of the middle, which keeps all of them short. */
export function ordersBetween(a: string, b: string | undefined, count: number): string[] {
  if (count === 0) return [];
  const middle = orderBetween(a, b);
  const before = Math.floor(count / 2);
  return [...ordersBetween(a, middle, before), middle, ...ordersBetween(middle, b, count - before - 1)];
}

/** By one digit each time, so that a row that grows at its end keeps its places short. */
function orderAfter(a: string): string {
  if (a === '') return 'V';
  const low = digitOf(a);
  return low < digits.length - 1 ? digits[low + 1]! : a[0]! + orderAfter(a.slice(1));
}

function digitOf(text: string): number {
  return text === '' ? 0 : digits.indexOf(text[0]!);
}

/** Compares by place, what is equal by id, so that every device sees one row. */
export function byOrder(a: { order: string; id: string }, b: { order: string; id: string }): number {
  if (a.order !== b.order) return a.order < b.order ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
