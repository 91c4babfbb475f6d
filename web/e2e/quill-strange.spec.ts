import * as Y from 'yjs';
import { expect, test } from './fixtures.ts';
import { editor } from './people.ts';
import {
  asRead,
  changeAtRandom,
  type Delta,
  documentUpdate,
  id,
  indexUpdate,
  keep,
  mulberry32,
  shownWords,
  storedDelta,
  storedUpdates,
  strangeTexts,
  tellPage,
  words,
  writeDocument,
  written,
} from './rich-text.ts';

test.describe('rich text that no editor here would write', () => {
  test('whatever a text holds, it is shown, and writing in it changes nothing else', async ({
    page,
    unclaimed: relay,
  }) => {
    test.slow();
    const failures: string[] = [];
    page.on('pageerror', (error) => failures.push(error.message));
    const documents = Object.fromEntries(
      strangeTexts.map((delta, at) => [`QuilloStrangeText${String(at).padStart(7, '0')}`, delta]),
    );
    const updates = Object.entries(documents).map(([name, delta]) => [name, documentUpdate(delta)] as const);
    const index = indexUpdate('quill', Object.keys(documents));
    await keep(page, relay.url, { index, ...Object.fromEntries(updates) });
    for (const [name, delta] of Object.entries(documents)) {
      await page.goto(`${relay.url}/d/${name}`);
      const shown = page.locator('.rich-text');
      await expect(shown, JSON.stringify(delta)).toContainText('seen');
      if ((await editor(page).count()) === 0) {
        await expect(page.getByText('Its words are shown; nothing is changed.')).toBeVisible();
        expect(await storedDelta(page, name)).toEqual(asRead(delta));
        continue;
      }
      await editor(page).getByText('seen').last().click();
      await editor(page).press('End');
      await editor(page).press('!');
      const stored = () => storedDelta(page, name);
      await expect.poll(async () => words(await stored()), JSON.stringify(delta)).toContain('!');
      const rest = writeDocument(await stored()).getText('doc');
      rest.delete(words(await stored()).indexOf('!'), 1);
      expect(rest.toDelta(), JSON.stringify(delta)).toEqual(asRead(delta));
    }
    expect(failures).toEqual([]);
  });

  test('what others write meanwhile is taken in where it belongs, whatever it is', async ({
    page,
    unclaimed: relay,
  }) => {
    test.slow();
    const failures: string[] = [];
    page.on('pageerror', (error) => failures.push(error.message));
    await keep(page, relay.url, { index: indexUpdate('quill'), [id]: documentUpdate(written) });
    await page.goto(`${relay.url}/d/${id}`);
    await expect(editor(page)).toContainText('The end.');
    const random = mulberry32(20261121);
    const other = new Y.Doc();
    const keys = [
      'a',
      'b',
      'Enter',
      'Backspace',
      'Delete',
      'Home',
      'End',
      'ArrowUp',
      'Control+b',
      'Control+z',
    ];
    for (let round = 0; round < 40; round += 1) {
      for (const update of await storedUpdates(page, id)) Y.applyUpdate(other, update);
      const before = Y.encodeStateVector(other);
      changeAtRandom(other.getText('doc'), random);
      await tellPage(page, Y.encodeStateAsUpdate(other, before), round);
      await editor(page).press(keys[Math.floor(random() * keys.length)] ?? 'a');
      await editor(page).press('x');
    }
    await expect(async () => {
      for (const update of await storedUpdates(page, id)) Y.applyUpdate(other, update);
      expect(await shownWords(page)).toBe(other.getText('doc').toString().trimEnd());
    }).toPass({ timeout: 30_000 });
    await expect(editor(page)).toHaveAttribute('aria-readonly', 'false');
    expect(failures).toEqual([]);
  });

  test('what no editor can hold is shown as words and cannot be written in', async ({
    page,
    unclaimed: relay,
  }) => {
    const strange: Delta = [
      { insert: 'Kept words ' },
      { insert: { one: 1, two: 2 } },
      { insert: ' after\n' },
    ];
    await keep(page, relay.url, { index: indexUpdate('quill'), [id]: documentUpdate(strange) });
    await page.goto(`${relay.url}/d/${id}`);
    await expect(page.getByText('Its words are shown; nothing is changed.')).toBeVisible();
    await expect(page.getByText('Kept words')).toBeVisible();
    await expect(editor(page)).toHaveCount(0);
    expect(await storedDelta(page)).toEqual(asRead(strange));
  });

  test('when somebody else puts in what no editor can hold, the editor goes and the words stay', async ({
    page,
    unclaimed: relay,
  }) => {
    await keep(page, relay.url, { index: indexUpdate('quill'), [id]: documentUpdate(written) });
    await page.goto(`${relay.url}/d/${id}`);
    await expect(editor(page)).toContainText('The end.');
    const other = new Y.Doc();
    for (const update of await storedUpdates(page, id)) Y.applyUpdate(other, update);
    other.getText('doc').insertEmbed(3, { one: 1, two: 2 });
    await tellPage(page, Y.encodeStateAsUpdate(other), 1);
    await expect(page.getByText('Its words are shown; nothing is changed.')).toBeVisible();
    await expect(page.getByText('Harbour days')).toBeVisible();
    await expect(editor(page)).toHaveCount(0);
    await expect.poll(() => storedDelta(page)).toEqual(other.getText('doc').toDelta());
  });
});
