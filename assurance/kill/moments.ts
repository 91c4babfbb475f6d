import { setTimeout as pause } from 'node:timers/promises';
import { inject, type Threads, untilGone } from '../trace/inject.ts';
import type { Said } from './journal.ts';

/** What a moment is chosen with. */
export interface Target {
  readonly pid: number;
  kill(): Promise<void>;
  /** Is called at each line of a log, from when it is set until the next one is. */
  onSaid(listener: (said: Said) => void): void;
  readonly dice: () => number;
}

/** When a relay is killed: `arm` is called before the load begins, and what it gives is done when the relay is dead. */
export interface Moment {
  readonly name: string;
  arm(target: Target): Promise<() => Promise<void>>;
}

/** Milliseconds after which a moment that does not come is not waited for. */
const patience = 3000;

/** Whenever. */
const anyTime: Moment = {
  name: 'at any time',
  arm: ({ kill, dice }) =>
    Promise.resolve(async () => {
      await pause(5 + dice() * 150);
      await kill();
    }),
};

/** As soon as an actor has noted this for the so-and-so-many-th time, before it does anything else. */
function uponLine(name: string, isIt: (said: Said) => boolean): Moment {
  return {
    name,
    arm({ onSaid, kill, dice }) {
      const come = Promise.withResolvers<void>();
      let left = 1 + Math.floor(dice() * 4);
      onSaid((said) => {
        if (isIt(said) && --left === 0) kill().then(come.resolve, come.reject);
      });
      return Promise.resolve(async () => {
        const stop = new AbortController();
        await Promise.race([come.promise, pause(patience, undefined, { signal: stop.signal })]);
        stop.abort();
        await kill();
      });
    },
  };
}

const acked = (store: string) => (said: Said) => said.say === 'ack' && said.store === store;
const intended = (store: string) => (said: Said) => said.say === 'intend' && said.store === store;

/** Moments that can be seen from outside. */
export const outerMoments: readonly Moment[] = [
  anyTime,
  uponLine('when rows are acknowledged', acked('rows')),
  uponLine('when actions are acknowledged', acked('actions')),
  uponLine('when a blob is acknowledged', acked('blobs')),
  anyTime,
  uponLine('when rows are about to be pushed', intended('rows')),
  uponLine('when an action is about to be sent', intended('actions')),
  uponLine('when a blob is about to be sent', intended('blobs')),
];

/** Instead of a system call of the relay: that call is not done any more. */
function uponCall(name: string, calls: string, threads: Threads, most: number): Moment {
  return {
    name,
    async arm({ pid, kill, dice }) {
      const nth = 1 + Math.floor(dice() * most);
      const { end } = await inject({ pid, threads, calls, what: 'signal=KILL', nth });
      return async () => {
        await untilGone(pid, patience);
        await kill();
        await end();
      };
    },
  };
}

/** Steps inside, by the call that comes next. */
export const innerMoments: readonly Moment[] = [
  uponCall('before a page of the database is written', 'pwrite64', 'main', 40),
  uponCall('before the database is synced', 'fsync,fdatasync', 'main', 8),
  uponCall('before bytes leave on a socket', 'write,writev,sendto,sendmsg', 'main', 60),
  uponCall('before a file is opened', 'openat', 'pool', 4),
  uponCall('before a file is written', 'pwrite64,writev', 'pool', 3),
  uponCall('before a file or its folder is synced', 'fsync,fdatasync', 'pool', 4),
  uponCall('before a blob gets its name', 'rename', 'pool', 2),
  uponCall('before a folder is made', 'mkdir', 'pool', 2),
];
