import { afterEach, expect, test, vi } from 'vitest';
import { parseIdTag } from '../../../shared/identity/id-tag.ts';
import { createTestKey } from '../../../shared/test/keys.ts';
import { randomBytes, type } from '../documents/browser-fixture.ts';
import { addAll, openTestFiles, type TestFiles } from '../files/files-fixture.ts';
import { type Browser, finishRemovals } from '../remove-space.ts';
import { createSpace, listGone, markGone, type SpaceStorage } from '../space-list.ts';
import { HandedRelay } from './handed-fixture.ts';
import { handOver } from './hand-over.ts';
import type { DeviceKeys, Membership } from './key-store.ts';

/** The page is gone: nothing that it does happens any more. */
class Killed extends Error {}

/** Counts what reaches the world outside of the page, and kills the page at one of these steps. */
class Fuse {
  steps = 0;
  private readonly at: number;

  constructor(at: number) {
    this.at = at;
  }

  burn(): void {
    if (this.steps++ >= this.at) throw new Killed();
  }

  /** A request may have arrived, or not, when the page ends. */
  async around<T>(act: () => Promise<T>): Promise<T> {
    this.burn();
    const result = await act();
    this.burn();
    return result;
  }
}

const key = await createTestKey();
const keys = {
  ...key,
  origin: key.did,
  ecdh: key.jwk,
  derive: () => Promise.reject(new Error()),
} as DeviceKeys;
const membership = { idTag: parseIdTag('alice.test'), apiBase: 'http://relay.test' } as Membership;
/** Pages of one browser, one after the other: each runs into what is left of the last, and ends. */
const locks = {
  request: (_name: string, work: () => Promise<void>) => work(),
} as unknown as Browser['locks'];

afterEach(() => void vi.unstubAllGlobals());

/** What a lost device does at each start, as its pages do. */
async function start(world: World, fuse: Fuse): Promise<void> {
  const { relay } = world;
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => fuse.around(() => relay.fetch(url, init)));
  const storage = burning(world.storage, fuse);
  const hasEnded = (await indexedDB.databases()).length === 0;
  if (listGone(storage).length === 0 && !hasEnded) {
    const { db } = world.here.browser;
    const { documents } = world.here;
    const now = (): number => 1_795_262_400_000;
    await handOver({
      db,
      documents,
      keys,
      membership,
      now,
      random: randomBytes,
      onProgress: () => undefined,
    });
    fuse.burn();
    createSpace(storage, { current: '', random: randomBytes, now: now() });
    markGone(storage, '');
  }
  await world.leave();
  const databases = {
    databases: () => indexedDB.databases(),
    deleteDatabase: (name: string) => {
      fuse.burn();
      return indexedDB.deleteDatabase(name);
    },
  };
  await finishRemovals({ storage, indexedDB: databases, caches: undefined, locks });
}

interface World {
  here: TestFiles;
  relay: HandedRelay;
  storage: SpaceStorage;
  leave: () => Promise<void>;
}

async function openWorld(): Promise<World> {
  const here = await openTestFiles();
  const storage = here.browser.net;
  const { documents, files } = here;
  const open = await documents.open(documents.newId());
  type(open.doc, 'Only here', 'heading');
  await open.whenSaved();
  await open.close();
  await files.createFolder('Folder', '');
  await addAll(files, [new File(['secret bytes'], 'a.txt')]);
  const statement = { t: 'POST', iat: 5, c: 'Not said', v: 'F' as const, _: 'a' };
  await here.browser.db.outbox.add({ id: 'a', statement, local: {}, uploads: [] });
  await documents.whenProjected();
  storage.setItem('islet:secret', 'of the identity');
  storage.setItem('islet:theme', 'dark');
  let left = false;
  const leave = async (): Promise<void> => {
    if (!left) await here.close();
    left = true;
  };
  return { here, relay: new HandedRelay(), storage, leave };
}

/** The storage as a page reaches it, which may end before each write. */
function burning(storage: SpaceStorage, fuse: Fuse): SpaceStorage {
  return {
    get length() {
      return storage.length;
    },
    key: (index) => storage.key(index),
    getItem: (name) => storage.getItem(name),
    setItem: (name, value) => {
      fuse.burn();
      storage.setItem(name, value);
    },
    removeItem: (name) => {
      fuse.burn();
      storage.removeItem(name);
    },
  };
}

async function assertGone({ here, relay, storage }: World): Promise<void> {
  expect([...relay.items.values()].map((text) => (JSON.parse(text) as { kind: string }).kind).sort()).toEqual(
    ['changes', 'document', 'draft', 'file'],
  );
  expect(relay.store.blobs.size).toBe(1);
  expect(relay.store.staged.size).toBe(0);
  const left = (await indexedDB.databases()).map(({ name }) => name);
  expect(left).toEqual([]);
  expect(here.browser.db.isOpen()).toBe(false);
  const names = Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? '');
  expect(names.filter((name) => !/^islet:(theme|space:\w{8})$/.test(name))).toEqual([]);
  expect(storage.getItem('islet:theme')).toBe('dark');
}

/** Starts that are killed a step later each time, until one is not or `done` says so. @returns how many were killed */
async function killEachStep(world: World, done: () => boolean): Promise<number> {
  for (let at = 0; ; at++) {
    const ended = await start(world, new Fuse(at)).then(
      () => true,
      () => false,
    );
    expect(world.relay.items.size).toBeLessThanOrEqual(4);
    if (ended || done()) return at;
  }
}

test('X11: killed at each step in turn, of handing over and of deleting, it begins anew: all is in quarantine once, and nothing is left', async () => {
  const world = await openWorld();
  const isGone = (): boolean => listGone(world.storage).length > 0;
  expect(await killEachStep(world, isGone)).toBeGreaterThan(12);
  expect(world.relay.items.size).toBe(4);
  expect((await indexedDB.databases()).length).toBeGreaterThan(2);
  expect(await killEachStep(world, () => !isGone())).toBeGreaterThan(3);
  await start(world, new Fuse(Infinity));
  await assertGone(world);
});
