import { type Accessor, createEffect, createRoot, createSignal } from 'solid-js';
import { IsletError } from '../../shared/errors.ts';
import { writeLastSpace } from '../client/last-space.ts';
import { countUnsent, finishRemovals, holdSpace } from '../client/remove-space.ts';
import {
  createSpace,
  isListed,
  isSpaceKey,
  lastKey,
  listSpaces,
  markGone,
  type Space,
  writeSpace,
} from '../client/space-list.ts';
import { currentSpace, type SpaceId, storageName } from '../client/spaces.ts';
import { loadBlob } from '../client/store/blobs.ts';
import { openDatabase } from '../client/store/database.ts';
import { chip, type RelaySync } from './chip.ts';
import { database, random } from './documents.ts';
import { identitySource, identityState } from './identity.ts';
import { createLive } from './live.ts';
import { readStored } from './stored.ts';
import { unreadMessages, unreadNotices } from './unread.ts';

export type { Space };

const [spaces, setSpaces] = createSignal<readonly Space[]>(listSpaces(localStorage));
/** The spaces of this browser; the one of this page is among them. */
export { spaces };

function refresh(): void {
  setSpaces(listSpaces(localStorage));
}

function storedOwn(): Space {
  return (
    spaces().find(({ id }) => id === currentSpace) ?? { id: currentSpace, name: '', unread: 0, added: 0 }
  );
}

/** The space that this page shows, with the identity that it has by now. */
export function ownSpace(): Space {
  const { identity } = identityState;
  return { ...storedOwn(), ...(identity.kind === 'claimed' ? { idTag: identity.idTag } : {}) };
}

/** What is called when a space has neither a name nor an identity. */
export function spaceName(space: Space, unnamed: (place: number) => string): string {
  return space.name || space.idTag || unnamed(spaces().findIndex(({ id }) => id === space.id) + 1);
}

/** Pages that every space has; from another one a switch leads to Home. */
const common = /^\/(home|files|feed|people|messages|notices|settings)$/;

/** Where somebody is who changes the space; what another site asks may be meant for the other one. */
function placeHere({ pathname, search }: Location): string {
  if (pathname === '/authorize') return pathname + search;
  return common.test(pathname) ? pathname : '/home';
}

/** Loads the page anew in another space: nothing of this one stays in memory. `path` is the same page when not given. */
export function switchSpace(id: SpaceId, path = placeHere(location)): void {
  if (id === currentSpace && path === location.pathname) return;
  enter(id);
  open(path);
}

/** Loads a page. An address that differs in its fragment alone, or not at all, would otherwise stay where it is. */
function open(path: string): void {
  const { pathname, search } = new URL(path, location.href);
  if (pathname !== location.pathname || search !== location.search) return location.assign(path);
  history.replaceState(null, '', path);
  location.reload();
}

function enter(id: SpaceId): void {
  sessionStorage.clear();
  sessionStorage.setItem(lastKey, id);
  remember(id);
}

/** The space in which a new tab opens, and that takes what other applications share. */
function remember(id: SpaceId): void {
  if (readStored(lastKey) === id) return;
  localStorage.setItem(lastKey, id);
  writeLastSpace(id).catch(() => undefined); // without a cache there is no service worker to ask
}

/** How much is new in the spaces that this page does not show, as their pages said last. */
export function unreadElsewhere(): number {
  return spaces().reduce((sum, { id, unread }) => (id === currentSpace ? sum : sum + unread), 0);
}

/** Goes to a new, empty space. `path` is opened in it: a link to set up, join or bring back an identity. */
export function startSpace(path = '/'): void {
  const id = createSpace(localStorage, { current: currentSpace, random, now: Date.now() });
  writeOwn();
  switchSpace(id, path);
}

/** Keeps a name or a colour of the space of this page. */
export function describeSpace(changes: Pick<Partial<Space>, 'name' | 'hue'>): void {
  writeSpace(localStorage, currentSpace, changes);
  refresh();
}

