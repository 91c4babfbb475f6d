import { createDice } from '../shared/test/seeded.ts';

/** One edit of one character, on one flat text. Places are UTF-16 code units. */
export interface Edit {
  readonly at: number;
  /** 0 or 1. */
  readonly removed: number;
  /** One character, or none. */
  readonly inserted: string;
}

/** As many as the editing trace B4 of crdt-benchmarks has, of which this one has the shape. */
const B4_EDITS = 259_778;
/** What part of B4's edits takes a character away. */
const B4_REMOVALS = 77_463 / B4_EDITS;
/** A line is about so long. */
const LINE = 100;

const letters = 'eeeeeeetttttaaaaooooiiiinnnnsssrrrhhhllddccuummffppggwwyybbvk';

/**
 * Somebody writes a long text letter by letter: in runs, mostly where the last one ended, now and then elsewhere, and takes back
 * three of ten. The same for the same seed.
 */
export function createTrace(seed = 4, edits = B4_EDITS): readonly Edit[] {
  const dice = createDice(seed);
  const trace: Edit[] = [];
  let length = 0;
  let caret = 0;
  let removals = 0;
  const type = (): void => {
    trace.push({ at: caret, removed: 0, inserted: pickLetter(dice) });
    caret += 1;
    length += 1;
  };
  const takeBack = (): void => {
    caret -= 1;
    length -= 1;
    removals += 1;
    trace.push({ at: caret, removed: 1, inserted: '' });
  };
  while (trace.length < edits) {
    caret = jump(caret, length, dice);
    const removes = removals < trace.length * B4_REMOVALS && caret > 0;
    const run = 1 + Math.floor(-Math.log(1 - dice()) * (removes ? 8 : 19));
    for (let i = 0; i < run && trace.length < edits; i++) {
      if (!removes) type();
      else if (caret > 0) takeBack();
    }
  }
  return trace;
}

function pickLetter(dice: () => number): string {
  if (dice() < 1 / LINE) return '\n';
  if (dice() < 1 / 6) return ' ';
  return letters[Math.floor(dice() * letters.length)] ?? 'e';
}

/** Mostly one stays, or goes a few words away; sometimes to the end; seldom anywhere. */
function jump(caret: number, length: number, dice: () => number): number {
  const kind = dice();
  if (kind < 0.55) return caret;
  if (kind < 0.85) return Math.max(0, Math.min(length, caret + Math.floor((dice() - 0.5) * 120)));
  return kind < 0.95 ? length : Math.floor(dice() * (length + 1));
}
