/**
 * Who may run now (SPEC Q4). Most work is done in a moment; some hangs, and looks the same at first. So there are three kinds of
 * places: *quick* ones, *lingering* ones for what has outlasted the patience in a quick one, and *slow* ones with all the time
 * it takes. When the lingering ones are full, what lingers longest is given up, and goes to the end of the line. There is twice the
 * patience with it the next time, since it may be we who are slow; after some times it waits for a slow place. Thus what
 * hangs costs a quick place little, however much of it there is.
 */
export interface Places {
  /** Runs as soon as there is a place; what waits goes in the order it came. */
  queue(key: string): void;
  waiting(): number;
  /** Gives up what runs and waits for its end; what waits does not run any more. */
  close(): Promise<void>;
}

export const placeCounts = { quick: 512, lingering: 128, slow: 64 } as const;

type Kind = keyof typeof placeCounts;

/** How often a lane was given up in a row; from `chances` on it is slow. */
export type Slowness = (key: string) => number;
const chances = 3;

/** Milliseconds: the first guess of how long a piece of work usually takes, and limits of the patience. */
const firstGuess = 600;
const patience = { least: 250, most: 5_000 };

interface Run {
  kind: Kind;
  readonly began: number;
  /** So often it was given up before. */
  readonly times: number;
  readonly cutter: AbortController;
  ended: Promise<void>;
  timer: NodeJS.Timeout | undefined;
}

/** @param work never rejects */
export function createPlaces(
  slowness: Slowness,
  work: (key: string, signal: AbortSignal) => Promise<void>,
): Places {
  const lines = { quick: new Set<string>(), slow: new Set<string>() };
  const taken = { quick: 0, lingering: 0, slow: 0 };
  const runs = new Set<Run>();
  let usual = firstGuess;
  let closed = false;

  const start = (key: string, kind: 'quick' | 'slow'): void => {
    lines[kind].delete(key);
    const run: Run = {
      ...{ kind, began: performance.now(), times: slowness(key), cutter: new AbortController() },
      ...{ ended: Promise.resolve(), timer: undefined },
    };
    taken[kind] += 1;
    runs.add(run);
    if (kind === 'quick') watch(run);
    run.ended = work(key, run.cutter.signal).then(() => {
      clearTimeout(run.timer);
      taken[run.kind] -= 1;
      runs.delete(run);
      if (slowness(key) === 0) usual += (performance.now() - run.began - usual) / 16;
      fill();
    });
  };

  const watch = (run: Run): void => {
    const once = Math.min(Math.max(2 * usual, patience.least), patience.most);
    run.timer = setTimeout(linger, once * 2 ** run.times, run);
  };

  const linger = (run: Run): void => {
    // Work that cannot be given up keeps its place in the end.
    if (taken.lingering >= 2 * placeCounts.lingering) return watch(run);
    if (taken.lingering >= placeCounts.lingering) firstLingering(runs)?.cutter.abort();
    // What joins last stands last: the set is in the order of lingering.
    runs.delete(run);
    runs.add(run);
    taken.quick -= 1;
    taken.lingering += 1;
    run.kind = 'lingering';
    fill();
  };

  const fill = (): void => {
    for (const kind of ['quick', 'slow'] as const)
      for (const key of lines[kind]) {
        if (closed || taken[kind] >= placeCounts[kind]) break;
        start(key, kind);
      }
  };

  return {
    queue(key) {
      lines[slowness(key) < chances ? 'quick' : 'slow'].add(key);
      fill();
    },
    waiting: () => lines.quick.size + lines.slow.size,
    async close() {
      closed = true;
      for (const { cutter } of runs) cutter.abort();
      await Promise.all([...runs].map(({ ended }) => ended));
    },
  };
}

function firstLingering(runs: ReadonlySet<Run>): Run | undefined {
  for (const run of runs) if (run.kind === 'lingering' && !run.cutter.signal.aborted) return run;
  return undefined;
}
