import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { editor } from './people.ts';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));
const types: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
};

type Build = Map<string, Buffer>;

/** The built app, by path. */
async function readBuild(): Promise<Build> {
  const entries = await readdir(dist, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(files.map(async (file) => [file.slice(dist.length), await readFile(file)] as const)),
  );
}

/** The same app as a later build would be: every hashed name is longer by the mark, inside the files as well. */
function rebuilt(build: Build, mark: string): Build {
  const hashes = [...build.keys()].flatMap((path) => /-([\w-]{8})\.(?:js|css)$/.exec(path)?.[1] ?? []);
  const rename = (text: string) =>
    hashes
      .reduce((now, hash) => now.replaceAll(`-${hash}.`, `-${mark}${hash}.`), text)
      .replace(/("?revision"?:")../g, `$1${mark}`); // index.html has no hash in its name: its revision tells
  return new Map(
    [...build].map(([path, bytes]) => {
      const isText = /\.(js|css|html)$/.test(path);
      return [rename(path), isText ? Buffer.from(rename(bytes.toString('utf8'))) : bytes];
    }),
  );
}

async function serve(current: () => Build): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const isPage = path === '/' || path.startsWith('/d/') || /^\/\w+$/.test(path);
    const file = isPage ? '/index.html' : path;
    const bytes = current().get(file);
    response.writeHead(bytes ? 200 : 404, { 'content-type': types[extname(file)] ?? 'text/plain' });
    response.end(bytes ?? 'not found');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { server, url: `http://localhost:${address.port}` };
}

test('an update waits to be asked, loses no words, and keeps the chunks of the two builds before', async ({
  page,
}) => {
  const first = await readBuild();
  const later = ['Bb', 'Cc', 'Dd'].map((mark) => rebuilt(first, mark));
  const chunkOf = (build: Build) =>
    [...build.keys()].find((path) => path.includes('/feed-page-') && path.endsWith('.js'));
  let current = first;
  const { server, url } = await serve(() => current);
  try {
    await page.goto(url);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await editor(page).click();
    await page.keyboard.type('Words before the update.');

    const seen = [first];
    for (const build of later) {
      current = build;
      await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
      const use = page.getByRole('button', { name: 'Use it now' });
      await expect(use).toBeVisible();
      await Promise.all([page.waitForEvent('load'), use.click()]);
      await expect(editor(page)).toHaveText('Words before the update.');
      seen.push(build);
      const statuses = await page.evaluate(
        (paths) => Promise.all(paths.map(async (path) => (await fetch(path)).status)),
        seen.slice(-3).map((one) => chunkOf(one) ?? ''),
      );
      expect(statuses).toEqual(statuses.map(() => 200));
    }
    const oldest = await page.evaluate(async (path) => (await fetch(path)).status, chunkOf(first) ?? '');
    expect(oldest, 'older builds are let go').toBe(404);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
