import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTestBrowser, type TestBrowser, type } from '../documents/browser-fixture.ts';
import type { Documents } from '../documents/documents.ts';
import { storeName } from '../documents/stored-updates.ts';
import { readDocumentText } from '../search/read-text.ts';
import { openSearcher, type Searcher } from '../search/searcher.ts';
import { failEach, faultKinds, type Trial } from './fault-fixture.ts';

let browser: TestBrowser;
let tab: Documents;

beforeEach(async () => {
  browser = await openTestBrowser();
  tab = await browser.openTab();
});
afterEach(() => browser.close());

function open(): Searcher {
  const readers = new Map([['text', readDocumentText]]);
  return openSearcher({ db: browser.db, prefix: storeName(''), readers, now: () => Date.now() });
}

async function write(...lines: string[]): Promise<string> {
  const document = await tab.open(tab.newId());
  for (const [i, line] of lines.entries()) type(document.doc, line, i === 0 ? 'heading' : 'paragraph');
  await document.whenSaved();
  await document.close();
  await tab.whenProjected();
  return document.id;
}

async function finds(searcher: Searcher, words: string): Promise<boolean> {
  return (await searcher.find({ words, among: 'all', limit: 5 })).length > 0;
}

/** Waits until the words are found; rejects once the search says why something cannot be found. False: it keeps silent. */
async function found(searcher: Searcher, words: string): Promise<boolean> {
  for (let i = 0; i < 200; i++) {
    const { failure, unread } = searcher.state();
    if (failure !== undefined || unread > 0) throw new Error(failure);
    if (await finds(searcher, words)) return true;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return false;
}

async function isHonest({ fails }: Pick<Trial, 'fails'>, act: () => Promise<boolean>): Promise<boolean> {
  let isFound = false;
  const told = await fails(async () => {
    isFound = await act();
  });
  return told || isFound;
}

test.each(faultKinds)('%s: what is searched first is found, or it is said why not', async (kind) => {
  await write('Harbour', 'Herring at seven');
  const failed = await failEach(kind, async (trial) => {
    await browser.db.texts.clear();
    let searcher = open();
    expect(await isHonest(trial, () => found(searcher, 'herring'))).toBe(true);
    await searcher.close();
    searcher = open();
    expect(await found(searcher, 'herring')).toBe(true);
    await searcher.close();
  });
  expect(failed).toBeGreaterThan(0);
});

test.each(faultKinds)('%s: a search that starts again has what was written meanwhile', async (kind) => {
  const id = await write('Harbour', 'Herring at seven');
  let searcher = open();
  const failed = await failEach(kind, async (trial) => {
    await searcher.close();
    const document = await tab.open(id);
    type(document.doc, `meanwhile${trial.number}`);
    await document.whenSaved();
    await document.close();
    await tab.whenProjected();
    searcher = open();
    expect(await isHonest(trial, () => found(searcher, `meanwhile${trial.number}`))).toBe(true);
    await searcher.close();
    searcher = open();
    expect(await found(searcher, `meanwhile${trial.number}`)).toBe(true);
  });
  await searcher.close();
  expect(failed).toBeGreaterThan(0);
});

test.each(faultKinds)('%s: an edit is found by a search that runs, or it is said why not', async (kind) => {
  const id = await write('Harbour', 'Herring at seven');
  const failed = await failEach(kind, async (trial) => {
    const word = `later${trial.number}`;
    let searcher = open();
    expect(await found(searcher, 'herring')).toBe(true);
    const document = await tab.open(id);
    type(document.doc, word);
    await document.whenSaved();
    await document.close();
    const edited = (): Promise<boolean> => {
      searcher.changed(id);
      return found(searcher, word);
    };
    expect(await isHonest(trial, edited)).toBe(true);
    await searcher.close();
    searcher = open();
    expect(await found(searcher, word)).toBe(true);
    await searcher.close();
  });
  expect(failed).toBeGreaterThan(0);
});
