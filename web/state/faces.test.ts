import 'fake-indexeddb/auto';
import { createComponent, createRenderEffect, createRoot, Suspense } from 'solid-js';
import { expect, test, vi } from 'vitest';
import { formatDescriptor } from '../../shared/file/descriptor.ts';
import { provideRemoteBlobs } from './blobs.ts';
import { database } from './documents.ts';
import { faceUrl } from './faces.ts';

/** What is on the screen, as Solid's renderer would read it. */
function flatten(shown: unknown): unknown {
  return typeof shown === 'function' ? flatten(shown()) : shown;
}

test('while a picture is on its way there is no face, and what stands around it stays on the screen', async () => {
  const blob = `b1~${'A'.repeat(43)}`;
  const picture = formatDescriptor([
    { name: 'vis.pf', blob, format: 'webp', size: 100, width: 80, height: 80 },
  ]);
  await (
    await database()
  ).people.add({
    ...{ idTag: 'carl.test', name: 'Carl', type: 'person', picture },
    ...{ following: 0, follower: 0, connected: 'connected', blocked: 0, muted: 0 },
  });
  let bring: (bytes: Blob) => void = () => undefined;
  const asked = vi.fn(() => new Promise<Blob>((resolve) => (bring = resolve)));
  provideRemoteBlobs(asked);
  let seen: unknown;
  const end = createRoot((dispose) => {
    const dialog = createComponent(Suspense, {
      fallback: 'nothing',
      get children() {
        return faceUrl('carl.test') ?? 'the letter C';
      },
    });
    createRenderEffect(() => void (seen = flatten(dialog)));
    return dispose;
  });
  await expect.poll(() => asked).toHaveBeenCalledWith(blob);
  expect(seen).toBe('the letter C');
  bring(new Blob(['picture']));
  await expect.poll(() => seen).toMatch(/^blob:/);
  end();
});
