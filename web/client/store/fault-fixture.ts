import { vi } from 'vitest';
import { counted } from '../../../shared/test/counted.ts';

/** What a browser says when a disk is full, closed, blocked or damaged. */
const reasons = ['QuotaExceededError', 'InvalidStateError', 'UnknownError', 'AbortError'] as const;

/**
 * `once`: one call is refused, the next works. `broken`: from one call on every call is refused. `given-up`: one call begins and its
 * transaction is given up, as a full disk does it when what was written is to last.
 */
export const faultKinds = ['once', 'broken', 'given-up'] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Faults {
  /** Ends them. */
  stop(): void;
  /** How many calls failed. */
  planted(): number;
}

type Call = (this: object, ...args: unknown[]) => unknown;
type Requests = Record<string, Call>;

/** Calls of IndexedDB that read or write. */
const requests = (): [Requests, readonly string[]][] => {
  const reading = ['get', 'getKey', 'getAll', 'getAllKeys', 'count', 'openCursor', 'openKeyCursor'];
  return [
    [IDBObjectStore.prototype as never, [...reading, 'put', 'add', 'delete', 'clear']],
    [IDBIndex.prototype as never, reading],
    [IDBCursor.prototype as never, ['update', 'delete']],
  ];
};
const transactions = (): [Requests, readonly string[]] => [IDBDatabase.prototype as never, ['transaction']];
const openings = (): [Requests, readonly string[]] => [IDBFactory.prototype as never, ['open']];

/** What Dexie could not open again stays closed until the page is loaded anew: where all is broken, databases still open. */
const callsOf = (kind: FaultKind): [Requests, readonly string[]][] => {
  if (kind === 'given-up') return requests();
  return [...requests(), transactions(), ...(kind === 'once' ? [openings()] : [])];
};

/** Lets calls of IndexedDB fail from now on, the `from`-th first (from 1). */
export function plantFaults(from: number, kind: FaultKind): Faults {
  let calls = 0;
  let failed = 0;
  const isDue = (): boolean => {
    if (isSilent(kind)) return false;
    calls += 1;
    return kind === 'broken' ? calls >= from : calls === from;
  };
  const plant = (owner: Requests, name: string): { mockRestore: () => void } => {
    const original = owner[name] as Call;
    const faulty: Call = function (...args) {
      if (!isDue()) return original.apply(this, args);
      failed += 1;
      if (kind !== 'given-up') throw new DOMException('planted', reasons[(from + failed) % reasons.length]);
      const request = original.apply(this, args);
      transactionOf(this)?.abort();
      return request;
    };
    return vi.spyOn(owner, name).mockImplementation(faulty);
  };
  const spies = callsOf(kind).flatMap(([owner, names]) => names.map((name) => plant(owner, name)));
  return { stop: () => spies.forEach((spy) => spy.mockRestore()), planted: () => failed };
}

function transactionOf(owner: object): IDBTransaction | null {
  if (owner instanceof IDBObjectStore) return owner.transaction;
  if (owner instanceof IDBIndex) return owner.objectStore.transaction;
  if (!(owner instanceof IDBCursor)) return null;
  const { source } = owner;
  return source instanceof IDBIndex ? source.objectStore.transaction : source.transaction;
}

/**
 * fake-indexeddb begins the transaction of an upgrade by itself. y-indexeddb keeps a failure of its own to itself: in loading a deadline ends
 * its silence, and a write that is given up is found missing.
 */
function isSilent(kind: FaultKind): boolean {
  const stack = new Error('where').stack ?? '';
  if (stack.includes('waitForOthersClosed')) return true;
  return stack.includes('y-indexeddb') && (kind === 'given-up' || !stack.includes('_storeUpdate'));
}

/** One run of a story. */
export interface Trial {
  readonly number: number;
  /** Runs what may fail; true when it rejected, with an error. */
  fails(act: () => Promise<unknown>): Promise<boolean>;
}

/** More calls than any story makes. */
const most = 500;

/**
 * Tells a story again and again: with its first call of IndexedDB failing, then the second, until nothing fails any more.
 * @returns how often something failed
 */
export async function failEach(kind: FaultKind, story: (trial: Trial) => Promise<void>): Promise<number> {
  for (let from = 1; from < most; from++) {
    let planted = 0;
    const fails = async (act: () => Promise<unknown>): Promise<boolean> => {
      const faults = plantFaults(from, kind);
      try {
        return await wasTold(act());
      } finally {
        faults.stop();
        planted += faults.planted();
      }
    };
    await story({ number: from, fails });
    if (planted === 0) {
      counted('calls of a browser’s storage that fail', from - 1);
      return from - 1;
    }
  }
  throw new Error('the story has no end');
}

/** True when it rejected, with an error. */
export function wasTold(act: Promise<unknown>): Promise<boolean> {
  return act.then(
    () => false,
    (error: unknown) => error instanceof Error || error instanceof DOMException,
  );
}
