import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { openTestBrowser, type TestBrowser, type, until, words } from './browser-fixture.ts';
import type { Documents, OpenDocument } from './documents.ts';
import { createFollower } from './follower.ts';
import { createWatchable, type SaveState } from './save-state.ts';
import type { TabMessage } from './tab-link.ts';
import { createTabVoice } from './tab-voice.ts';

let browser: TestBrowser;
let one: Documents;
let two: Documents;
beforeEach(async () => {
  browser = await openTestBrowser();
  [one, two] = [await browser.openTab(), await browser.openTab()];
});
afterEach(() => browser.close());

/** Notes whenever `follower` says *saved* of words that the tab which writes has not saved yet. */
function noteEarly(follower: OpenDocument, writer: OpenDocument, word: string): string[] {
  const early: string[] = [];
  follower.saved.subscribe(({ kind }) => {
    if (kind !== 'saved' || !words(follower.doc).includes(word)) return;
    if (writer.saved.get().kind !== 'saved' || !words(writer.doc).includes(word)) early.push(word);
  });
  return early;
}

test('a tab that does not write says *saved* of what another wrote only when that was read back', async () => {
  const here = await one.open(one.newId());
  const there = await two.open(here.id);
  type(here.doc, 'first');
  await until(() => words(there.doc) === 'first');
  await until(() => there.saved.get().kind === 'saved' && here.saved.get().kind === 'saved');
  const early = noteEarly(there, here, 'third');
  type(here.doc, 'second');
  type(here.doc, 'third'); // while the second is being confirmed
  await until(() => words(there.doc).includes('third') && here.saved.get().kind === 'saved');
  await until(() => there.saved.get().kind === 'saved');
  expect(early).toEqual([]);
});

test('what a tab wrote in an earlier life of a document does not stand for what it writes in the next', async () => {
  const here = await one.open(one.newId());
  const before = await two.open(here.id);
  for (const word of ['a', 'b', 'c', 'd']) type(before.doc, word);
  await before.whenSaved();
  await before.close();
  const there = await two.open(here.id);
  await until(() => here.saved.get().kind === 'saved');
  const early = noteEarly(there, here, 'later');
  type(here.doc, 'now'); // a confirmation begins that knows of the earlier life only
  type(there.doc, 'later');
  await there.whenSaved();
  expect(words(here.doc)).toContain('later');
  await until(() => there.saved.get().kind === 'saved' && here.saved.get().kind === 'saved');
  expect(early).toEqual([]);
});

function createVoice(tab: string, doc: Y.Doc) {
  const sent: TabMessage[] = [];
  let last = 0;
  const link = {
    ...{ tab, close: () => undefined, next: () => ++last },
    send: (message: object) => void sent.push({ ...message, from: tab } as TabMessage),
  };
  const events = { state: vi.fn(), offered: vi.fn(), drain: vi.fn(), carets: vi.fn() };
  return { voice: createTabVoice('one', doc, new Awareness(doc), link, events), sent };
}

test('what waits for something earlier is not counted as held before that came', () => {
  const [from, to] = [new Y.Doc(), new Y.Doc()];
  const [teller, hearer] = [createVoice('teller', from), createVoice('hearer', to)];
  from.on('update', (update) => teller.voice.tellUpdate(update, true));
  type(from, 'first');
  type(from, 'second');
  type(from, 'third');
  const [first, second, third] = teller.sent;
  hearer.voice.hear(second!); // the first was told before this tab listened
  hearer.voice.hear(third!);
  expect(words(to)).toBe('');
  expect(hearer.voice.holds()['teller'] ?? 0).toBe(0);
  hearer.voice.hear(first!);
  expect(words(to)).toBe('first\nsecond\nthird');
  teller.voice.offer();
  hearer.voice.hear(teller.sent.at(-1)!);
  expect(hearer.voice.holds()['teller']).toBeGreaterThanOrEqual(3);
});

test('what a third tab wrote is saved when the writing tab answers for it, or for an offer that has it', async () => {
  const state = createWatchable<SaveState>({ kind: 'saved', at: 0 });
  const holds: Record<string, number> = { self: 4, third: 9 };
  const offer = vi.fn(() => 12);
  const options = { state, now: () => 1, holds: () => ({ ...holds }), onSaved: vi.fn(), offer, tab: 'self' };
  const follower = createFollower(options, 20);
  follower.request();
  follower.heard({ kind: 'saved', at: 2 }, { self: 4 });
  expect(state.get().kind).toBe('saving');
  let resolved = false;
  const waiting = follower.whenSaved().then(() => (resolved = true));
  await expect.poll(() => offer).toHaveBeenCalled();
  holds['self'] = 13; // written after the offer
  follower.heard({ kind: 'saved', at: 3 }, { self: 12 });
  await waiting;
  expect(resolved).toBe(true);
  expect(state.get().kind).toBe('saving');
  expect(options.onSaved).not.toHaveBeenCalled();
  follower.heard({ kind: 'saved', at: 4 }, { self: 13 });
  expect(state.get()).toEqual({ kind: 'saved', at: 4 });
  expect(options.onSaved).toHaveBeenCalledOnce();
  follower.close();
});
