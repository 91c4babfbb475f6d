import { createMemo, createRoot, createSignal, type Accessor } from 'solid-js';
import { formatFileUrl } from '../client/files/file-url.ts';
import { countCopies, hasBytes, isKept, neededVariants, readVariants } from '../client/files/variants.ts';
import type { Database } from '../client/store/database.ts';
import { database } from './documents.ts';
import { type FileItem, itemsById } from './file-items.ts';
import { findTransfer, type Transfer } from './file-transfers.ts';
import { openFiles } from './files-client.ts';
import { identityState, isClaimed } from './identity.ts';
import { assertSealer, assertWriter } from './limits.ts';
import { createLive } from './live.ts';

export { type FileItem, filesReady } from './file-items.ts';

/** Everything in the tree, the trash included, in no order. */
export const fileItems: Accessor<FileItem[]> = createRoot(() => {
  const list = createMemo(() => [...itemsById().values()]);
  return list;
}, null);

export function fileItem(id: string): FileItem | undefined {
  return itemsById().get(id);
}

/** Where the bytes of a file are. */
export interface FileState {
  /** On this device. */
  here: boolean;
  /** The relay has acknowledged them. */
  relay: boolean;
  /** This device, the relay, and other devices that promised to keep it and can have it. */
  copies: number;
  /** This device promises to keep it, or a folder above it. */
  kept: boolean;
  /** What is under way or went wrong. */
  transfer: Transfer | undefined;
}

type Held = ReadonlySet<string> | undefined;
let held: Accessor<Held> | undefined;

/** Ids of the blobs on this device; undefined until they have been read once. */
function heldBlobs(): Held {
  held ??= createRoot(() =>
    createLive<Database, Held>(
      database(),
      async (db) => new Set(await db.blobs.toCollection().primaryKeys()),
      undefined,
    ),
  );
  return held();
}

/** What waits to be sent is here, and until it is known what is here, whatever the relay has not. */
function isHere(item: FileItem, isSending: boolean): boolean {
  const blobs = heldBlobs();
  if (isSending || blobs === undefined) return isSending || item.stored !== item.file;
  const variants = neededVariants(readVariants(item));
  return variants.length > 0 && variants.every(({ blob }) => blobs.has(blob));
}

export function fileState(item: FileItem): FileState {
  const device = identityState.deviceId?.slice(-8) ?? '';
  const transfer = findTransfer(item.id);
  const kept = device !== '' && isKept(item, device, itemsById());
  if (!hasBytes(item)) return { here: true, relay: false, copies: 1, kept, transfer };
  const here = transfer?.state !== 'damaged' && isHere(item, transfer?.kind === 'upload');
  const relay = item.file !== undefined && item.stored === item.file && transfer?.kind !== 'upload';
  const others = new Set<string>();
  for (let at: FileItem | undefined = item; at; at = fileItem(at.parent))
    for (const promise of at.kept) if (promise !== device) others.add(promise);
  return { here, relay, copies: countCopies({ here, relay, promised: others.size }), kept, transfer };
}

/** Address of a variant inside the app, for `img`, `video`, `audio` and downloads; good while `servable()`. */
export function fileUrl(id: string, variant: string, options: { download?: boolean } = {}): string {
  return formatFileUrl(id, variant, options);
}

let controlled: Accessor<boolean> | undefined;

/** Whether the service worker of this page answers for files. */
export const servable: Accessor<boolean> = () => {
  controlled ??= createRoot(() => {
    const worker = globalThis.navigator?.serviceWorker;
    const [on, setOn] = createSignal(Boolean(worker?.controller));
    worker?.addEventListener('controllerchange', () => setOn(true));
    return on;
  });
  return controlled();
};

/** Formats that a browser draws without running anything. */
const drawn = ['jpeg', 'jpg', 'png', 'webp', 'gif', 'avif'];

/** The rendition to show where about `px` pixels are wanted: the smallest that is large enough, else the largest; undefined without a picture. */
export function pictureVariant({ variants }: FileItem, px: number): string | undefined {
  const side = ({ width, height }: { width: number; height: number }): number => Math.max(width, height);
  const pictures = variants
    .filter(({ name, format }) => name.startsWith('vis.') && name !== 'vis.pf' && drawn.includes(format))
    .sort((a, b) => side(a) - side(b));
  return (pictures.find((variant) => side(variant) >= px) ?? pictures.at(-1))?.name;
}

/** The variant that is the file itself: `vis.orig`, `vid.orig`, `aud.orig`, `doc.orig` or `raw.orig`. */
export function contentVariant({ variants }: FileItem): string | undefined {
  const names = variants.map(({ name }) => name);
  return (
    names.find((name) => name.endsWith('.orig')) ?? variants.toSorted((a, b) => b.size - a.size)[0]?.name
  );
}

/** The bytes of a variant, opened when sealed; undefined when neither this device nor the relay has them. */
export async function readVariant(id: string, variant: string): Promise<Blob | undefined> {
  return (await openFiles()).readVariant(id, variant);
}

/** Takes a change back. */
export type Undo = () => Promise<void>;

/** @throws IsletError E-VAL-INVALID */
export async function createFolder(title: string, parent: string): Promise<{ id: string; undo: Undo }> {
  assertWriter();
  const { id, undo } = await (await openFiles()).createFolder(title, parent);
  return { id, undo: toUndo(undo) };
}

/** @throws IsletError E-SEALED-KEY while this space has no name */
export async function createSealedFolder(title: string, parent: string): Promise<{ id: string }> {
  assertSealer();
  return { id: await (await openFiles()).createSealedFolder(title, parent) };
}

/** @throws IsletError E-VAL-INVALID */
export async function renameItem(id: string, title: string): Promise<Undo> {
  assertWriter();
  return toUndo(await (await openFiles()).rename(id, title));
}

/** Also into and out of sealed folders: then it takes as long as the bytes take. @throws IsletError E-VAL-INVALID, E-SEALED-* */
export async function moveItems(ids: string[], parent: string): Promise<Undo> {
  assertWriter();
  return (await openFiles()).move(ids, parent);
}

export async function trashItems(ids: string[]): Promise<Undo> {
  assertWriter();
  return toUndo((await openFiles()).tree.trash(ids));
}

export async function restoreItems(ids: string[]): Promise<Undo> {
  assertWriter();
  return toUndo((await openFiles()).tree.restore(ids));
}

/** Deletes for good, here and at the relay. */
export async function purgeItems(ids: string[]): Promise<void> {
  assertWriter();
  await (await openFiles()).purge(ids);
}

/** Keeps files, or all that is and will be in folders, on this device. */
export async function setKept(ids: string[], kept: boolean): Promise<void> {
  assertWriter();
  await (await openFiles()).setKept(ids, kept);
}

/** Whether this space has a name, without which there are no keys to seal with. */
export function canSeal(): boolean {
  return isClaimed();
}

function toUndo(undo: () => unknown): Undo {
  return () => Promise.resolve(void undo());
}
