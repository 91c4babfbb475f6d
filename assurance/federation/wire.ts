import { IsletError } from '../../shared/errors.ts';
import { routes } from '../../shared/routes.ts';
import type { Answer, SafeFetch } from '../../relay/identity/safe-fetch.ts';
import type { VirtualTime } from './virtual-time.ts';

/** Whoever answers under a name. @throws Error when nobody is there */
export type Door = (path: string, body: string | undefined) => Promise<Answer>;

export interface Wire {
  readonly doors: Map<string, Door>;
  /** What happened to requests for an inbox. */
  readonly seen: Readonly<Record<'requests' | 'lost' | 'doubled' | 'late' | 'busy', number>>;
  /** Nothing is lost, doubled or late any more. */
  heal(): void;
  /** Requests that come later. */
  underWay(): number;
  readonly fetch: SafeFetch;
}

export interface WireShares {
  readonly lost: number;
  readonly doubled: number;
  readonly late: number;
  /** Answered with 429. */
  readonly busy: number;
}

const busy: Answer = { status: 429, headers: { 'retry-after': '120' }, bytes: Buffer.from('{"error":{}}') };
/** What is late comes so much later at most, in milliseconds; the sender has long given up by then. */
const latest = 600_000;
const deadline = 30_000;

/** Between all relays: loses requests and answers, brings them twice, and late, behind others that were sent later. */
export function createWire(
  time: VirtualTime,
  { lost, doubled, late, busy: isBusy }: WireShares,
  dice: () => number,
): Wire {
  const doors = new Map<string, Door>();
  const seen = { requests: 0, lost: 0, doubled: 0, late: 0, busy: 0 };
  let isBad = true;
  let underWay = 0;
  const chance = (share: number) => isBad && dice() < share;

  const knock = (host: string, path: string, body: string | undefined): Promise<Answer> => {
    const door = doors.get(host);
    if (!door) return Promise.reject(new IsletError('E-NET-FAILED', `${host} is not reached`));
    return time.busy(door(path, body));
  };
  const knockLater = async (host: string, path: string, body: string | undefined): Promise<void> => {
    underWay += 1;
    await time.pause(dice() * latest);
    // Nobody waits for this answer.
    await knock(host, path, body).catch(() => undefined);
    underWay -= 1;
  };
  const fetch = async (host: string, path: string, body: string | undefined): Promise<Answer> => {
    // Keys are asked for in the middle of work for which the clock waits.
    if (path !== routes.inbox) return knock(host, path, body);
    await time.pause(5 + dice() * 200);
    seen.requests += 1;
    if (chance(late)) {
      seen.late += 1;
      void knockLater(host, path, body);
      return fail(host, deadline);
    }
    if (chance(isBusy)) {
      seen.busy += 1;
      return busy;
    }
    if (chance(doubled)) {
      seen.doubled += 1;
      void knockLater(host, path, body);
    }
    if (!chance(lost)) return knock(host, path, body);
    seen.lost += 1;
    // Half of the time it is the answer that is lost.
    if (dice() < 0.5) await knock(host, path, body).catch(() => undefined);
    return fail(host, 1_000);
  };
  const fail = async (host: string, after: number): Promise<never> => {
    await time.pause(after);
    throw new IsletError('E-NET-FAILED', `${host} did not answer`);
  };

  const guarded = (host: string, path: string, { body, signal }: { body?: string; signal?: AbortSignal }) =>
    Promise.race([
      fetch(host, path, body),
      new Promise<never>((_, reject) =>
        signal?.addEventListener('abort', () => reject(new IsletError('E-NET-FAILED', 'given up'))),
      ),
    ]);
  return {
    ...{ doors, seen, underWay: () => underWay },
    heal: () => void (isBad = false),
    fetch: Object.assign(guarded, { close: () => Promise.resolve() }),
  };
}
