const base = 36;
const tMin = 1;
const tMax = 26;
const digits = 'abcdefghijklmnopqrstuvwxyz0123456789';

function adapt(delta: number, points: number, first: boolean): number {
  let left = first ? Math.floor(delta / 700) : delta >> 1;
  left += Math.floor(left / points);
  let k = 0;
  for (; left > ((base - tMin) * tMax) >> 1; k += base) left = Math.floor(left / (base - tMin));
  return k + Math.floor(((base - tMin + 1) * left) / (left + 38));
}

/** One generalised variable-length integer (RFC 3492 §3.3): its value and where the next one begins. */
function readDelta(text: string, from: number, bias: number): [delta: number, next: number] | undefined {
  let delta = 0;
  for (let at = from, weight = 1, k = base; at < text.length; at++, k += base) {
    const digit = digits.indexOf(text[at]!);
    if (digit < 0) return undefined;
    delta += digit * weight;
    const threshold = Math.min(Math.max(k - bias, tMin), tMax);
    if (digit < threshold) return [delta, at + 1];
    weight *= base - threshold;
  }
  return undefined;
}

/**
 * What stands behind `xn--` in an A-label, as text; undefined when it is not Punycode (RFC 3492 §6.2).
 * Browsers refuse such names and Node does not, so both ask here.
 */
export function decodePunycode(text: string): string | undefined {
  const hyphen = text.lastIndexOf('-');
  const points = [...text.slice(0, Math.max(hyphen, 0))].map((character) => character.codePointAt(0)!);
  let [point, index, bias] = [128, 0, 72];
  for (let at = hyphen + 1; at < text.length;) {
    const read = readDelta(text, at, bias);
    if (!read) return undefined;
    const [delta, next] = read;
    const length = points.length + 1;
    bias = adapt(delta, length, index === 0 && point === 128);
    index += delta;
    point += Math.floor(index / length);
    index %= length;
    if (point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) return undefined;
    points.splice(index++, 0, point);
    at = next;
  }
  return String.fromCodePoint(...points);
}
