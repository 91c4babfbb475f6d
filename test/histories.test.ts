import 'fake-indexeddb/auto';
import { cp, rm } from 'node:fs/promises';
import { Dexie } from 'dexie';
import { IDBFactory } from 'fake-indexeddb';
import { Awareness } from 'y-protocols/awareness';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { TestDevice } from '../relay/test/device.ts';
import { createNetwork, eventually, type TestRelay } from '../relay/test/network.ts';
import { patience, sized } from '../relay/test/sizes.ts';
import { IsletError } from '../shared/errors.ts';
import { profileSchema } from '../shared/identity/key-set.ts';
import { deviceLogSchema, routes } from '../shared/routes.ts';
import { parseRelayFrame, type RelayFrame } from '../shared/sync/frame.ts';
import { createDice, seed } from '../shared/test/seeded.ts';
import { counted } from '../shared/test/counted.ts';
import { dataOf } from '../relay/test/device.ts';
import { type Database, openDatabase } from '../web/client/store/database.ts';
import type { SyncDocuments } from '../web/client/sync/sync-documents.ts';
import type { SyncState } from '../web/client/sync/sync-state.ts';
import { startSync, type Sync } from '../web/client/sync/sync.ts';
import { createSocketClass } from './relay-socket.ts';

/** The relay of these devices; which of two copies of its data it has, changes. */
let relay: TestRelay;
let network: Awaited<ReturnType<typeof createNetwork<['alice.test']>>>;

const documentId = 'a'.repeat(24);

/** A device with its documents in memory, and its ledger and cursor in Dexie; a kill loses nothing of these. */
interface Life {
  readonly device: TestDevice;
  readonly db: Database;
  readonly docs: Map<string, Y.Doc>;
  readonly said: string[];
  sync: Sync | undefined;
  state: SyncState | undefined;
  tell: (doc: string, update: Uint8Array) => void;
}

function documentOf(life: Pick<Life, 'docs'>, id: string): Y.Doc {
  const known = life.docs.get(id);
  if (known) return known;
  const doc = new Y.Doc();
  life.docs.set(id, doc);
  return doc;
}

function documentsOf(life: Life): SyncDocuments {
  const index = documentOf(life, 'index');
  return {
    index: { doc: index, awareness: new Awareness(index) },
    onLocalUpdate: (listener) => {
      life.tell = listener;
      return () => (life.tell = () => undefined);
    },
    receive: async (rows, cursor) => {
      for (const { doc, update } of rows) Y.applyUpdate(documentOf(life, doc), update, 'remote');
      await life.db.cursors.put(cursor);
    },
    applyProvisional: (doc, update) => Y.applyUpdate(documentOf(life, doc), update, 'remote'),
    snapshot: (id) => {
      const doc = new Y.Doc();
      Y.applyUpdate(doc, Y.encodeStateAsUpdate(documentOf(life, id)));
      return Promise.resolve({ doc });
    },
    onLocalAwareness: () => () => undefined,
    showCarets: () => undefined,
    applyAwareness: () => undefined,
  };
}

async function write(life: Life, words: string, dice: () => number): Promise<void> {
  const doc = documentOf(life, documentId);
  const text = doc.getText('t');
  // Before the edit, as the editor's documents do.
  await life.db.sync.put({ ...(await life.db.sync.get(documentId)), doc: documentId, dirty: 1 });
  const updates: Uint8Array[] = [];
  const note = (update: Uint8Array): void => void updates.push(update);
  doc.on('update', note);
  text.insert(Math.floor(dice() * (text.length + 1)), words);
  doc.off('update', note);
  life.said.push(words);
  for (const update of updates) life.tell(documentId, update);
}

async function connect(life: Life): Promise<void> {
  if (life.sync) return;
  const { device } = life;
  const { keys } = dataOf(await relay.ask(routes.me), profileSchema);
  const { entries } = dataOf(await relay.ask(routes.deviceLog), deviceLogSchema);
  const { did, jwk, ecdh, sign } = device.keys;
  life.sync = await startSync({
    db: life.db,
    documents: documentsOf(life),
    keys: {
      did,
      origin: did,
      jwk,
      ecdh,
      sign,
      derive: () => Promise.reject(new Error('nothing is sealed here')),
    },
    membership: {
      ...{ id: 'identity', idTag: relay.idTag, apiBase: `https://cl-o.${relay.idTag}`, keys },
      ...{ delegations: [device.delegation], entries: entries.map(({ entry }) => entry) },
    },
    accessToken: () => device.accessToken(),
    // As a relay of an earlier version answers: nothing comes before the log.
    api: {
      get: () => Promise.reject(new IsletError('E-CORE-NOTFOUND', 'no such resource')),
      download: () => Promise.resolve(undefined),
    },
    mayWrite: true,
    readLog: () => device.log(),
    readKeys: () => Promise.resolve(keys),
    now: network.now,
    random: (n) => crypto.getRandomValues(new Uint8Array(n)),
    onState: (state) => (life.state = state),
    onWake: () => undefined,
    onPresence: () => undefined,
  });
}

function kill(life: Life): void {
  life.sync?.close();
  life.sync = undefined;
  life.state = undefined;
}

/** The relay goes on with another copy of its data, which has fallen behind. */
async function change(act: () => Promise<void>): Promise<void> {
  await relay.stop();
  await act();
  await relay.start();
}

