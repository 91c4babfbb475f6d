import type { Locator, Page } from '@playwright/test';
import { expect, type Relay, test } from './fixtures.ts';
import { worksOffline } from './people.ts';

/** A file as a test makes it. */
export interface MadeFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** Opens the page about files; with the tag `@offline`, once the service worker answers for what it shows. */
export async function openFilesPage(page: Page, relay: Relay): Promise<void> {
  await page.goto(`${relay.url}/files`);
  await expect(page.getByRole('heading', { level: 1, name: 'Files' })).toBeVisible();
  if (test.info().tags.includes('@offline')) await worksOffline(page);
}

/** The entry of that name. */
export function entry(page: Page, name: string): Locator {
  return page.getByRole('row', { name, exact: true });
}

/** All entries, as they are listed. */
export function entries(page: Page): Locator {
  return page.locator('.entries [role=row]');
}

/** Names of what is listed, from the top. */
export async function names(page: Page): Promise<string[]> {
  const found = await entries(page).all();
  const named = await Promise.all(
    found.map(async (row) => ({
      at: Number(await row.getAttribute('aria-rowindex')),
      name: (await row.getAttribute('aria-label')) ?? '',
    })),
  );
  return named.sort((a, b) => a.at - b.at).map(({ name }) => name);
}

/** Picks files with the system's dialog and waits until all are in. */
export async function addFiles(page: Page, files: MadeFile[]): Promise<void> {
  await page.getByTestId('add-files').setInputFiles(files);
  for (const { name } of files) await expect(entry(page, name)).toBeVisible();
}

/** A text file with these words. */
export function textFile(name: string, words = `words of ${name}`): MadeFile {
  return { name, mimeType: 'text/plain', buffer: Buffer.from(words) };
}

/** Makes a folder where the page is. */
export async function makeFolder(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('menuitem', { name: 'New folder…' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill(name);
  await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
  await expect(entry(page, name)).toBeVisible();
}

/** Opens an entry's menu and chooses from it. */
export async function choose(page: Page, name: string, item: string): Promise<void> {
  await entry(page, name).click({ button: 'right' });
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}

/** Drops files and folders of this machine on the page, as a file browser does. */
export async function dropPaths(page: Page, paths: string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  const at = { x: 700, y: 500, data };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, ...at });
  }
  await session.detach();
}
