/** One look at a process. */
export interface Sample {
  /** Seconds since the load began. */
  readonly at: number;
  /** Bytes. */
  readonly memory: number;
  /** File descriptors. */
  readonly open: number;
  /** Bytes of the log of the database that is not in it yet. */
  readonly log: number;
}

/** Least squares: by how much `y` grows with each unit of `x`. @returns 0 for fewer than two places */
export function slopeOf(points: readonly { readonly x: number; readonly y: number }[]): number {
  const mean = (of: 'x' | 'y') => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [x, y] = [mean('x'), mean('y')];
  const spread = points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
  if (!(spread > 0)) return 0;
  return points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0) / spread;
}

/** Megabytes a minute that memory may grow by under load, bytes of the log, and descriptors more than at the beginning. */
export const allowed = { growth: 2, log: 64e6, descriptors: 8 };
/** Bytes of memory at rest: what the bench measures a relay against, 90 MiB. */
export const restLimit = 90 * 2 ** 20;

/** What is wrong with how a process went through its load: the beginning, a third, is for warming up. */
export function judgeSoak(samples: readonly Sample[]): string[] {
  const wrong: string[] = [];
  const late = samples.slice(Math.floor(samples.length / 3));
  const first = late[0];
  if (!first || late.length < 6) return ['there are too few samples'];
  const growth = (slopeOf(late.map(({ at, memory }) => ({ x: at, y: memory }))) * 60) / 1e6;
  if (growth > allowed.growth) wrong.push(`memory grows by ${growth.toFixed(1)} MB a minute`);
  const most = Math.max(...late.map(({ open }) => open));
  if (most > first.open + allowed.descriptors) wrong.push(`descriptors went from ${first.open} to ${most}`);
  const log = Math.max(...late.map((sample) => sample.log));
  if (log > allowed.log) wrong.push(`the log of the database has ${Math.round(log / 1e6)} MB`);
  return wrong;
}
