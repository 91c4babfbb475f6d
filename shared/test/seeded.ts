import { env } from 'node:process';
import fc from 'fast-check';
import { counted } from './counted.ts';

const defaultSeed = 20_260_101;

/** The seed of this run: `ISLET_SEED`, else a fixed one, so that a plain run is always the same. */
export const seed = Number(env.ISLET_SEED ?? defaultSeed);

/** `ISLET_RUNS=10` makes every property ten times as long. */
const factor = Number(env.ISLET_RUNS ?? 1);

/**
 * Runs a property with the seed of this run. A failure names the seed, the path and the smallest example;
 * repeat it with `ISLET_SEED=<seed>`.
 */
export async function holds<T>(
  property: fc.IRawProperty<T>,
  { runs = 200 }: { runs?: number } = {},
): Promise<void> {
  await fc.assert(property, { seed, numRuns: runs * factor });
  counted('random examples', runs * factor);
}

/** A small repeatable generator (mulberry32) for loops that are no property: numbers in [0, 1). */
export function createDice(from = seed): () => number {
  let state = from >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Random bytes of a device that are the same in every run, and others for another seed. */
export function createBytes(from: number): (n: number) => Uint8Array<ArrayBuffer> {
  const dice = createDice(from);
  return (n) => Uint8Array.from({ length: n }, () => Math.floor(dice() * 256));
}
