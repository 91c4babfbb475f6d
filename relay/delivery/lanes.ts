/**
 * Does one piece of work of a lane. @returns milliseconds until there may be more (0: at once), undefined when the lane
 * is empty
 */
export type Step = (key: string) => Promise<number | undefined>;

/** Independent queues, one a key: each does one thing at a time, and none waits for another. */
export interface Lanes {
  /** There is something new in the lane. */
  wake(key: string): void;
  close(): Promise<void>;
}

interface Lane {
  running: Promise<void> | undefined;
  again: boolean;
  timer: NodeJS.Timeout | undefined;
}

/** Longest sleep before the clock is looked at again, and the pause after a failure of our own, in milliseconds. */
const longestSleep = 60_000;
const pauseAfterError = 5_000;

export function createLanes(step: Step, report: (error: unknown) => void): Lanes {
  const lanes = new Map<string, Lane>();
  let closed = false;

  const work = async (key: string, lane: Lane): Promise<void> => {
    while (!closed) {
      lane.again = false;
      const pause = await step(key).catch((error: unknown) => {
        report(error);
        return pauseAfterError;
      });
      if (pause === 0 || lane.again) continue;
      lane.running = undefined;
      if (pause === undefined) lanes.delete(key);
      else if (!closed) lane.timer = setTimeout(wake, Math.min(pause, longestSleep), key);
      return;
    }
  };

  const wake = (key: string): void => {
    if (closed) return;
    const lane = lanes.get(key) ?? { running: undefined, again: false, timer: undefined };
    lanes.set(key, lane);
    clearTimeout(lane.timer);
    lane.again = true;
    lane.running ??= work(key, lane);
  };

  return {
    wake,
    async close() {
      closed = true;
      const all = [...lanes.values()];
      for (const { timer } of all) clearTimeout(timer);
      await Promise.all(all.map(({ running }) => running ?? Promise.resolve()));
    },
  };
}
