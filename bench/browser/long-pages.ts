import type { BrowserContext, Page } from '@playwright/test';
import { encodeLongDocument } from '../long-document.ts';
import { openAppPage } from './app-page.ts';
import { openBrowser } from './browser.ts';
import { openPeerPage } from './peer-page.ts';

const id = 'LongDocument000000000001';
/** How long a pointer is on a link before it is pressed, milliseconds. */
export const POINTING = 300;

/** When something was first on the screen after `seen` was made anew, in milliseconds of `performance.now()`. */
interface Seen {
  text?: number;
  editable?: number;
}

/** How long it took from asking for the document until it could be read, and until it took keys; milliseconds. */
export interface Opening {
  text: number;
  editable: number;
  /** Until plain y-indexeddb had it in memory, without an editor. */
  loaded?: number;
}

/** The same long document in the same browser: in the app, and in the stock editor. */
export interface LongPages {
  readonly ours: Page;
  readonly theirs: Page;
  /** In the running app, from its start page, without a network. */
  openOurs(): Promise<Opening>;
  /** In a page that has run its scripts. */
  openTheirs(): Promise<Opening>;
  close(): Promise<void>;
}

export async function openLongPages(): Promise<LongPages> {
  const [app, peer, browser] = [await openAppPage(), await openPeerPage(), await openBrowser()];
  const context = await browser.newContext({
    locale: 'en',
    viewport: { width: 1280, height: 800 },
    serviceWorkers: 'block',
  });
  await context.addInitScript(watchScreen);
  const snapshot = Buffer.from(encodeLongDocument()).toString('base64');
  const ours = await context.newPage();
  const theirs = await context.newPage();
  await theirs.goto(peer.url);
  await fillTheirs(theirs, snapshot);
  await ours.bringToFront();
  await fillOurs(ours, app.url, snapshot);
  return {
    ...{ ours, theirs },
    openOurs: () => openOurs(context, ours, app.url),
    openTheirs: () => openTheirs(theirs, peer.url),
    async close() {
      await browser.close();
      await app.close();
      await peer.close();
    },
  };
}

async function openOurs(context: BrowserContext, page: Page, url: string): Promise<Opening> {
  await page.bringToFront();
  await page.goto(`${url}/home`);
  const link = page.locator(`main a[href="/d/${id}"]`).first();
  await link.waitFor();
  await idle(page);
  await context.setOffline(true);
  // Whoever presses has pointed before, and a hand takes its time.
  await link.hover();
  await page.waitForTimeout(POINTING);
  await idle(page);
  await page.evaluate(noteClick);
  await link.click();
  const seen = await waitForEditor(page);
  const began = await page.evaluate(() => Reflect.get(globalThis, 'clicked') as number);
  await context.setOffline(false);
  return { text: seen.text - began, editable: seen.editable - began };
}

/** Runs in the page: notes when the browser was told of the click, and forgets what was on the screen before. */
function noteClick(): void {
  Reflect.set(globalThis, 'seen', {});
  addEventListener('click', ({ timeStamp }) => Reflect.set(globalThis, 'clicked', timeStamp), {
    capture: true,
    once: true,
  });
}

async function openTheirs(page: Page, url: string): Promise<Opening> {
  await page.bringToFront();
  await page.goto(url);
  await idle(page);
  const { began, loaded } = await page.evaluate(async () => {
    Reflect.set(globalThis, 'seen', {});
    return (Reflect.get(globalThis, 'openDocument') as () => Promise<{ began: number; loaded: number }>)();
  });
  const seen = await waitForEditor(page);
  return { text: seen.text - began, editable: seen.editable - began, loaded: loaded - began };
}

async function waitForEditor(page: Page): Promise<Required<Seen>> {
  await page.waitForFunction(() => 'editable' in (Reflect.get(globalThis, 'seen') as object));
  return page.evaluate(() => Reflect.get(globalThis, 'seen') as Required<Seen>);
}

async function idle(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
}

/** Runs in the page, before its own scripts: notes when a frame had the text, and when it had the editor with all of it. */
function watchScreen(): void {
  Reflect.set(globalThis, 'seen', {});
  const note = (seen: object, name: string): void => {
    if (name in seen) return;
    const { port1, port2 } = new MessageChannel();
    // A message that is sent before a frame arrives when it is drawn.
    port1.onmessage = () => name in seen || Reflect.set(seen, name, performance.now());
    port2.postMessage(undefined);
  };
  const look = (): void => {
    const seen: object = Reflect.get(globalThis, 'seen');
    const column = document.querySelector('.document-column, #column');
    const editor = column?.querySelector('.ProseMirror[contenteditable=true]');
    // More than the screen holds, and the last line of all.
    if ((column?.firstElementChild?.textContent.length ?? 0) > 3000) note(seen, 'text');
    if (editor && editor.childElementCount > 1000) note(seen, 'editable');
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

async function fillTheirs(page: Page, snapshot: string): Promise<void> {
  await page.evaluate(
    (text) =>
      (Reflect.get(globalThis, 'fill') as (bytes: Uint8Array) => Promise<void>)(
        Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)),
      ),
    snapshot,
  );
}

/** Puts the rows where the app keeps them, and opens the document once, as who wrote it has. */
async function fillOurs(page: Page, url: string, snapshot: string): Promise<void> {
  await page.goto(`${url}/d/${id}`);
  await page.locator('.text-editor').waitFor();
  await page.goto(`${url}/settings`);
  await page.evaluate(putRow, { name: `islet-doc-${id}`, snapshot });
  await page.goto(`${url}/d/${id}`);
  await waitForEditor(page);
  await page.locator('.text-editor').press('x');
  // Asked from here: a function that waits for a promise in the page takes the promise itself for a yes.
  while (!(await page.evaluate(hasPreview, `islet-doc-${id}`))) await page.waitForTimeout(200);
}

async function putRow({ name, snapshot }: { name: string; snapshot: string }): Promise<void> {
  const bytes = Uint8Array.from(atob(snapshot), (letter) => letter.charCodeAt(0));
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(name);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error(name));
  });
  await new Promise<void>((resolve, reject) => {
    const transaction = db.transaction('updates', 'readwrite');
    transaction.objectStore('updates').clear();
    transaction.objectStore('updates').add(bytes);
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error(name));
  });
  db.close();
}

function hasPreview(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = indexedDB.open(name);
    request.onerror = () => resolve(false);
    request.onsuccess = () => {
      const found = request.result.transaction('custom').objectStore('custom').count('preview');
      found.onsuccess = () => {
        request.result.close();
        resolve(found.result === 1);
      };
      found.onerror = () => resolve(false);
    };
  });
}