async function settle(lives: readonly Life[]): Promise<void> {
  for (const life of lives) await connect(life);
  const textOf = (life: Life) => documentOf(life, documentId).getText('t').toString();
  await eventually(
    'all devices have the same',
    () => {
      lives.forEach(({ sync }) => sync?.wake());
      const texts = new Set(lives.map(textOf));
      const done = texts.size === 1 && lives.every(({ state }) => state?.kind === 'synced');
      return Promise.resolve(done || undefined);
    },
    60_000,
  ).catch((error: unknown) => {
    throw new Error(`${String(error)}: ${JSON.stringify(lives.map((life) => [life.state, textOf(life)]))}`);
  });
}

function assertAll(lives: readonly Life[]): void {
  const text = documentOf(lives[0]!, documentId).getText('t').toString();
  for (const { said } of lives)
    for (const words of said) for (const sign of words) expect(text).toContain(sign);
  const letters = lives.flatMap(({ said }) => said).join('').length;
  expect(text).toHaveLength(letters);
}

test(
  'S11: what a relay acknowledged while a device was being closed is sent again to one that fell back',
  { timeout: patience },
  async () => {
    network = await createNetwork('alice.test');
    relay = network.relays[0];
    const [life] = (await openLives(1)) as [Life];
    await settle([life]);
    const copy = `${relay.folder}-copy`;
    await change(() => cp(relay.folder, copy, { recursive: true }));
    await settle([life]);
    // It is closed as soon as it hears that its edit has a place in the log; the acknowledgement is on its way.
    heard = ({ kind }) => {
      if (kind === 'committed') kill(life);
    };
    await write(life, 'kept', createDice(1));
    await eventually('it is closed', () => Promise.resolve(life.sync === undefined || undefined));
    heard = undefined;
    await change(async () => {
      await rm(relay.folder, { recursive: true });
      await cp(copy, relay.folder, { recursive: true });
    });
    const other = await life.device.enrolSecond();
    await settle([life]);
    const lives = [life, await openLife(other)];
    await settle(lives);
    assertAll(lives);
    await end(lives);
  },
);

let count = 0;

async function openLives(n: number): Promise<Life[]> {
  const devices = [await TestDevice.enrolFirst(network, relay)];
  while (devices.length < n) devices.push(await devices[0]!.enrolSecond());
  return Promise.all(devices.map(openLife));
}

async function openLife(device: TestDevice): Promise<Life> {
  return {
    ...{ device, docs: new Map(), said: [], sync: undefined, state: undefined },
    db: await openDatabase(`history-${count++}`),
    tell: () => undefined,
  };
}

/** Is told every frame before the device is. */
let heard: ((frame: RelayFrame) => void) | undefined;

class HeardSocket extends createSocketClass(() => relay) {
  override dispatchEvent(event: Event): boolean {
    if (heard && event instanceof MessageEvent && event.data instanceof ArrayBuffer)
      heard(parseRelayFrame(new Uint8Array(event.data)));
    return super.dispatchEvent(event);
  }
}

beforeAll(() => {
  globalThis.indexedDB = new IDBFactory();
  Dexie.dependencies.indexedDB = globalThis.indexedDB;
  vi.stubGlobal('WebSocket', HeardSocket);
});
afterAll(() => vi.unstubAllGlobals());

async function play(from: number, steps: number): Promise<Life[]> {
  const dice = createDice(from);
  network = await createNetwork('alice.test');
  relay = network.relays[0];
  const lives = await openLives(3 + Math.floor(dice() * 4));
  const copy = `${relay.folder}-copy`;
  await settle(lives);
  await change(() => cp(relay.folder, copy, { recursive: true }));
  for (let step = 0; step < steps; step++) {
    const life = lives[Math.floor(dice() * lives.length)]!;
    const chance = dice();
    if (chance < 0.5) await write(life, String.fromCodePoint(0x4e00 + step), dice);
    else if (chance < 0.65) kill(life);
    else if (chance < 0.85) await connect(life);
    else if (chance < 0.92) await change(() => Promise.resolve());
    else
      // The two copies change places: what one was told, the other has not heard.
      await change(async () => {
        await cp(relay.folder, `${copy}-next`, { recursive: true });
        await rm(relay.folder, { recursive: true });
        await cp(copy, relay.folder, { recursive: true });
        await rm(copy, { recursive: true });
        await cp(`${copy}-next`, copy, { recursive: true });
        await rm(`${copy}-next`, { recursive: true });
      });
  }
  return lives;
}

async function end(lives: readonly Life[]): Promise<void> {
  for (const life of lives) {
    kill(life);
    life.db.close();
  }
  await network.close();
}

test(
  `S9, S11: devices that come and go, and a relay that falls back to older copies of itself, end with all words of all (ISLET_SEED=${seed})`,
  { timeout: patience },
  async () => {
    for (let history = 0; history < sized(2, 1_000); history++) {
      const lives = await play(seed + history, 40);
      await settle(lives);
      assertAll(lives);
      await end(lives);
      counted('histories with restored copies', 1);
    }
  },
);

test(
  'the check can fail: what one device told a relay that fell back is lost while that device stays away',
  { timeout: patience },
  async () => {
    const dice = createDice(1);
    network = await createNetwork('alice.test');
    relay = network.relays[0];
    const lives = await openLives(3);
    const copy = `${relay.folder}-copy`;
    await settle([lives[0]!]);
    await change(() => cp(relay.folder, copy, { recursive: true }));
    await write(lives[0]!, 'a', dice);
    await settle([lives[0]!]);
    lives.forEach(kill);
    await change(async () => {
      await rm(relay.folder, { recursive: true });
      await cp(copy, relay.folder, { recursive: true });
    });
    const others = lives.slice(1);
    await settle(others);
    expect(() => assertAll([...others, lives[0]!])).toThrow();
    await settle(lives);
    assertAll([...others, lives[0]!]);
    await end(lives);
  },
);
