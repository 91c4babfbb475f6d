import * as Y from 'yjs';
import { viewPast } from '../../web/client/history/past-view.ts';
import { type Change, openTimeline } from '../../web/client/history/timeline.ts';
import { createDice } from '../../shared/test/seeded.ts';
import { quantile, type Row, type Samples } from '../row.ts';

const updates = 10_000;
const rounds = 5;
const looks = 20;

/** Somebody writes paragraphs, word by word, and now and then takes something out. */
function writeHistory(dice: () => number): Uint8Array[] {
  const doc = new Y.Doc();
  const written: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => written.push(update));
  const content = doc.getXmlFragment('content');
  let text = new Y.XmlText();
  for (let i = 0; written.length < updates; i++) {
    if (i % 100 === 0) {
      const block = new Y.XmlElement('paragraph');
      text = new Y.XmlText();
      block.insert(0, [text]);
      content.insert(content.length, [block]);
    } else if (dice() < 0.1 && text.length > 10) text.delete(Math.floor(dice() * (text.length - 5)), 5);
    else text.insert(Math.floor(dice() * (text.length + 1)), `word${i} `);
  }
  return written;
}

/** The state behind so many updates, as one without a timeline gets it. */
function replay(written: readonly Uint8Array[], count: number): string {
  const doc = new Y.Doc();
  doc.transact(() => written.slice(0, count).forEach((update) => Y.applyUpdate(doc, update)));
  return doc.getXmlFragment('content').toString();
}

async function measure(): Promise<Samples> {
  const dice = createDice(6);
  const written = writeHistory(dice);
  const changes = written.map((update, at): Change => ({ update, author: 'a', at, kind: 'signed' }));
  const began = performance.now();
  const timeline = await openTimeline(changes);
  process.stderr.write(`  opened once in ${(performance.now() - began).toFixed(0)} ms\n`);
  const time = (act: () => unknown): number => {
    const start = performance.now();
    act();
    return performance.now() - start;
  };
  const samples = { ours: [] as number[], theirs: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    const counts = Array.from({ length: looks }, () => Math.floor(dice() * updates));
    const ours = counts.map((count) => time(() => viewPast(timeline, count)));
    const theirs = counts.map((count) => time(() => replay(written, count)));
    samples.ours.push(quantile(ours, 0.95));
    samples.theirs.push(quantile(theirs, 0.95));
  }
  timeline.close();
  return samples;
}

/** Scrubbing through what a document was. */
export const history: Row = {
  name: 'history',
  what: `what a document of ${updates} updates showed at a moment of its past, found and ready to be drawn, the slowest of twenty (p95)`,
  ours: 'the timeline of the history page',
  theirs: 'applying all updates up to then to an empty document',
  unit: 'ms',
  target: { limit: 100 },
  measure,
};
