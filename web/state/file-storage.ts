import { createRoot, createSignal, type Accessor } from 'solid-js';
import { routes, storageSchema } from '../../shared/routes.ts';
import { type OwnPicture, readOwnPicture, setOwnPicture } from '../client/files/own-pictures.ts';
import type { FilesAccount } from '../client/files/files.ts';
import { RelayUnreachable } from '../client/relay/relay-api.ts';
import { storageName } from '../client/spaces.ts';
import { evictable, loadBlob } from '../client/store/blobs.ts';
import { database } from './documents.ts';
import { openFiles } from './files-client.ts';
import { readStorage } from './install.ts';
import { readStored, writeStored } from './stored.ts';

/** Storage at the relay, in bytes. */
export interface RelayStorage {
  used: number;
  limit: number;
  left: number;
  /** Blobs whose bytes are no longer what they were. */
  damaged: readonly string[];
  /** `endedAt` in milliseconds. */
  check: {
    state: 'never' | 'running' | 'done';
    checked: number;
    total: number;
    endedAt?: number | undefined;
  };
}

/** Undefined while this space has no name, or the relay is away. */
export function readRelayStorage(): Promise<RelayStorage | undefined> {
  return ask(({ api }) => api.get(routes.storage, storageSchema));
}

/** Has the relay look at all its bytes again; `check` of `readRelayStorage` tells how far it is. */
export function verifyRelayStorage(): Promise<RelayStorage | undefined> {
  return ask(({ api }) => api.post(`${routes.storage}/verify`, {}, storageSchema));
}

async function ask<T>(work: (account: FilesAccount) => Promise<T>): Promise<T | undefined> {
  const { account } = await openFiles();
  if (!account) return undefined;
  try {
    return await work(account);
  } catch (error) {
    if (error instanceof RelayUnreachable) return undefined;
    throw error;
  }
}

/** Storage of this browser, in bytes. */
export interface DeviceStorage {
  used: number;
  quota: number;
  persistent: boolean;
  /** Of files and pictures. */
  files: number;
  /** Of these, what can be fetched from the relay again and makes room by itself. */
  evictable: number;
}

export async function readDeviceStorage(): Promise<DeviceStorage> {
  const db = await database();
  const sums = { files: 0, evictable: 0 };
  await db.blobs.each((row) => {
    sums.files += row.size;
    if (evictable(row)) sums.evictable += row.size;
  });
  return { ...(await readStorage()), ...sums };
}

interface ShownPicture {
  readonly url: Accessor<string | undefined>;
  show(blob: string | undefined): Promise<void>;
}

const shown = new Map<OwnPicture, ShownPicture>();

/** The picture as an address for `img`: at once from this device, then as the relay has it. */
export function pictureUrl(which: OwnPicture): Accessor<string | undefined> {
  return openPicture(which).url;
}

/** @throws RelayUnreachable; Error in words */
export async function setPicture(which: OwnPicture, file: File | null): Promise<void> {
  const { account, work } = await openFiles();
  if (!account) throw new RelayUnreachable('This space has no name yet.');
  const { api } = account;
  const parts = { api, work, now: () => Date.now(), db: await database() };
  await setOwnPicture(which, file, parts);
  await openPicture(which).show(await readOwnPicture(which, parts));
}

function openPicture(which: OwnPicture): ShownPicture {
  const known = shown.get(which);
  if (known) return known;
  const picture = createRoot(() => createPicture(which));
  shown.set(which, picture);
  refresh(which, picture).catch(() => undefined); // what is on this device stays until the relay can be asked
  return picture;
}

function keyOf(which: OwnPicture): string {
  return storageName(`islet:${which}`);
}

function createPicture(which: OwnPicture): ShownPicture {
  const [url, setUrl] = createSignal<string>();
  const key = keyOf(which);
  return {
    url,
    async show(blob) {
      const bytes = blob === undefined ? undefined : await loadBlob(await database(), blob);
      const before = url();
      setUrl(bytes && URL.createObjectURL(bytes));
      if (before !== undefined) URL.revokeObjectURL(before);
      writeStored(key, blob ?? null);
    },
  };
}

async function refresh(which: OwnPicture, picture: ShownPicture): Promise<void> {
  await picture.show(readStored(keyOf(which)) ?? undefined);
  const { account, work } = await openFiles();
  if (!account) return;
  const parts = { api: account.api, work, now: () => Date.now(), db: await database() };
  await picture.show(await readOwnPicture(which, parts));
}
