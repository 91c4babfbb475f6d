import { hashBlob } from './hash-blob.ts';
import { renderPicture } from './renditions/picture.ts';
import type { WorkAnswer, WorkRequest } from './file-work.ts';

/** Hashing and decoding, off the page's thread; one request after the other. */
addEventListener('message', ({ data }: MessageEvent<WorkRequest>) => {
  answer(data).then(
    (done) => postMessage(done),
    (error: unknown) => {
      const name = error instanceof Error || error instanceof DOMException ? error.name : 'Error';
      postMessage({ kind: 'failed', name, message: String(error) } satisfies WorkAnswer);
    },
  );
});

async function answer(request: WorkRequest): Promise<WorkAnswer> {
  if (request.kind === 'hash') return { kind: 'hashed', id: await hashBlob(request.blob) };
  const picture = await renderPicture(request.blob, { profile: request.profile });
  return { kind: 'rendered', picture };
}
