import type { Page } from '@playwright/test';
import { entry, names, openFilesPage } from './file-page.ts';
import { expect, test } from './fixtures.ts';
import { chip, editor, go } from './people.ts';

/** Words with the keys of pages in them: `g` and `h` go home, `?` lists the keys. */
const words = 'ghost? and the rest';

/** A machine on which everything takes longer than a hand from one key to the next. */
async function slowDown(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: 6 });
}

/** Holds a part of the app back, the editor or another, until the function it gives is called. */
async function hold(page: Page, part = 'text-chunk'): Promise<() => void> {
  const held = Promise.withResolvers<undefined>();
  await page.route(`**/assets/${part}*.js`, async (route) => (await held.promise, route.continue()));
  return () => held.resolve(undefined);
}

function inList(page: Page, name: string) {
  return page.getByRole('navigation', { name: 'Documents' }).getByRole('link', { name });
}

test('point 1: keys that follow at once on a new or another document are its words, and no keys of the page', async ({
  page,
  unclaimed: relay,
}) => {
  await page.goto(relay.url);
  await expect(editor(page)).toBeFocused();
  await page.keyboard.type('alpha');
  await expect(chip(page)).toHaveText('On this device');
  await expect(inList(page, 'alpha')).toBeVisible();
  await slowDown(page);
  await page.keyboard.press('Control+Alt+n');
  await page.keyboard.type(words);
  await expect(editor(page)).toHaveText(words);
  await page.getByRole('button', { name: 'New document' }).first().click();
  await page.keyboard.type(words);
  await expect(editor(page)).toHaveText(words);
  await inList(page, 'alpha').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.type(words);
  await expect(editor(page)).toHaveText(`alpha${words}`);
});

test('point 1: the editor waits for nothing that stands beside it', async ({ page, unclaimed: relay }) => {
  const releases = [await hold(page, 'toolbar'), await hold(page, 'document-tools')];
  await page.goto(relay.url, { waitUntil: 'domcontentloaded' });
  await expect(editor(page)).toBeFocused();
  await page.keyboard.type(words);
  await expect(editor(page)).toHaveText(words);
  await expect(page.getByRole('button', { name: 'Document menu' })).toHaveCount(0);
  for (const release of releases) release();
  await expect(page.getByRole('button', { name: 'Document menu' })).toBeVisible();
  await expect(page.getByRole('toolbar')).toBeVisible();
  await page.keyboard.type('!');
  await expect(editor(page)).toHaveText(`${words}!`);
});

test('point 1: keys that follow at once on a document that is opened from another page are its words', async ({
  page,
  unclaimed: relay,
}) => {
  await page.goto(`${relay.url}/home`);
  await expect(page.getByRole('heading', { level: 1, name: 'Home' })).toBeVisible();
  await slowDown(page);
  await page.getByRole('button', { name: 'New document' }).first().click();
  await page.keyboard.type(words);
  await expect(editor(page)).toHaveText(words);
});

for (const [type, what] of [
  ['Board', 'board'],
  ['Whiteboard', 'whiteboard'],
] as const) {
  test(`keys that follow at once on a new ${what} are its name, which a reload keeps before its field is left`, async ({
    page,
    unclaimed: relay,
  }) => {
    await page.goto(`${relay.url}/home`);
    await page.getByRole('button', { name: 'New…' }).first().click();
    await slowDown(page);
    await page.getByRole('menuitem', { name: type, exact: true }).click();
    await page.keyboard.type(words);
    const name = page.getByLabel(`Name of the ${what}`);
    await expect(name).toHaveValue(words);
    await expect(name).toBeFocused();
    await page.keyboard.type(', and on');
    await page.reload();
    await expect(name).toHaveValue(`${words}, and on`);
  });
}

test('keys that follow at once on a template are words of the new document', async ({
  page,
  unclaimed: relay,
}) => {
  await page.goto(`${relay.url}/home`);
  await page.getByRole('button', { name: 'New…' }).first().click();
  await page.getByRole('menuitem', { name: /template/i }).click();
  const chosen = page.getByRole('dialog').getByRole('button', { name: /^Project/ });
  await expect(chosen).toBeVisible();
  await slowDown(page);
  await chosen.click();
  await page.keyboard.type(words);
  await expect(editor(page).locator('h1, h2').first()).toBeVisible();
  await expect(editor(page)).toContainText(words);
});

test('point 1: words that were typed before there was an editor stay with the document that was left', async ({
  page,
  unclaimed: relay,
}) => {
  const release = await hold(page);
  await page.goto(relay.url, { waitUntil: 'domcontentloaded' });
  await expect(page.getByRole('button', { name: 'New document' }).first()).toBeVisible();
  await page.locator('#first-words').pressSequentially('first of all');
  const before = page.url();
  await page.getByRole('button', { name: 'New document' }).first().click();
  await expect(page).not.toHaveURL(before);
  await page.keyboard.type(words);
  release();
  await expect(editor(page)).toHaveText(words);
  await inList(page, 'first of all').click();
  await expect(editor(page)).toHaveText('first of all');
});

test('point 1: words that were typed before there was an editor do not stand on the next page', async ({
  page,
  unclaimed: relay,
}) => {
  const release = await hold(page);
  await page.goto(relay.url, { waitUntil: 'domcontentloaded' });
  await page.locator('#first-words').pressSequentially('left early');
  await go(page, 'Home');
  await expect(page.locator('#first-words')).toHaveCount(0);
  release();
  await inList(page, 'left early').click();
  await expect(editor(page)).toHaveText('left early');
});

test('point 3: keys that follow Ctrl+K at once are what is looked for, and no words of the document', async ({
  page,
  unclaimed: relay,
}) => {
  const [releaseEditor, releaseKeys] = [await hold(page), await hold(page, 'keyboard')];
  await page.goto(relay.url, { waitUntil: 'domcontentloaded' });
  await expect(page.getByRole('button', { name: 'New document' }).first()).toBeVisible();
  await page.locator('#first-words').pressSequentially('tide ');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('nothing');
  // Escape gives the keys back, as it does later.
  await page.keyboard.press('Escape');
  await page.keyboard.type('table ');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('se');
  releaseEditor();
  await expect(editor(page)).toHaveText('tide table');
  await page.keyboard.type('tt');
  releaseKeys();
  await expect(page.getByRole('combobox')).toBeFocused();
  await expect(page.getByRole('combobox')).toHaveValue('sett');
  await expect(page.getByRole('option', { name: /Settings/ }).first()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(editor(page)).toBeFocused();
  await page.keyboard.type('here');
  await expect(editor(page)).toHaveText('tide table here');
});

test('one entry after another goes to the trash and comes back by keys alone', async ({
  page,
  unclaimed: relay,
}) => {
  await openFilesPage(page, relay);
  for (const name of ['Aa', 'Bb', 'Cc', 'Dd']) {
    await page.getByRole('button', { name: 'New…' }).first().click();
    await page.getByRole('menuitem', { name: /^Folder/ }).click();
    await page.getByRole('dialog').getByRole('textbox').fill(name);
    await page.keyboard.press('Enter');
    await expect(entry(page, name)).toBeVisible();
  }
  await entry(page, 'Bb').click();
  for (const next of ['Cc', 'Dd']) {
    await page.keyboard.press('Delete');
    await expect(entry(page, next)).toBeFocused();
  }
  await page.keyboard.press('Control+z');
  await expect.poll(() => names(page)).toEqual(['Aa', 'Cc', 'Dd']);
});
