import { IsletError } from '../../../shared/errors.ts';
import { fileIdSchema } from '../../../shared/file/blob-id.ts';
import { limits, routes } from '../../../shared/routes.ts';
import * as v from 'valibot';
import { type FetchParts, fetchBlob } from '../files/fetch-blob.ts';
import { createRelayApi, type RelayApi, segment } from '../relay/relay-api.ts';
import { saveBlob } from '../store/blobs.ts';
import type { Database } from '../store/database.ts';
import { type Pass, readPass, type Visit } from './pass.ts';

/** Pictures of documents that live at neighbours' relays. */
export interface Pictures {
  /**
   * Bytes from the owner's relay, checked by their hash; then kept here and, as a part of our copy, at our own relay.
   * @returns undefined when they are not there
   * @throws RelayUnreachable, IsletError
   */
  read(visit: Visit, blob: string): Promise<Blob | undefined>;
  /** A picture that a document of another app names as a file, in a size for the screen. It is not kept. */
  readFile(visit: Visit, file: string): Promise<Blob | undefined>;
  /** Sends what was added here. One that is refused is told, and not sent again while this page lives. @throws RelayUnreachable, IsletError */
  send(visit: Visit): Promise<void>;
}

export interface PicturesOptions extends FetchParts {
  onRefusal(error: IsletError): void;
}

/** How long a pass is used, in milliseconds: it is good for an hour at most. */
const passLife = 10 * 60_000;

/**
 * Keeps a picture that is added to a document of a neighbour, and that its owner's relay is still to get.
 * @returns its blob id
 * @throws IsletError E-CORE-TOOLARGE; QuotaExceededError
 */
export async function savePicture(db: Database, doc: string, picture: Blob): Promise<string> {
  if (picture.size > limits.picture)
    throw new IsletError('E-CORE-TOOLARGE', 'A picture for somebody else’s document has at most 16 MB.');
  const blob = await saveBlob(db, picture);
  await db.owed.put({ doc, blob });
  return blob;
}

/** Pictures of a document that wait for its owner's relay; not those that it refused. */
export function countOwed(db: Database, doc: string): Promise<number> {
  return db.owed
    .where('doc')
    .equals(doc)
    .and(({ reason }) => reason === undefined)
    .count();
}

export function createPictures({ onRefusal, ...parts }: PicturesOptions): Pictures {
  const { db, api, now } = parts;
  const passes = new Map<string, { pass: Promise<Pass>; until: number }>();
  const refused = new Set<string>();

  function passFor(visit: Visit, renew: boolean): Promise<Pass> {
    const key = `${visit.id}:${visit.level}`;
    const known = passes.get(key);
    if (known && !renew && known.until > now()) return known.pass;
    const pass = readPass(api, { ...visit, renew });
    passes.set(key, { pass, until: now() + passLife });
    pass.catch(() => passes.delete(key));
    return pass;
  }

  /** What is refused is asked for once more, with another pass: the last may have ended. */
  async function ask<T>(visit: Visit, what: (theirs: RelayApi) => Promise<T>): Promise<T> {
    const enter = ({ token, apiBase }: Pass): Promise<T> =>
      what(createRelayApi(apiBase, () => Promise.resolve(token)));
    const pass = await passFor(visit, false);
    try {
      return await enter(pass);
    } catch (error) {
      if (!isShut(error)) throw error;
      return enter(await passFor(visit, true));
    }
  }

  async function sendOne(visit: Visit, blob: string): Promise<void> {
    const bytes = await fetchBlob(blob, parts);
    try {
      if (bytes) await ask(visit, (theirs) => theirs.put(routes.blobs + segment(blob), bytes));
      await db.owed.delete([visit.id, blob]);
    } catch (error) {
      if (!(error instanceof IsletError) || isShut(error)) throw error;
      refused.add(visit.id + blob);
      await db.owed.update([visit.id, blob], { reason: error.message });
      onRefusal(error);
    }
  }

  return {
    read: (visit, blob) =>
      ask(visit, (theirs) =>
        fetchBlob(blob, { ...parts, api: theirs }, { type: 'application/octet-stream', uploaded: 0 }),
      ),
    async readFile(visit, file) {
      if (!v.is(fileIdSchema, file)) return undefined;
      return ask(visit, (theirs) => theirs.download(`${routes.files}${segment(file)}?variant=vis.sd`));
    },
    async send(visit) {
      for (const { blob } of await db.owed.where('doc').equals(visit.id).toArray())
        if (!refused.has(visit.id + blob)) await sendOne(visit, blob);
    },
  };
}

/** Somebody does not let us in, which says nothing of the picture. */
function isShut(error: unknown): boolean {
  return error instanceof IsletError && (error.status === 401 || error.status === 403);
}
