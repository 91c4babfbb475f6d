import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { createDice, seed } from '../../../shared/test/seeded.ts';
import { addParagraph, createWrittenHistory, replay, textAt, valuesIn } from './history-fixture.ts';
import { pastText, type PastNode, type PastText, viewPast } from './past-view.ts';
import { restoreUpdate } from './restore.ts';
import { findMoments, openTimeline } from './timeline.ts';

function write(round: number, edits: number) {
  const dice = createDice(seed + round);
  const written = createWrittenHistory(['ann', 'ben', 'cem']);
  addParagraph(written.writers[0]!.doc, 0, 'first line');
  written.exchange();
  for (let i = 0; i < edits; i++) {
    written.edit(dice);
    if (dice() < 0.2) written.exchange();
  }
  written.exchange();
  return { ...written, dice };
}

describe('a timeline', () => {
  test('shows at every step what playing the rows from nothing shows, also of rows that came too early', async () => {
    for (let round = 0; round < 12; round++) {
      const { changes, dice } = write(round, 40);
      // Rows of different people come in any order, and some before what they build on.
      if (round % 2 === 1) changes.sort(() => dice() - 0.5);
      const timeline = await openTimeline(changes);
      const kept = changes.map((_, i) => i).filter((i) => !timeline.idle.includes(i));
      expect(timeline.steps).toHaveLength(kept.length);
      for (const [step, index] of kept.entries()) {
        const past = Y.createDocFromSnapshot(timeline.doc, timeline.seek(step + 1));
        expect(valuesIn(past), `round ${round}, step ${step}`).toEqual(valuesIn(replay(changes, index + 1)));
      }
      timeline.close();
    }
  });

  test('says who wrote what, and what is new and gone against another moment', async () => {
    const { writers, changes, exchange } = createWrittenHistory(['ann', 'ben']);
    const [ann, ben] = writers;
    addParagraph(ann!.doc, 0, 'Hello world');
    exchange();
    textAt(ben!.doc, 0)!.insert(5, ' wide');
    exchange();
    textAt(ann!.doc, 0)!.delete(0, 5);
    const timeline = await openTimeline(changes);
    expect(
      piecesOf(
        viewPast(timeline, 3, 1),
        timeline.steps.map(({ author }) => author),
      ),
    ).toEqual([
      ['removed', 'Hello', 'ann'],
      ['added', ' wide', 'ben'],
      ['same', ' world', 'ann'],
    ]);
    expect(pastText(viewPast(timeline, 1))).toBe('Hello world');
    expect(pastText(viewPast(timeline, 3))).toBe('wide world');
    expect(viewPast(timeline, 0).flatMap(({ children }) => children)).toEqual([]);
  });

  test('what one author wrote in one go is one moment and one piece, letter by letter as it came', async () => {
    const { writers, changes, exchange } = createWrittenHistory(['ann', 'ben']);
    const [ann, ben] = writers;
    addParagraph(ann!.doc, 0, '');
    for (const letter of 'cba') textAt(ann!.doc, 0)!.insert(0, letter);
    exchange();
    textAt(ben!.doc, 0)!.insert(3, '!');
    const timeline = await openTimeline(changes);
    const authors = timeline.steps.map(({ author }) => author);
    expect(findMoments(timeline.steps)).toEqual([4, 5]);
    expect(piecesOf(viewPast(timeline, 5, 4), authors)).toEqual([
      ['same', 'abc', 'ann'],
      ['added', '!', 'ben'],
    ]);
    const step = { author: 'ann', kind: 'signed' } as const;
    expect(findMoments([0, 20_000, 60_000, 80_000].map((at) => ({ ...step, at })))).toEqual([2, 4]);
  });

  test('passes over rows that cannot be read, and rows that bring nothing', async () => {
    const { writers, changes } = createWrittenHistory(['ann']);
    addParagraph(writers[0]!.doc, 0, 'one');
    addParagraph(writers[0]!.doc, 1, 'two');
    const [one, two] = changes as [(typeof changes)[0], (typeof changes)[0]];
    const damaged = { ...one, update: new Uint8Array([255, 255, 1]) };
    const timeline = await openTimeline([one, damaged, one, two]);
    expect(timeline.idle).toEqual([1, 2]);
    expect(pastText(viewPast(timeline, 2))).toBe('one\ntwo');
  });
});

function piecesOf(nodes: readonly (PastNode | PastText)[], authors: readonly string[]): string[][] {
  return nodes.flatMap((node) =>
    node.kind === 'text'
      ? [[node.change, node.text, authors[node.step ?? -1] ?? '']]
      : piecesOf(node.children, authors),
  );
}

describe('bringing back', () => {
  test('an earlier state makes the document what it was then, whatever came since', async () => {
    for (let round = 0; round < 20; round++) {
      const { changes, writers, dice } = write(round + 100, 50);
      const timeline = await openTimeline(changes);
      const count = Math.floor(dice() * timeline.steps.length);
      const past = Y.createDocFromSnapshot(timeline.doc, timeline.seek(count));
      const { doc } = writers[1]!;
      const { update, undo } = restoreUpdate(timeline, count);
      const before = valuesIn(doc);
      Y.applyUpdate(doc, update);
      expect(valuesIn(doc), `round ${round}, step ${count}`).toEqual(valuesIn(past));
      Y.applyUpdate(doc, undo);
      expect(valuesIn(doc), `round ${round}, step ${count} and back`).toEqual(before);
      timeline.close();
    }
  });

  test('merges with what others write meanwhile, and can itself be taken back', async () => {
    const { writers, changes, exchange } = createWrittenHistory(['ann', 'ben']);
    const [ann, ben] = writers;
    addParagraph(ann!.doc, 0, 'Kept and important');
    exchange();
    textAt(ann!.doc, 0)!.delete(4, 14);
    addParagraph(ann!.doc, 1, 'Regretted');
    exchange();
    const timeline = await openTimeline(changes);
    const { update, undo } = restoreUpdate(timeline, 1);
    textAt(ben!.doc, 0)!.insert(0, 'Still ');
    Y.applyUpdate(ann!.doc, update);
    exchange();
    const words = ({ doc }: typeof ann & object) => doc.getXmlFragment('content').toJSON();
    expect(words(ann!)).toBe('<paragraph>Still Kept and important</paragraph>');
    expect(words(ben!)).toBe(words(ann!));
    Y.applyUpdate(ann!.doc, undo);
    expect(words(ann!)).toBe('<paragraph>Still Kept</paragraph><paragraph>Regretted</paragraph>');
  });
});
