import { setTimeout as pause } from 'node:timers/promises';
import { createDice } from '../../shared/test/seeded.ts';
import type { Actor } from './actors.ts';
import type { Said } from './journal.ts';
import type { Moment } from './moments.ts';
import { openScene, type Scene } from './scene.ts';

export interface Play {
  /** Empty; the logs are in `logs` below it afterwards. */
  readonly folder: string;
  readonly seed: number;
  /** One kill for each. */
  readonly moments: readonly Moment[];
}

/**
 * A relay that is killed again and again while devices and a neighbour are at it; in the end all that was open is answered.
 * @returns bytes of files that were brought, and that the relay counts
 */
export async function playHistory({ folder, seed, moments }: Play): ReturnType<Scene['storage']> {
  let listener: (said: Said) => void = () => undefined;
  const scene = await openScene({ folder, seed, heard: (said) => listener(said) });
  const dice = createDice(seed);
  const { kill } = scene;
  const onSaid = (heard: typeof listener) => void (listener = heard);
  try {
    for (const moment of moments) {
      const untilDead = await moment.arm({ pid: scene.pid(), kill, onSaid, dice });
      await loadUntil(scene.actors, untilDead());
      listener = () => undefined;
      await scene.restart();
      await scene.look();
    }
    await scene.settle();
    await scene.look();
    return await scene.storage();
  } finally {
    await scene.close();
  }
}

/** All of them go on, and again when they are thrown back, until the relay is dead. */
async function loadUntil(actors: readonly Actor[], dead: Promise<void>): Promise<void> {
  let alive = true;
  const goOn = async (actor: Actor) => {
    // A relay that is gone is what this is about; what it answers instead shows in what was acknowledged.
    while (alive) await actor.step(true).catch(() => pause(5));
  };
  const going = actors.map(goOn);
  await dead.finally(() => (alive = false));
  await Promise.all(going);
}
