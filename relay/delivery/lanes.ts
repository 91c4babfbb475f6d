import { createPlaces, type Places, type Slowness } from './places.ts';

/**
 * Does one piece of work of a lane. @returns milliseconds until there may be more (0: at once), undefined when the lane
 * is empty
 * @param signal fires when the work takes a place for too long that others wait for: it may be given up
 */
export type Step = (key: string, signal: AbortSignal) => Promise<number | undefined>;

/** Independent queues, one a key: each does one thing at a time, and none waits for one that hangs. */
export interface Lanes {
  /** There is something new in the lane. */
  wake(key: string): void;
  /** Lanes that wait for a place. */
  waiting(): number;
  close(): Promise<void>;
}

export interface LaneOptions {
  readonly slowness?: Slowness;
}

interface Lane {
  state: 'resting' | 'waiting' | 'running';
  again: boolean;
  timer: NodeJS.Timeout | undefined;
}

/** Longest sleep before the clock is looked at again, and the pause after a failure of our own, in milliseconds. */
const longestSleep = 60_000;
const pauseAfterError = 5_000;

export function createLanes(
  step: Step,
  report: (error: unknown) => void,
  { slowness = () => 0 }: LaneOptions = {},
): Lanes {
  const lanes = new Map<string, Lane>();
  const places: Places = createPlaces(slowness, (key, signal) => work(key, signal));
  let closed = false;

  /** One piece of work, then to the end of the line again: a lane with much to do does not hold up one with little. */
  const work = async (key: string, signal: AbortSignal): Promise<void> => {
    const lane = lanes.get(key)!;
    Object.assign(lane, { state: 'running', again: false });
    const pause = await step(key, signal).catch((error: unknown) => {
      if (!closed) report(error);
      return pauseAfterError;
    });
    lane.state = 'resting';
    if (closed) return;
    if (pause === 0 || lane.again) queue(key, lane);
    else if (pause === undefined) lanes.delete(key);
    else lane.timer = setTimeout(wake, Math.min(pause, longestSleep), key);
  };

  const queue = (key: string, lane: Lane): void => {
    clearTimeout(lane.timer);
    lane.state = 'waiting';
    places.queue(key);
  };

  const wake = (key: string): void => {
    if (closed) return;
    const lane: Lane = lanes.get(key) ?? { state: 'resting', again: false, timer: undefined };
    lanes.set(key, lane);
    lane.again = true;
    if (lane.state === 'resting') queue(key, lane);
  };

  return {
    wake,
    waiting: places.waiting,
    async close() {
      closed = true;
      for (const { timer } of lanes.values()) clearTimeout(timer);
      await places.close();
    },
  };
}
