import type { Locator, Page, Request } from '@playwright/test';
import { expect, type Relay, startRelay, test } from './fixtures.ts';
import { claimBrowser, go, linkBrowser, openBrowser, worksOffline } from './people.ts';

interface Picked {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** Bytes that do not repeat, so that none can be taken for another. */
function bytesOf(name: string, size: number): Picked {
  const buffer = Buffer.alloc(size);
  for (let at = 0, x = name.length + 1; at + 4 <= size; at += 4) {
    x = (Math.imul(x, 1_664_525) + 1_013_904_223) >>> 0;
    buffer.writeUInt32LE(x, at);
  }
  return { name, mimeType: 'application/octet-stream', buffer };
}

/** A picture of 1000 × 600 pixels, drawn by the browser. */
async function pictureOf(page: Page, name: string): Promise<Picked> {
  const base64 = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(1000, 600);
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no canvas');
    context.fillStyle = 'teal';
    context.fillRect(0, 0, 1000, 600);
    context.fillStyle = 'gold';
    context.fillRect(100, 100, 300, 300);
    const blob = await canvas.convertToBlob({ type: 'image/png' });
    const bytes = new Uint8Array(await blob.arrayBuffer());
    return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ''));
  });
  return { name, mimeType: 'image/png', buffer: Buffer.from(base64, 'base64') };
}

/** Goes to the files, once the service worker answers for them. */
async function openFiles(page: Page): Promise<void> {
  await worksOffline(page);
  await go(page, 'Files');
}

async function add(page: Page, ...files: Picked[]): Promise<void> {
  await page.getByTestId('add-files').setInputFiles(files);
}

/** Files beyond what Playwright passes by itself go through the page. */
async function addLarge(page: Page, name: string, size: number): Promise<void> {
  await page.getByTestId('add-files').evaluate(
    (input: HTMLInputElement, picked) => {
      const bytes = new Uint32Array(picked.size / 4);
      let x = 7;
      for (let i = 0; i < bytes.length; i++) bytes[i] = x = (Math.imul(x, 1_664_525) + 1_013_904_223) >>> 0;
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], picked.name, { type: 'application/octet-stream' }));
      input.files = transfer.files;
      input.dispatchEvent(new Event('change', { bubbles: true }));
    },
    { name, size },
  );
}

function entry(page: Page, title: string): Locator {
  return page.getByRole('row', { name: title, exact: true });
}

function where(page: Page, title: string): Locator {
  return entry(page, title).locator('[data-where]').filter({ visible: true });
}

/**
 * The pieces that the relay took: where each began and where the upload stood after it. Asked of the whole profile: what
 * goes by the service worker is not among a page's requests.
 */
function watchPieces(page: Page): [from: number, to: number][] {
  const pieces: [number, number][] = [];
  page.context().on('requestfinished', (request: Request) => {
    if (request.method() !== 'PATCH' || !request.url().includes('/api/uploads/')) return;
    void (async () => {
      const response = await request.response();
      if (response?.status() !== 200) return;
      const answer: unknown = await response.json().catch(() => null); // a page that was left takes its answers along
      if (answer === null) return;
      const { data } = answer as { data: { offset: number } };
      pieces.push([Number(request.headers()['upload-offset']), data.offset]);
    })();
  });
  return pieces;
}

/** Every piece takes a while, as over a telephone. */
async function slowDown(page: Page): Promise<void> {
  await page.context().route('**/api/uploads/*', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 250));
    await route.continue().catch(() => undefined); // the page is gone
  });
}

test('a file added while the relay is stopped shows at once, and goes there when it is back @offline', async ({
  browser,
  relay,
}) => {
  const { page } = await claimBrowser(browser, relay);
  await openFiles(page);
  await relay.stop();
  await add(page, await pictureOf(page, 'teal.png'), bytesOf('notes.bin', 5000));
  await expect(entry(page, 'teal.png')).toBeVisible();
  await expect(entry(page, 'notes.bin')).toBeVisible();
  await expect(entry(page, 'teal.png').locator('img')).toHaveJSProperty('naturalWidth', 256);
  await expect(where(page, 'teal.png')).toHaveText(/Waiting for the relay|On this device/);
  await page.reload();
  await expect(entry(page, 'notes.bin')).toBeVisible();
  await relay.start();
  await expect(where(page, 'teal.png')).toHaveText('2 copies', { timeout: 30_000 });
  await expect(where(page, 'notes.bin')).toHaveText('2 copies');
});

test('an upload of 60 MB goes on after a reload, and nothing is sent twice @offline', async ({
  browser,
  relay,
}) => {
  test.slow();
  const size = 60 * 1024 * 1024;
  const { page } = await claimBrowser(browser, relay);
  await openFiles(page);
  await slowDown(page);
  const pieces = watchPieces(page);
  await addLarge(page, 'film.bin', size);
  await expect.poll(() => pieces.length, { timeout: 60_000 }).toBeGreaterThan(3);
  await page.reload();
  await expect(where(page, 'film.bin')).toHaveText(/Uploading/);
  await expect(where(page, 'film.bin')).toHaveText('2 copies', { timeout: 90_000 });
  const sorted = pieces.toSorted(([a], [b]) => a - b);
  // The answer to the piece that was on its way may be lost with the page; what it brought is not sent again.
  for (const [i, [from]] of sorted.entries()) expect(from).toBeGreaterThanOrEqual(sorted[i - 1]?.[1] ?? 0);
  expect(sorted.at(-1)?.[1]).toBe(size);
});

