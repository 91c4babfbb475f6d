import { cacheNames, clientsClaim } from 'workbox-core';
import { createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { backgroundTag, flushInBackground } from './client/actions/background.ts';
import { receiveShare, sharePath } from './client/files/arrivals.ts';
import { filePath } from './client/files/file-url.ts';
import { createFileServer } from './client/files/serve-worker.ts';
import { readLastSpace } from './client/last-space.ts';
import { spaceOfName, storageName } from './client/spaces.ts';
import { openDatabase } from './client/store/database.ts';

/** Background Sync (WICG) is not in TypeScript's library. */
declare global {
  interface ServiceWorkerGlobalScopeEventMap {
    sync: ExtendableEvent & { readonly tag: string };
  }
}

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: { url: string; revision: string | null }[] };

/** Chunks of the two builds before this one: a tab that still runs them must not meet a missing file. */
const keptCaches = ['islet-kept-1', 'islet-kept-2'] as const;

/** Paths that are pages of the app, with or without a query: a login that another site asks for works while the relay is away. Everything else (`/api`, `/ws`, `/.well-known`, …) belongs to the relay. */
const appRoutes = [
  /^\/(home|files|feed|people|messages|notices|settings|setup|enrol|recover|authorize|name|handover)?\/?(\?|$)/,
  /^\/d\/[0-9A-Za-z]+\/?(\?|$)/,
  /^\/messages\/[\w.~-]+\/?(\?|$)/,
];

const clock = {
  now: () => Date.now(),
  random: (n: number) => crypto.getRandomValues(new Uint8Array(n)),
};

self.addEventListener('install', (event) => event.waitUntil(keepOldAssets()));
self.addEventListener('message', (event) => {
  const message: unknown = event.data;
  if (typeof message !== 'object' || message === null || !('type' in message)) return;
  if (message.type === 'SKIP_WAITING') void self.skipWaiting();
  if (message.type === 'CLAIM') event.waitUntil(self.clients.claim());
});
self.addEventListener('sync', (event) => {
  const space = spaceOfName(event.tag);
  if (event.tag !== storageName(backgroundTag, space)) return;
  event.waitUntil(flushInBackground(space, clock));
});
clientsClaim();

precacheAndRoute(self.__WB_MANIFEST);
registerRoute(new NavigationRoute(createHandlerBoundToURL('/index.html'), { allowlist: appRoutes }));
registerRoute(
  ({ url }) => url.origin === self.location.origin && url.pathname.startsWith('/assets/'),
  async ({ request }) => (await caches.match(request, { ignoreVary: true })) ?? fetch(request),
);

const serve = createFileServer(clock);
registerRoute(
  ({ url }) => url.origin === self.location.origin && url.pathname.startsWith(filePath),
  ({ request }) => serve(request),
);

registerRoute(
  ({ url }) => url.origin === self.location.origin && url.pathname === sharePath,
  async ({ request }) => {
    const db = await openDatabase(storageName('islet', await readLastSpace()));
    return receiveShare(request, db).finally(() => db.close());
  },
  'POST',
);

/**
 * Activation makes workbox delete what the new build does not list. So at installation the build that is
 * in use moves to the first kept cache, and the one before it to the second.
 */
async function keepOldAssets(): Promise<void> {
  const [first, second] = keptCaches;
  const current = await assetsOf(cacheNames.precache);
  if (current.length === 0) return; // the first installation: there is nothing older
  const before = await assetsOf(first);
  if (before.length > 0) await replaceCache(second, before);
  await replaceCache(first, current);
}

async function assetsOf(name: string): Promise<[Request, Response][]> {
  if (!(await caches.has(name))) return [];
  const cache = await caches.open(name);
  const found: [Request, Response][] = [];
  for (const request of await cache.keys()) {
    if (!new URL(request.url).pathname.startsWith('/assets/')) continue;
    const response = await cache.match(request);
    if (response) found.push([request, response]);
  }
  return found;
}

async function replaceCache(name: string, entries: [Request, Response][]): Promise<void> {
  await caches.delete(name);
  const cache = await caches.open(name);
  await Promise.all(entries.map(([request, response]) => cache.put(request, response)));
}
