import { RelayUnreachable } from './relay/relay-api.ts';

/** Work that is done when somebody asks for it. */
export interface Repeater {
  ask(): void;
  stop(): void;
}

/** Pause between attempts to reach the relay, in milliseconds. */
const retryAfter = 5_000;

/** Runs `work` when asked, once at a time; asked again meanwhile it runs once more. A relay that is away is tried again later. */
export function createRepeater(work: () => Promise<void>, onFailure: (error: unknown) => void): Repeater {
  let running = false;
  let again = false;
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  async function run(): Promise<void> {
    running = true;
    clearTimeout(timer);
    do {
      again = false;
      try {
        await work();
      } catch (error) {
        if (stopped) break;
        if (!(error instanceof RelayUnreachable)) onFailure(error);
        else timer = setTimeout(ask, retryAfter);
      }
    } while (again && !stopped);
    running = false;
  }
  function ask(): void {
    if (running) again = true;
    else if (!stopped) void run();
  }
  return {
    ask,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