test('an upload goes on after the relay was killed in the middle @offline', async ({ browser, relay }) => {
  test.slow();
  const size = 24 * 1024 * 1024;
  const { page } = await claimBrowser(browser, relay);
  await openFiles(page);
  await slowDown(page);
  const pieces = watchPieces(page);
  await addLarge(page, 'film.bin', size);
  await expect.poll(() => pieces.length, { timeout: 60_000 }).toBeGreaterThan(2);
  await relay.kill();
  const before = pieces.at(-1)?.[1] ?? 0;
  await relay.start();
  await expect(where(page, 'film.bin')).toHaveText('2 copies', { timeout: 90_000 });
  const after = pieces.filter(([from]) => from >= before);
  expect(after.length).toBeGreaterThan(0);
  expect(pieces.filter(([from]) => from === 0)).toHaveLength(1);
});

test('an upload that is stopped stays on this device only, until it is tried again @offline', async ({
  browser,
  relay,
}) => {
  const { page } = await claimBrowser(browser, relay);
  await openFiles(page);
  await slowDown(page);
  const pieces = watchPieces(page);
  await addLarge(page, 'film.bin', 24 * 1024 * 1024);
  await expect.poll(() => pieces.length, { timeout: 30_000 }).toBeGreaterThan(1);
  await page.getByRole('button', { name: 'Cancel – film.bin' }).click();
  await expect(where(page, 'film.bin')).toHaveText('Not uploaded');
  await page.reload();
  await expect(where(page, 'film.bin')).toHaveText('Not uploaded');
  await page.context().unrouteAll({ behavior: 'ignoreErrors' });
  await page.getByRole('button', { name: 'Try again – film.bin' }).click();
  await expect(where(page, 'film.bin')).toHaveText('2 copies', { timeout: 30_000 });
});

test.describe('with little room', () => {
  test.use({
    relay: async ({ relayFolder }, use) => {
      const relay: Relay = await startRelay('me.localhost', relayFolder, { STORAGE_LIMIT: '2MiB' });
      await use(relay);
      await relay.stop();
    },
  });

  test('a relay that is full is told, and what waits goes on when something is deleted @offline', async ({
    browser,
    relay,
  }) => {
    const { page } = await claimBrowser(browser, relay);
    await openFiles(page);
    await add(page, bytesOf('first.bin', 1_500_000));
    await expect(where(page, 'first.bin')).toHaveText('2 copies');
    await add(page, bytesOf('second.bin', 1_400_000));
    await expect(where(page, 'second.bin')).toHaveText('No space left on the relay');
    await entry(page, 'first.bin').click();
    await page.keyboard.press('Delete');
    await expect(entry(page, 'first.bin')).toHaveCount(0);
    await page
      .getByRole('link', { name: 'Trash' })
      .or(page.getByRole('button', { name: 'Trash' }))
      .first()
      .click();
    await page.getByRole('button', { name: 'Menu – first.bin' }).click();
    await page.getByRole('menuitem', { name: 'Delete for good' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete for good' }).click();
    await openFiles(page);
    await expect(where(page, 'second.bin')).toHaveText('2 copies', { timeout: 40_000 });
  });
});

test('a second device has the thumbnail at once, and keeps what it promises to keep @offline', async ({
  browser,
  relay,
}) => {
  test.slow();
  const first = await claimBrowser(browser, relay);
  await openFiles(first.page);
  await add(first.page, await pictureOf(first.page, 'teal.png'), bytesOf('notes.bin', 300_000));
  await expect(where(first.page, 'teal.png')).toHaveText('2 copies');
  await expect(where(first.page, 'notes.bin')).toHaveText('2 copies');
  const second = await linkBrowser(browser, relay, first, 'Phone');
  await openFiles(second.page);
  await expect(entry(second.page, 'teal.png').locator('img')).toHaveJSProperty('naturalWidth', 256);
  await expect(where(second.page, 'notes.bin')).toHaveText('On the relay');
  await entry(second.page, 'notes.bin').click();
  await second.page.getByRole('button', { name: 'Details' }).click();
  await second.page.getByRole('switch', { name: 'Keep on this device' }).click();
  await expect(where(second.page, 'notes.bin')).toHaveText('2 copies');
  await openFiles(first.page);
  await expect(where(first.page, 'notes.bin')).toHaveText('3 copies');
  await relay.stop();
  const size = await second.page.evaluate(
    async (id) => {
      const response = await fetch(`/_islet/file/${id}/raw.orig`);
      return (await response.arrayBuffer()).byteLength;
    },
    await entry(second.page, 'notes.bin').getAttribute('data-entry'),
  );
  expect(size).toBe(300_000);
});

test('a browser without a name keeps files, and brings them along when it gets one @offline', async ({
  browser,
  relay,
}) => {
  const { page } = await openBrowser(browser, relay);
  await openFiles(page);
  await add(page, bytesOf('early.bin', 4000));
  await expect(where(page, 'early.bin')).toHaveText('On this device');
  if (!relay.setupLink) throw new Error('the relay printed no setup link');
  await page.goto(relay.setupLink);
  await page.getByRole('button', { name: 'Claim this space' }).click();
  await expect(page.getByText(`This space is now ${relay.idTag}.`)).toBeVisible();
  await openFiles(page);
  await expect(where(page, 'early.bin')).toHaveText('2 copies');
});

/** A PDF of two empty pages, by hand; readers mend the missing table. */
function pdfOf(name: string): Picked {
  const page = '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 300] >>';
  const text = [
    '%PDF-1.4',
    '1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj',
    '2 0 obj << /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >> endobj',
    `3 0 obj ${page} endobj`,
    `4 0 obj ${page} endobj`,
    'trailer << /Root 1 0 R >>',
    '%%EOF',
  ].join('\n');
  return { name, mimeType: 'application/pdf', buffer: Buffer.from(text) };
}

/** A second of moving colour, recorded by the browser. */
async function videoOf(page: Page, name: string): Promise<Picked> {
  const bytes = await page.evaluate(async () => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [320, 240];
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no canvas');
    const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: 'video/webm' });
    const parts: Blob[] = [];
    recorder.addEventListener('dataavailable', ({ data }) => parts.push(data));
    recorder.start();
    for (let i = 0; i < 30; i++) {
      context.fillStyle = `hsl(${i * 12} 80% 50%)`;
      context.fillRect(0, 0, 320, 240);
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    const stopped = new Promise((resolve) => recorder.addEventListener('stop', resolve));
    recorder.stop();
    await stopped;
    return [...new Uint8Array(await new Blob(parts).arrayBuffer())];
  });
  return { name, mimeType: 'video/webm', buffer: Buffer.from(bytes) };
}

