import type { Page } from '@playwright/test';
import { openLongPages } from '../browser/long-pages.ts';
import { type Row, type Samples, quantile } from '../row.ts';

const rounds = 4;
const words = 'somebody goes on in the middle of a long text, and on, ';

async function measure(): Promise<Samples> {
  const pages = await openLongPages();
  const samples = { ours: [] as number[], theirs: [] as number[] };
  try {
    await pages.openOurs();
    await pages.openTheirs();
    for (const page of [pages.ours, pages.theirs]) await page.evaluate(timeKeys);
    for (let round = 0; round < rounds; round++) {
      samples.ours.push(await typeInMiddle(pages.ours));
      samples.theirs.push(await typeInMiddle(pages.theirs));
    }
  } finally {
    await pages.close();
  }
  return samples;
}

/** Types at the speed of a fast typist in the middle of the document; the slowest of twenty keys, in milliseconds. */
async function typeInMiddle(page: Page): Promise<number> {
  await page.bringToFront();
  await page.evaluate(() => {
    const line = document.querySelectorAll('.ProseMirror > p')[500];
    if (!line) throw new Error('no such line');
    line.scrollIntoView({ block: 'center' });
    getSelection()?.collapse(line, 0);
    Reflect.set(globalThis, 'delays', []);
  });
  await page.keyboard.type(words, { delay: 60 });
  await page.waitForFunction(
    (count) => (Reflect.get(globalThis, 'delays') as number[]).length === count,
    words.length,
  );
  const delays = await page.evaluate(() => Reflect.get(globalThis, 'delays') as number[]);
  const line = await page.locator('.ProseMirror > p').nth(500).innerText();
  if (!line.includes(words.trim())) throw new Error('the words are not where they were typed');
  return quantile(delays, 0.95);
}

/** Runs in the page: notes for each key how long it took from the press to the frame that shows it. */
function timeKeys(): void {
  document.addEventListener(
    'keydown',
    ({ timeStamp }) =>
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () =>
          (Reflect.get(globalThis, 'delays') as number[]).push(performance.now() - timeStamp);
        port2.postMessage(undefined);
      }),
    true,
  );
}

/** Typing in the middle of a long document. */
export const webKeystroke: Row = {
  name: 'web-keystroke',
  what: 'a key pressed in the middle of the long document until the frame that shows it is drawn, the slowest of twenty (p95)',
  ours: 'the app, which keeps each key on the disk meanwhile',
  theirs: 'ProseMirror bound by y-prosemirror over plain y-indexeddb',
  unit: 'ms',
  target: { limit: 50 },
  measure,
};
