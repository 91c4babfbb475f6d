import { fileId } from '../../../shared/file/blob-id.ts';
import { formatDescriptor, parseDescriptor, type Variant } from '../../../shared/file/descriptor.ts';
import { profileSchema } from '../../../shared/identity/key-set.ts';
import { fileCreatedSchema, routes } from '../../../shared/routes.ts';
import * as v from 'valibot';
import { type RelayApi, segment } from '../relay/relay-api.ts';
import { fetchBlob, type FetchParts } from './fetch-blob.ts';
import type { FileWork } from './file-work.ts';
import { notePicture } from '../restore/pictures.ts';
import { sendBlob } from './send-blob.ts';

/** Which picture an identity shows of itself. */
export type OwnPicture = 'profilePic' | 'coverPic';

interface PictureParts {
  api: RelayApi;
  work: FileWork;
  now: () => number;
}

/**
 * Shows a picture of this identity to everybody, or none. Only its renditions go out: the original may tell where it was taken.
 * @throws RelayUnreachable; Error in words when it is no picture
 */
export async function setOwnPicture(
  which: OwnPicture,
  file: File | null,
  { api, work, now }: PictureParts,
): Promise<void> {
  const id = file && (await uploadPicture(file, { api, work, now }));
  await api.post(routes.profile, { [which]: id }, profileSchema);
}

async function uploadPicture(file: File, { api, work, now }: PictureParts): Promise<string> {
  const picture = await work.render(file, { profile: true });
  if (!picture) throw new Error(`${file.name} cannot be read as a picture.`);
  const { signal } = new AbortController();
  const variants: Variant[] = [];
  for (const { name, bytes, width, height } of picture.renditions) {
    const blob = await work.hash(bytes);
    await sendBlob(blob, bytes, { api, signal, now, onOffset: () => Promise.resolve() });
    const format = bytes.type.replace('image/', '');
    variants.push({ name, blob, format, size: bytes.size, width, height });
  }
  const descriptor = formatDescriptor(variants);
  const contentType = picture.renditions[0]?.bytes.type ?? 'image/webp';
  const fileName = file.name.slice(0, 255) || 'picture';
  const body = { descriptor, contentType, fileName, visibility: 'P' };
  await api.post(routes.files, body, fileCreatedSchema);
  return fileId(descriptor);
}

/**
 * The id of the blob that shows the picture, which then is on this device; undefined when the identity has none.
 * @throws RelayUnreachable
 */
export async function readOwnPicture(which: OwnPicture, parts: FetchParts): Promise<string | undefined> {
  const file = (await parts.api.get(routes.profile, profileSchema))[which];
  if (file === undefined) {
    await notePicture(parts.db, which, undefined);
    return undefined;
  }
  const text = await parts.api.get(`${routes.files}${segment(file)}/descriptor`, v.string());
  const order = which === 'profilePic' ? ['vis.tn', 'vis.pf'] : ['vis.md', 'vis.sd', 'vis.tn'];
  const variants = parseDescriptor(text);
  const shown = order.map((name) => variants.find((variant) => variant.name === name)).find((one) => one);
  if (!shown) return undefined;
  // All of them: the relay may lose them one day.
  const fetch = ({ blob, size, format }: Variant) =>
    fetchBlob(blob, parts, { size, type: `image/${format}`, stays: true });
  const held = await Promise.all(variants.map(fetch));
  if (held.every((bytes) => bytes !== undefined)) await notePicture(parts.db, which, text);
  return held[variants.indexOf(shown)] && shown.blob;
}
