import { RelayUnreachable } from '../relay/relay-api.ts';
import type { Renewal, Standing } from './renewal.ts';

/** Pauses between two looks, in milliseconds: while all is well, and while this device waits for something. */
const pauses = { in: 10 * 60_000, waiting: 15_000 };

interface TendOptions {
  /** This device may speak again. */
  onBack: () => void;
  /** Neither an answer nor silence. */
  onFailure: (error: unknown) => void;
}

/** Looks after the keys of this device, until it is stopped. */
export interface Tending {
  /** Looks now. */
  ask(): void;
  stop(): void;
}

export function tendWhile(renewal: Pick<Renewal, 'tend'>, { onBack, onFailure }: TendOptions): Tending {
  let last: Standing['kind'] = 'in';
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  let running = false;

  async function look(): Promise<void> {
    if (running || stopped) return;
    running = true;
    clearTimeout(timer);
    let waits = true;
    try {
      const { kind } = await renewal.tend();
      waits = kind !== 'in';
      if (!waits && last !== 'in') onBack();
      last = kind;
    } catch (error) {
      if (!(error instanceof RelayUnreachable)) onFailure(error);
    }
    running = false;
    if (!stopped) timer = setTimeout(ask, waits ? pauses.waiting : pauses.in);
  }
  const ask = (): void => void look();
  ask();
  return {
    ask,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
