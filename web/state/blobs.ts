import { loadBlob } from '../client/store/blobs.ts';
import { database } from './documents.ts';

let readRemote: ((id: string) => Promise<Blob | undefined>) | undefined;

/** Says where bytes come from that are not on this device; given once this browser is enrolled. */
export function provideRemoteBlobs(read: (id: string) => Promise<Blob | undefined>): void {
  readRemote = read;
}

/** Content-addressed bytes: from this device, else from the relay when it can be reached. */
export async function readBlob(id: string): Promise<Blob | undefined> {
  const here = await loadBlob(await database(), id);
  if (here || !readRemote) return here;
  return readRemote(id).catch(() => undefined); // shown as not on this device; asked for again when it is next drawn
}
