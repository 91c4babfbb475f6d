/** By how much the limits are multiplied: `on`, `off` (Infinity), or a number such as `0.5`. Undefined when it is none. */
export function parseFactor(text: string): number | undefined {
  if (text === 'on') return 1;
  if (text === 'off') return Infinity;
  return /^\d{1,6}(\.\d{1,6})?$/.test(text) && Number(text) > 0 ? Number(text) : undefined;
}

const units = ['B', 'K', 'M', 'G', 'T'];

/** `10GiB`, `500 MB`, `1.5TiB`, `1048576`: powers of 1024 with an `i`, of 1000 without. Undefined when it is no size. */
export function parseBytes(text: string): number | undefined {
  const [, number, unit, i] = /^(\d{1,15}(?:\.\d{1,6})?) ?(?:([KMGT])(i?)B|B)?$/i.exec(text) ?? [];
  const power = unit === undefined ? 0 : units.indexOf(unit.toUpperCase());
  const bytes = Math.floor(Number(number) * (i ? 1024 : 1000) ** power);
  return number !== undefined && Number.isSafeInteger(bytes) && bytes > 0 ? bytes : undefined;
}
