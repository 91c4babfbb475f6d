import { isSpaceId, type SpaceId } from './spaces.ts';

const cacheName = 'islet-spaces';
const address = '/_islet/last-space';

/** Which space a new tab shows, where the service worker can read it: it has no `localStorage`. */
export async function writeLastSpace(space: SpaceId): Promise<void> {
  const cache = await caches.open(cacheName);
  await cache.put(address, new Response(space));
}

/** The space to which what another application shares belongs. */
export async function readLastSpace(): Promise<SpaceId> {
  const text = (await (await caches.match(address, { cacheName }))?.text()) ?? '';
  return isSpaceId(text) ? text : '';
}
