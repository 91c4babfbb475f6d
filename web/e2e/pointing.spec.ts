import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { chip, claimBrowser, editor, go } from './people.ts';

const LINES = 300;

/** Writes a long document by pasting it; its beginning is kept when it is left. */
async function write(page: Page, title: string): Promise<string> {
  await page.getByRole('button', { name: 'New document' }).first().click();
  await expect(editor(page)).toHaveText('');
  await expect(editor(page)).toBeFocused();
  const text = [`# ${title}`, ...Array.from({ length: LINES }, (_, line) => `line ${line}`)].join('\n\n');
  await editor(page).evaluate((element, words) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', words);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
  await expect(editor(page).locator('> *').last()).toHaveText(`line ${LINES - 1}`);
  return new URL(page.url()).pathname.slice(3);
}

/** Ids of the documents that this browser has open. */
function opened(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const { held = [] } = await navigator.locks.query();
    return held.flatMap(({ name = '' }) => (/^doc:[0-9A-Za-z]{24}$/.test(name) ? [name.slice(4)] : []));
  });
}

/** Documents that are to be compared with the relay. */
function dirty(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const settled = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error ?? new Error('not read'));
      });
    const db = await settled(indexedDB.open('islet'));
    const rows = (await settled(db.transaction('sync').objectStore('sync').getAll())) as {
      doc: string;
      dirty: number;
    }[];
    db.close();
    return rows.filter((row) => row.dirty === 1 && row.doc.length === 24).map(({ doc }) => doc);
  });
}

test('point 1: where the pointer rests on a link, a long document is in memory; pointing alone changes nothing', async ({
  browser,
  relay,
}) => {
  const { page } = await claimBrowser(browser, relay);
  await page.goto(relay.url);
  await expect(editor(page)).toBeFocused();
  const tides = await write(page, 'Tides');
  const moons = await write(page, 'Moons');
  await go(page, 'Home');
  await expect(chip(page)).toHaveText('On the relay', { timeout: 40_000 });
  // What was acknowledged while it was open is compared once more.
  await page.reload();
  await expect.poll(() => dirty(page), { timeout: 40_000 }).toEqual([]);
  await expect.poll(() => opened(page)).toEqual([]);
  const main = page.getByRole('main');
  const link = (id: string) => main.locator(`a[href="/d/${id}"]`).first();
  const lists = await main.innerText();

  await link(tides).hover();
  await expect.poll(() => opened(page)).toEqual([tides]);
  await link(moons).hover();
  await expect.poll(() => opened(page)).toEqual([moons]);
  await link(tides).focus();
  await expect.poll(() => opened(page)).toEqual([tides]);
  expect(await dirty(page)).toEqual([]);
  expect(await main.innerText()).toBe(lists);
  await expect(chip(page)).toHaveText('On the relay');

  await page.keyboard.press('Enter');
  await expect(editor(page).locator('> *').last()).toHaveText(`line ${LINES - 1}`);
  await expect(editor(page)).toBeFocused();
  await editor(page).press('Control+End');
  await page.keyboard.type(', and on');
  await expect(editor(page).locator('> *').last()).toHaveText(`line ${LINES - 1}, and on`);
  await expect(chip(page)).toHaveText('On the relay', { timeout: 40_000 });
  await page.reload();
  await expect(editor(page).locator('> *').last()).toHaveText(`line ${LINES - 1}, and on`);
  expect(await opened(page)).toEqual([tides]);
});

test('point 1: a short document is not loaded by pointing, and a long one is let go after a while', async ({
  page,
  unclaimed: relay,
}) => {
  await page.clock.install();
  await page.goto(relay.url);
  await expect(editor(page)).toBeFocused();
  await page.keyboard.type('Pools');
  await expect(chip(page)).toHaveText('On this device');
  const pools = new URL(page.url()).pathname.slice(3);
  const tides = await write(page, 'Tides');
  await go(page, 'Home');
  await expect.poll(() => opened(page)).toEqual([]);
  const link = (id: string) => page.getByRole('main').locator(`a[href="/d/${id}"]`).first();
  await link(tides).hover();
  await expect.poll(() => opened(page)).toEqual([tides]);
  const openedLater = async () => {
    await page.clock.fastForward(11_000);
    return opened(page);
  };
  await expect.poll(openedLater).toEqual([]);
  await link(pools).hover();
  await page.clock.runFor(500);
  expect(await opened(page)).toEqual([]);
});
