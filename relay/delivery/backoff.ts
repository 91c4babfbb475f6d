import type { Random } from '../../shared/bytes.ts';

const first = 10_000;
const longest = 12 * 3_600_000;
/** After so many tries a delivery is set aside. */
export const maxTries = 50;

/** Milliseconds to wait after the n-th failure in a row: 10 s·2ⁿ, at most 12 h, half of it by chance. */
export function backoff(failures: number, random: Random): number {
  const full = Math.min(first * 2 ** Math.max(failures - 1, 0), longest);
  return Math.round(full * (0.5 + random(1)[0]! / 512));
}

/** Milliseconds of a `Retry-After` header (RFC 9110 §10.2.3), at most 12 h; undefined when there is none. */
export function parseRetryAfter(header: string | string[] | undefined, now: number): number | undefined {
  if (typeof header !== 'string') return undefined;
  const at = /^\d+$/.test(header) ? now + Number(header) * 1000 : Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.min(Math.max(at - now, 0), longest);
}
