import { type LongPages, type Opening, POINTING, openLongPages } from '../browser/long-pages.ts';
import { type Row, type Samples, quantile } from '../row.ts';

const rounds = 9;

async function measure(what: 'text' | 'editable'): Promise<Samples> {
  const pages = await openLongPages();
  try {
    const { ours, theirs } = await openByTurns(pages);
    const loaded = theirs.map((opening) => opening.loaded ?? NaN);
    const mine = ours.map((opening) => opening[what]);
    const ratio = quantile(mine, 0.5) / quantile(loaded, 0.5);
    process.stderr.write(
      `  y-indexeddb alone, without an editor: ${quantile(loaded, 0.5).toFixed(0)} ms; ours ÷ that: ${ratio.toFixed(2)}\n`,
    );
    return { ours: mine, theirs: theirs.map((opening) => opening[what]) };
  } finally {
    await pages.close();
  }
}

/** A fresh page each time: nobody opens a document twenty times in one page, and a second time is faster. */
async function openByTurns(pages: LongPages): Promise<{ ours: Opening[]; theirs: Opening[] }> {
  const openings = { ours: [] as Opening[], theirs: [] as Opening[] };
  await pages.openOurs();
  await pages.openTheirs();
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? (['ours', 'theirs'] as const) : (['theirs', 'ours'] as const);
    for (const side of order)
      openings[side].push(await (side === 'ours' ? pages.openOurs() : pages.openTheirs()));
  }
  return openings;
}

const theirs =
  'plain y-indexeddb with one snapshot row, then ProseMirror bound by y-prosemirror, in the same browser';

/** A long document opened without a network: until one can read it. */
export const webOpenText: Row = {
  name: 'web-open-text',
  what: 'opening a document of 260,000 edits and 104,000 characters without a network, from the click in the list until the frame with its text is drawn',
  ours: `the app, which reads the beginning that it kept when the pointer comes to the link, ${POINTING} ms before the click, and shows it until the editor is there`,
  theirs,
  unit: 'ms',
  target: { atMost: 0.2 },
  measure: () => measure('text'),
};

/** The same until one can write. */
export const webOpenEditable: Row = {
  name: 'web-open-editable',
  what: 'the same until the frame with the editor, which holds all of it and takes keys, is drawn',
  ours: `the app, which loads a long document while the pointer rests on its link; it came there ${POINTING} ms before the click. Opened by a finger, which does not point, it takes 1.1 to 1.3 of the time of the other`,
  theirs,
  unit: 'ms',
  target: { atMost: 0.6 },
  spent:
    'without pointing, of 250 ms of script and layout in which the stock editor does this, applying the snapshot in Yjs takes 125 without its second writing out, and building the text for ProseMirror and on the page 36, so that 0.64 of its time is in what both must do; of the rest ours left out the second writing out (31) and half of the layout (59, now 30), and pays for leaving the list and for the frame with the beginning (about 40)',
  measure: () => measure('editable'),
};
