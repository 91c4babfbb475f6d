/**
 * What a relay serves as `/sw.js` when its operator has switched the service worker off (`SERVICE_WORKER=off`): the one that a browser has goes,
 * and pages come from the relay again. Tabs that are open still find the chunks of their build; documents, keys and what waits to be
 * sent are in other stores and are not touched.
 */
export const stopWorker = `addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(registration.unregister()));
addEventListener('fetch', (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (origin !== location.origin || !pathname.startsWith('/assets/')) return;
  event.respondWith(caches.match(event.request, { ignoreVary: true }).then((kept) => kept ?? fetch(event.request)));
});
`;
