import { afterEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { createDice } from '../../../shared/test/seeded.ts';
import { bombUpdate, deletion, flipBit, gapUpdate } from './hostile-updates-fixture.ts';
import { createParser, type Parser, ParserBroken } from './parser.ts';

const room = 'alice.test abcdefghijklmnopqrstuvwx';
const begin = { kind: 'load', room, updates: [], begins: true, ends: true } as const;

let parser: Parser | undefined;
afterEach(async () => {
  await parser?.close();
  parser = undefined;
});

function write(words: string, client = 1): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = client;
  doc.getText('text').insert(0, words);
  return Y.encodeStateAsUpdate(doc);
}

const stateOf = async (of: Parser): Promise<string> => {
  const reply = await of.run({ kind: 'state', room });
  if (reply.kind !== 'bytes') return reply.kind;
  const doc = new Y.Doc();
  Y.applyUpdate(doc, reply.bytes);
  return doc.getText('text').toString();
};

describe('the thread that reads documents', () => {
  test('Z4: tells what was new, and that nothing was', async () => {
    parser = createParser();
    expect(await parser.run({ kind: 'vector', room })).toEqual({ kind: 'absent' });
    expect(await parser.run(begin)).toMatchObject({ kind: 'loaded' });
    const update = write('Hello');
    expect(await parser.run({ kind: 'apply', room, update })).toEqual({ kind: 'applied', news: update });
    expect(await parser.run({ kind: 'apply', room, update })).toEqual({ kind: 'applied' });
    expect(await stateOf(parser)).toBe('Hello');
  });

  test('Z4: what waits for an earlier edit is new once, and is there when that comes', async () => {
    parser = createParser();
    await parser.run(begin);
    const doc = new Y.Doc();
    const updates: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array) => updates.push(update));
    doc.getText('text').insert(0, 'a');
    doc.getText('text').insert(1, 'b');
    const apply = (update: Uint8Array) => parser!.run({ kind: 'apply', room, update });
    expect(await apply(updates[1]!)).toMatchObject({ kind: 'applied', news: updates[1] });
    expect(await apply(updates[1]!)).toEqual({ kind: 'applied' });
    expect(await stateOf(parser)).toBe('');
    await apply(updates[0]!);
    expect(await stateOf(parser)).toBe('ab');
  });

  test('Z4, Z10: flipped bits and cut ends are refused or harmless; the document lives on (600 mutants)', async () => {
    parser = createParser();
    await parser.run({ ...begin, updates: [write('The quick brown fox')] });
    const thread = parser.thread;
    const dice = createDice();
    const good = write('jumps over the lazy dog', 2);
    let refused = 0;
    for (let i = 0; i < 600; i++) {
      const update = i % 3 === 0 ? good.slice(0, Math.floor(dice() * good.length)) : flipBit(good, dice);
      const reply = await parser.run({ kind: 'apply', room, update });
      if (reply.kind === 'refused') refused++;
      else expect(['applied', 'absent']).toContain(reply.kind);
      if ((await stateOf(parser)) === 'absent')
        await parser.run({ ...begin, updates: [write('The quick brown fox')] });
    }
    expect(refused).toBeGreaterThan(100);
    await parser.run({ kind: 'apply', room, update: write('still here', 99) });
    expect(await stateOf(parser)).toContain('still here');
    expect(parser.thread).toBe(thread);
  });

  test('Z4: clocks that nobody could count on from are refused', async () => {
    parser = createParser();
    await parser.run({ ...begin, updates: [write('Words')] });
    const apply = (update: Uint8Array) => parser!.run({ kind: 'apply', room, update });
    for (const [clock, length] of [
      [0, 2 ** 32],
      [2 ** 32, 1],
      [2 ** 52, 2 ** 52],
    ] as const) {
      expect(await apply(gapUpdate(clock, length))).toMatchObject({ kind: 'refused' });
      expect(await apply(deletion(clock, length))).toMatchObject({ kind: 'refused' });
    }
    expect(await stateOf(parser)).toBe('Words');
  });

  test('Z4: an update of version 2 is refused, or is nothing', async () => {
    parser = createParser();
    await parser.run(begin);
    const doc = new Y.Doc();
    doc.getText('text').insert(0, 'version two');
    const reply = await parser.run({ kind: 'apply', room, update: Y.encodeStateAsUpdateV2(doc) });
    expect(['refused', 'applied']).toContain(reply.kind);
    expect(await stateOf(parser)).toBe('');
  });

  test('Z10: a job that takes too much memory ends the thread, and the next has another', async () => {
    parser = createParser({ memory: 48 });
    await parser.run(begin);
    const first = parser.thread;
    const bombs = async () => {
      for (let i = 1; i < 6; i++) await parser!.run({ kind: 'apply', room, update: bombUpdate(i) });
    };
    await expect(bombs()).rejects.toThrow(ParserBroken);
    expect(await parser.run({ kind: 'vector', room })).toEqual({ kind: 'absent' });
    expect(parser.thread).not.toBe(first);
    await parser.run(begin);
    await parser.run({ kind: 'apply', room, update: write('again') });
    expect(await stateOf(parser)).toBe('again');
  });

  test('Z10: a job that takes too long ends the thread; jobs behind it are done in another', async () => {
    parser = createParser({ deadline: 1 });
    const slow = Array.from({ length: 40 }, (_, i) => bombUpdate(i + 1, 200_000));
    const long = parser.run({ ...begin, updates: slow });
    const behind = parser.run({ kind: 'vector', room });
    await expect(long).rejects.toThrow(ParserBroken);
    // With so short a deadline this may break too; it is never left without an answer.
    await behind.catch((error: unknown) => expect(error).toBeInstanceOf(ParserBroken));
  });
});
