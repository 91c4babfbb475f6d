import { vi } from 'vitest';

/** Clock and timers of this process stand still but for `step`: weeks of waiting pass in seconds. */
export interface VirtualTime {
  /** Milliseconds since 1970. */
  now(): number;
  pause(ms: number): Promise<void>;
  /** Work that takes real time, such as a signature: the clock waits for it. */
  busy<T>(work: Promise<T>): Promise<T>;
  /** Lets everything of this moment happen, then goes on to the next timers. @returns false when nothing waits for any */
  step(): Promise<boolean>;
  close(): void;
}

/** Timers that are so close together, in milliseconds, fire in one step. */
const grain = 25;
/** Turns of the event loop in which nothing new began: then the moment is over. */
const quiet = 4;

export function openVirtualTime(start: number): VirtualTime {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'], now: start });
  let open = 0;
  let rest: (() => void) | undefined;
  const settle = async (): Promise<void> => {
    for (let turns = 0; turns < quiet; turns++) {
      await new Promise((resolve) => setImmediate(resolve));
      if (open === 0) continue;
      await new Promise<void>((resolve) => (rest = resolve));
      turns = 0;
    }
  };
  return {
    now: Date.now,
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    busy(work) {
      open += 1;
      return work.finally(() => {
        open -= 1;
        if (open === 0) rest?.();
      });
    },
    async step() {
      await settle();
      if (vi.getTimerCount() === 0) return false;
      vi.advanceTimersToNextTimer();
      vi.advanceTimersByTime(grain);
      return true;
    },
    close: () => void vi.useRealTimers(),
  };
}
