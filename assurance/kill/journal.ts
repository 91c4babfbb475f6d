import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Line } from './auditor.ts';

/** A line without its time. */
export type Said = Line extends infer One ? (One extends Line ? Omit<One, 'at'> : never) : never;

/** The log of one actor: each line is in its file before the next thing is done. */
export interface Journal {
  say(said: Said): void;
}

/** @param heard is told of each line once it is written */
export function openJournal(folder: string, actor: string, heard: (said: Said) => void): Journal {
  const file = join(folder, `${actor}.jsonl`);
  return {
    say(said) {
      appendFileSync(file, `${JSON.stringify({ at: performance.now(), ...said })}\n`);
      heard(said);
    },
  };
}