test('a video and a PDF get a picture of their beginning; what only pretends to be a picture gets none @offline', async ({
  browser,
  relay,
}) => {
  const { page } = await claimBrowser(browser, relay);
  await openFiles(page);
  const html = '<script>document.title = "mine"</script>';
  await add(page, pdfOf('paper.pdf'), await videoOf(page, 'film.webm'), {
    name: 'page.png',
    mimeType: 'image/png',
    buffer: Buffer.from(html),
  });
  for (const name of ['paper.pdf', 'film.webm', 'page.png'])
    await expect(where(page, name)).toHaveText('2 copies', { timeout: 30_000 });
  await expect(entry(page, 'paper.pdf').locator('img')).toHaveJSProperty('naturalHeight', 256);
  await expect(entry(page, 'film.webm').locator('img')).toHaveJSProperty('naturalWidth', 256);
  await expect(entry(page, 'page.png').locator('img')).toHaveCount(0);
  await entry(page, 'paper.pdf').click();
  await page.getByRole('button', { name: 'Details' }).click();
  await expect(page.getByRole('complementary', { name: 'Details' })).toContainText('2');
});

test('what another application shares is in the files once a person says so @offline', async ({
  browser,
  relay,
}) => {
  const { page } = await claimBrowser(browser, relay);
  await openFiles(page);
  const share = (name: string) =>
    page.evaluate(async (title) => {
      const body = new FormData();
      body.append('files', new File([`shared as ${title}`], title));
      return (await fetch('/share', { method: 'POST', body })).url;
    }, name);
  const landed = await share('from-afar.bin');
  expect(new URL(landed).pathname).toBe('/files');
  await page.goto(landed);
  const question = page.getByRole('dialog', { name: 'Add what was shared?' });
  await expect(question.getByText('from-afar.bin')).toBeVisible();
  await question.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(entry(page, 'from-afar.bin')).toBeVisible();
  await share('unwanted.bin');
  await page.goto(landed);
  await question.getByRole('button', { name: 'Do not add' }).click();
  await expect(question).toHaveCount(0);
  await page.goto(landed);
  await expect(page.getByRole('row', { name: 'from-afar.bin', exact: true })).toHaveCount(1);
  await expect(page.getByRole('row', { name: 'unwanted.bin', exact: true })).toHaveCount(0);
  await expect(question).toHaveCount(0);
});

test('a picture of oneself is shown to everybody, and can be taken away @offline', async ({
  browser,
  relay,
}) => {
  const { page } = await claimBrowser(browser, relay);
  await openFiles(page);
  const picture = await pictureOf(page, 'me.png');
  await go(page, 'Settings');
  const chooser = page.waitForEvent('filechooser');
  await page
    .getByRole('button', { name: /profile picture/i })
    .first()
    .click();
  await (await chooser).setFiles(picture);
  const profile = (): Promise<string> =>
    page.evaluate(async (url) => (await fetch(url)).text(), `${relay.apiOrigin}/api/me`);
  await expect.poll(profile).toContain('"profilePic":"f1~');
  await page.getByRole('button', { name: /remove.*profile picture/i }).click();
  await expect.poll(profile).not.toContain('profilePic');
});
