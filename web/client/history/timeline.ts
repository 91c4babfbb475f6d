import * as Y from 'yjs';

/** One update on its way into a history. */
export interface Change {
  readonly update: Uint8Array;
  /** did:key of a device, `@<id tag>` of a guest; empty for what this device noted itself. */
  readonly author: string;
  /** Milliseconds since 1970, by the author's clock. */
  readonly at: number;
  /** `base`: stands for what was forgotten. `noted`: not sent yet, so nobody signed it. */
  readonly kind: 'signed' | 'vouched' | 'base' | 'noted';
}

export type Step = Omit<Change, 'update'>;

/** Every state that a document had, one for each change that brought something. */
export interface Timeline {
  /** All that ever was in it: nothing that was deleted is dropped. Not to be changed. */
  readonly doc: Y.Doc;
  readonly steps: readonly Step[];
  /** What was there behind the first `count` steps. */
  seek(count: number): Y.Snapshot;
  /** The step that brought a piece of content; undefined for what came otherwise. */
  stepOf(client: number, clock: number): number | undefined;
  /** Indexes of the given changes that brought nothing new. */
  readonly idle: readonly number[];
  close(): void;
}

/** Between two of these, steps are added up. */
const checkpointEvery = 256;
/** Changes that are applied between two pauses. */
const atOnce = 200;

interface Difference {
  /** Where the clocks of the clients that wrote stand afterwards. */
  readonly clocks: readonly (readonly [client: number, clock: number])[];
  readonly deleted: DeleteSet;
}

type DeleteSet = Y.Snapshot['ds'];

/** Which step brought the clocks up to `end`; ascending. */
interface Span {
  readonly end: number;
  readonly step: number;
}

/**
 * Plays changes in their order, from nothing. One that waits for an earlier one shows when that is there, as it did then. What cannot be
 * read is passed over.
 * @param pause lets others work meanwhile
 */
export async function openTimeline(
  changes: readonly Change[],
  pause: () => Promise<void> = () => Promise.resolve(),
): Promise<Timeline> {
  const doc = new Y.Doc({ gc: false });
  const steps: Step[] = [];
  const idle: number[] = [];
  const spans = new Map<number, Span[]>();
  const seeker = createSeeker();
  for (const [i, { update, ...step }] of changes.entries()) {
    if (i % atOnce === atOnce - 1) await pause();
    const difference = play(doc, update);
    if (!difference) {
      idle.push(i);
      continue;
    }
    for (const [client, end] of difference.clocks) {
      const own = spans.get(client);
      if (own) own.push({ end, step: steps.length });
      else spans.set(client, [{ end, step: steps.length }]);
    }
    steps.push(step);
    seeker.add(difference);
  }
  return {
    ...{ doc, steps, idle },
    seek: (count) => seeker.seek(count),
    stepOf: (client, clock) => spans.get(client)?.[upperBound(spans.get(client)!, clock)]?.step,
    close: () => doc.destroy(),
  };
}

/** Steps of one author belong together when no more than `gap` milliseconds lie between two, and `span` between the first and the last. */
const together = { gap: 30_000, span: 300_000 };

/**
 * The moments at which people look: what somebody wrote in one go is one.
 * @returns for each the number of steps up to its end
 */
export function findMoments(steps: readonly Step[]): number[] {
  const ends: number[] = [];
  let first: Step | undefined;
  for (const [i, step] of steps.entries()) {
    const last = steps[i - 1];
    const goesOn =
      first &&
      last &&
      step.author === last.author &&
      step.kind === last.kind &&
      Math.abs(step.at - last.at) <= together.gap &&
      Math.abs(step.at - first.at) <= together.span;
    if (goesOn) ends[ends.length - 1] = i + 1;
    else {
      first = step;
      ends.push(i + 1);
    }
  }
  return ends;
}

/** Index of the first span that ends behind the clock. */
function upperBound(spans: readonly Span[], clock: number): number {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle]!.end > clock) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** @returns undefined when nothing changed by it */
function play(doc: Y.Doc, update: Uint8Array): Difference | undefined {
  const seen: { difference?: Difference } = {};
  const origin = {};
  const watch = (transaction: Y.Transaction): void => {
    // Yjs tidies up in transactions of its own, which are no part of what somebody wrote.
    if (transaction.origin === origin) seen.difference = readDifference(transaction);
  };
  doc.on('afterTransaction', watch);
  try {
    Y.applyUpdate(doc, update, origin);
  } catch {
    return undefined;
  } finally {
    doc.off('afterTransaction', watch);
  }
  const { difference } = seen;
  return difference && (difference.clocks.length > 0 || difference.deleted.clients.size > 0)
    ? difference
    : undefined;
}

function readDifference({ beforeState, afterState, deleteSet }: Y.Transaction): Difference {
  const clocks = [...afterState].filter(([client, clock]) => beforeState.get(client) !== clock);
  return { clocks, deleted: Y.mergeDeleteSets([deleteSet]) };
}

function createSeeker() {
  const differences: Difference[] = [];
  const checkpoints: Y.Snapshot[] = [Y.emptySnapshot];
  const seek = (count: number): Y.Snapshot => {
    const from = Math.min(Math.floor(count / checkpointEvery), checkpoints.length - 1);
    const start = checkpoints[from]!;
    const passed = differences.slice(from * checkpointEvery, count);
    const vector = new Map(start.sv);
    for (const { clocks } of passed) for (const [client, clock] of clocks) vector.set(client, clock);
    const deleted = Y.mergeDeleteSets([start.ds, ...passed.map((one) => one.deleted)]);
    return Y.createSnapshot(deleted, vector);
  };
  return {
    seek,
    add(difference: Difference): void {
      differences.push(difference);
      if (differences.length % checkpointEvery === 0) checkpoints.push(seek(differences.length));
    },
  };
}
