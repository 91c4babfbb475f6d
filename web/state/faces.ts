import { createRoot, createSignal, type Accessor } from 'solid-js';
import { parseDescriptor } from '../../shared/file/descriptor.ts';
import type { PersonRow } from '../client/store/action-rows.ts';
import { readBlob } from './blobs.ts';
import { database } from './documents.ts';
import { pictureUrl } from './file-storage.ts';
import { identityState } from './identity.ts';
import { createLive } from './live.ts';

let people: Accessor<ReadonlyMap<string, PersonRow>> | undefined;
const faces = new Map<string, Accessor<string | undefined>>();

/** The picture that a person shows of themselves, as an address for `img`; undefined until it is here. */
export function faceUrl(idTag: string): string | undefined {
  const { identity } = identityState;
  if (identity.kind === 'claimed' && identity.idTag === idTag) return pictureUrl('profilePic')();
  people ??= createRoot(() =>
    createLive(
      database(),
      async (db) => new Map((await db.people.toArray()).map((person) => [person.idTag, person] as const)),
      new Map<string, PersonRow>(),
    ),
  );
  const blob = faceBlob(people().get(idTag));
  return blob === undefined ? undefined : openFace(blob)();
}

/** The small square of a profile picture, else its thumbnail. */
function faceBlob(person: PersonRow | undefined): string | undefined {
  if (!person?.picture) return undefined;
  try {
    const variants = parseDescriptor(person.picture);
    return ['vis.pf', 'vis.tn'].flatMap((wanted) => variants.filter(({ name }) => name === wanted))[0]?.blob;
  } catch {
    return undefined; // a descriptor that cannot be read is a face that cannot be shown: the letter is
  }
}

/**
 * One address for each picture, for as long as the page lives: faces are small and come again and again. Not a resource: one that waits
 * takes what stands around it off the screen, and a dialog that was taken off comes back without its focus.
 */
function openFace(blob: string): Accessor<string | undefined> {
  const known = faces.get(blob);
  if (known) return known;
  const [url, setUrl] = createSignal<string>();
  faces.set(blob, url);
  readBlob(blob).then(
    (bytes) => bytes && setUrl(URL.createObjectURL(bytes)),
    () => faces.delete(blob), // the letter is shown; the next who shows it asks again
  );
  return url;
}
