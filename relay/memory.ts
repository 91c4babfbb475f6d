import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as v from 'valibot';

interface Collection {
  readonly type: 'minor' | 'major';
  readonly flavor?: 'last-resort';
}

const gcSchema = v.custom<(options: Collection) => void>((found) => typeof found === 'function');

let gc: v.InferOutput<typeof gcSchema> | undefined;

/** Node has it only behind a flag, which is taken back. */
function collect(options: Collection): void {
  if (!gc) {
    setFlagsFromString('--expose-gc');
    gc = v.parse(gcSchema, runInNewContext('gc'));
    setFlagsFromString('--no-expose-gc');
  }
  gc(options);
}

/** Lets go of what came into being a moment ago and is needed no more. */
export function collectYoung(): void {
  collect({ type: 'minor' });
}

/** Lets go of everything that is needed no more, and gives its pages back to the system at once: about a tenth of a second. */
export function collectAll(): void {
  collect({ type: 'major', flavor: 'last-resort' });
}

/** Milliseconds of work after which there is something to let go of, and between two looks. */
const enough = 250;
export const restLook = 2_000;
/** Whoever works less than this between two looks, in milliseconds, rests. */
const atRest = 20;

export interface RestParts {
  /** Milliseconds for which this thread has worked since it began. */
  readonly worked: () => number;
  readonly collect: () => void;
}

/**
 * The engine leaves what a burst of work has made lying about until it needs the room, which in a relay that rests is never: a third
 * of the memory. @returns looks whether there was work and it is over, and collects then
 */
export function createRest({ worked, collect: collectNow }: RestParts): () => void {
  let [before, collected] = [0, 0];
  return () => {
    const now = worked();
    const isResting = now - before < atRest;
    before = now;
    if (!isResting || now - collected < enough) return;
    collectNow();
    before = collected = worked();
  };
}