/** What is known only while a space is open, for when it is not. */
function writeOwn(): void {
  // While nothing is known yet of an identity, what was known before stays.
  const { idTag } = ownSpace();
  const unread = unreadMessages() + unreadNotices();
  const before = storedOwn();
  // Alone it needs no entry, and one that another tab has removed must not get it back.
  if (!isListed(localStorage, currentSpace)) return;
  if (before.unread === unread && before.idTag === idTag) return;
  writeSpace(localStorage, currentSpace, { idTag, unread });
  refresh();
}

/** How much of this space no relay has acknowledged; call inside an owner. */
export function watchUnsent(): Accessor<number> {
  const others = createLive(database(), countUnsent, 0);
  return () => others() + documentsUnsent(chip.relay);
}

function documentsUnsent(relay: RelaySync): number {
  if (relay.kind === 'synced') return 0;
  return Math.max(1, relay.kind === 'offline' ? relay.dirty : relay.kind === 'sending' ? relay.rows : 0);
}

/** How many documents, files and folders are here; call inside an owner. */
export function watchEntries(): Accessor<number> {
  return createLive(database(), (db) => db.documents.count(), 0);
}

/**
 * Takes the space of this page out of this browser with everything it has stored. Where the identity has another device, this one is taken
 * off its list before, and when that fails nothing is removed.
 */
export async function removeOwnSpace(options: { leaveList: boolean }): Promise<void> {
  if (options.leaveList) await leaveList();
  const { id: next } = spaces().find(({ id }) => id !== currentSpace) ?? {
    id: createSpace(localStorage, { current: currentSpace, random, now: Date.now() }),
  };
  markGone(localStorage, currentSpace);
  enter(next);
  sessionStorage.setItem(removedKey, '1');
  location.replace('/home');
}

async function leaveList(): Promise<void> {
  const did = identityState.deviceId;
  if (did === undefined) return;
  try {
    await identitySource()?.removeDevice(did);
  } catch (error) {
    // What was asked after it is refused to a device that has just been taken off.
    if (!(error instanceof IsletError) || error.status !== 401) throw error;
  }
}

/** The picture of a space, read from what it keeps in this browser; an address for `img`. */
export async function readFace({ id }: Space): Promise<string | undefined> {
  const blob = readStored(storageName('islet:profilePic', id));
  if (blob === null) return undefined;
  const db = id === currentSpace ? await database() : await openDatabase(storageName('islet', id));
  try {
    const bytes = await loadBlob(db, blob);
    return bytes && URL.createObjectURL(bytes);
  } finally {
    if (id !== currentSpace) db.close();
  }
}

/** In this tab a space was removed. Another tab may be the one that deletes what is left of it. */
const removedKey = 'islet:space:removed';

/** Follows what other tabs do with spaces, and tells them about this one; call once. `onRemoved` hears that what this tab removed is gone. */
export function followSpaces(onRemoved: () => void): void {
  const { locks } = navigator;
  holdSpace(currentSpace, locks);
  const browser = { storage: localStorage, indexedDB, caches: globalThis.caches, locks };
  const wasAsked = sessionStorage.getItem(removedKey) !== null;
  sessionStorage.removeItem(removedKey);
  finishRemovals(browser).then(
    () => wasAsked && onRemoved(),
    () => undefined, // tried again at the next start
  );
  window.addEventListener('storage', ({ key }) => {
    if (!isSpaceKey(key)) return;
    refresh();
    leaveWhenGone();
  });
  addEventListener('focus', () => isListed(localStorage, currentSpace) && remember(currentSpace));
  createRoot(() => createEffect(writeOwn));
}

/** Another tab has removed the space of this page. */
function leaveWhenGone(): void {
  const others = spaces().filter(({ id }) => id !== currentSpace);
  if (others.length === 0 || isListed(localStorage, currentSpace)) return;
  switchSpace(others[0]!.id, '/home');
}
