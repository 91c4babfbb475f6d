import { describe, expect, test } from 'vitest';
import { IsletError } from '../../shared/errors.ts';
import { createWaitingLines } from './waiting-lines.ts';

const patient = new AbortController().signal;
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** Somebody who wants to go out, and says so when it is the turn. */
function openDoor(limits: Parameters<typeof createWaitingLines>[0]) {
  const lines = createWaitingLines(limits);
  const out: string[] = [];
  const leaves = new Map<string, () => void>();
  const enter = async (who: string, signal = patient): Promise<void> => {
    leaves.set(who, await lines.enter(who.charAt(0), signal));
    out.push(who);
  };
  const leave = async (who: string): Promise<void> => {
    leaves.get(who)?.();
    await settle();
  };
  return { out, enter, leave };
}

describe('N5: waiting lines', () => {
  test('of one name only so many are out; the next goes when one comes back', async () => {
    const { out, enter, leave } = openDoor({ each: 2, all: 10, waiting: 10 });
    const all = Promise.all(['a1', 'a2', 'a3', 'a4', 'b1'].map((who) => enter(who)));
    await settle();
    expect(out).toEqual(['a1', 'a2', 'b1']);
    await leave('a2');
    expect(out).toEqual(['a1', 'a2', 'b1', 'a3']);
    await leave('a1');
    await all;
    expect(out.at(-1)).toBe('a4');
  });

  test('names take turns for the last places, however long the line of one is', async () => {
    const { out, enter, leave } = openDoor({ each: 2, all: 2, waiting: 10 });
    const all = Promise.all(['a1', 'a2', 'a3', 'a4', 'b1', 'c1'].map((who) => enter(who)));
    await settle();
    for (const who of ['a1', 'a2', 'a3', 'b1']) await leave(who);
    await all;
    expect(out).toEqual(['a1', 'a2', 'a3', 'b1', 'c1', 'a4']);
  });

  test('a full line is refused at once; who gives up makes room in it and takes no place', async () => {
    const { out, enter, leave } = openDoor({ each: 1, all: 9, waiting: 1 });
    const impatient = new AbortController();
    await enter('a1');
    const second = enter('a2', impatient.signal);
    await expect(enter('a3')).rejects.toBeInstanceOf(IsletError);
    impatient.abort();
    await expect(second).rejects.toThrow('given up');
    const fourth = enter('a4');
    await leave('a1');
    await fourth;
    expect(out).toEqual(['a1', 'a4']);
  });
});
