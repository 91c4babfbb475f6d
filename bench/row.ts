/** One comparison: two ways to do the same thing on the same input, measured in the same run. */
export interface Row {
  readonly name: string;
  /** What is done, in a sentence. */
  readonly what: string;
  readonly ours: string;
  readonly theirs: string;
  /** Unit of one sample. */
  readonly unit: string;
  readonly target: Target;
  /** Where the time goes, as a profile of this row showed: said while the target is missed. */
  readonly spent?: string;
  /** It starts what lies in `bench/node_modules`, which is installed before. */
  readonly needsPeers?: boolean;
  readonly measure: () => Promise<Samples>;
}

/** What is enough: of the ratio ours ÷ compared with, or (`limit`) of ours itself, in the unit of the row, at most that. */
export type Target = { readonly atMost: number } | { readonly atLeast: number } | { readonly limit: number };

/** One number a round from each side, in the order measured. */
export interface Samples {
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
}

export interface Side {
  readonly median: number;
  /** The middle half of the rounds lies between these. */
  readonly low: number;
  readonly high: number;
}

export interface Result {
  readonly name: string;
  readonly unit: string;
  readonly rounds: number;
  readonly ours: Side;
  readonly theirs: Side;
  /** Ours ÷ theirs, the median of the rounds' own ratios: what disturbs a round disturbs both sides of it. */
  readonly ratio: Side;
  readonly target: Target;
  /** By how much the target was missed, as a share of it: 0.5 is half as much again. 0 when it was met. */
  readonly missed: number;
}

/** Linear interpolation between the two nearest ranks. */
export function quantile(samples: readonly number[], q: number): number {
  if (samples.length === 0) throw new RangeError('no samples');
  const sorted = samples.toSorted((a, b) => a - b);
  const at = q * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return below + (above - below) * (at - Math.floor(at));
}

function toSide(samples: readonly number[]): Side {
  return { median: quantile(samples, 0.5), low: quantile(samples, 0.25), high: quantile(samples, 0.75) };
}

/** @returns by how much, as a share of the target; 0 when it is met */
export function missedBy(target: Target, ours: number, ratio: number): number {
  if ('atLeast' in target) return Math.max(0, 1 - ratio / target.atLeast);
  const [figure, most] = 'limit' in target ? [ours, target.limit] : [ratio, target.atMost];
  if (figure <= most) return 0;
  return most === 0 ? Infinity : figure / most - 1;
}

type Named = Pick<Row, 'name' | 'unit' | 'target'>;

export function summarise({ name, unit, target }: Named, { ours, theirs }: Samples): Result {
  if (ours.length !== theirs.length) throw new RangeError('both sides have as many rounds');
  const ratios = ours.map((sample, round) => sample / theirs[round]!);
  const [side, ratio] = [toSide(ours), toSide(ratios)];
  return {
    ...{ name, unit, target, rounds: ours.length },
    ...{ ours: side, theirs: toSide(theirs), ratio },
    missed: missedBy(target, side.median, ratio.median),
  };
}

/**
 * Runs both sides by turns, the order exchanged every round, so that heat and neighbours of this process fall on both.
 * Each gives the milliseconds that one round took; a first pair is thrown away.
 */
export async function alternate(
  rounds: number,
  ours: () => Promise<number>,
  theirs: () => Promise<number>,
): Promise<Samples> {
  await ours();
  await theirs();
  const samples = { ours: [] as number[], theirs: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? (['ours', 'theirs'] as const) : (['theirs', 'ours'] as const);
    for (const side of order) samples[side].push(await (side === 'ours' ? ours() : theirs()));
  }
  return samples;
}
