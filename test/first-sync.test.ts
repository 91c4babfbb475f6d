import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { dataOf, TestDevice } from '../relay/test/device.ts';
import { createNetwork, eventually, type TestRelay } from '../relay/test/network.ts';
import { patience } from '../relay/test/sizes.ts';
import { profileSchema } from '../shared/identity/key-set.ts';
import { deviceLogSchema, routes } from '../shared/routes.ts';
import {
  openTestBrowser,
  type TestBrowser,
  updateWith,
  words,
} from '../web/client/documents/browser-fixture.ts';
import type { Documents } from '../web/client/documents/documents.ts';
import { enterDocuments, readEntries, updateEntry } from '../web/client/documents/index-entries.ts';
import { RelayUnreachable } from '../web/client/relay/relay-api.ts';
import type { SyncOptions } from '../web/client/sync/sync-options.ts';
import type { SyncState } from '../web/client/sync/sync-state.ts';
import { startSync } from '../web/client/sync/sync.ts';
import { createSocketClass } from './relay-socket.ts';

const documents = 200;
const rowsEach = 3;
const batchSize = 5;
const idOf = (i: number): string => String(i).padStart(24, 'd');
const titleOf = (i: number): string => `Note ${i}`;

let network: Awaited<ReturnType<typeof createNetwork<['alice.test']>>>;
let relay: TestRelay;
let laptop: TestDevice;
let phone: TestDevice;
let browser: TestBrowser;
let total = 0;

/** A library: its index grows row by row among the texts; the last hundred were edited latest, in the order of their numbers. */
beforeAll(async () => {
  network = await createNetwork('alice.test');
  relay = network.relays[0];
  vi.stubGlobal(
    'WebSocket',
    createSocketClass(() => relay),
  );
  laptop = await TestDevice.enrolFirst(network, relay);
  phone = await laptop.enrolSecond();
  const rows: [string, Uint8Array][] = [];
  const index = new Y.Doc();
  index.on('update', (update: Uint8Array) => rows.push(['index', update]));
  for (let i = 0; i < documents; i++) {
    enterDocuments(index, [{ id: idOf(i), title: titleOf(i), excerpt: '' }], 1_000 + i);
    for (let row = 0; row < rowsEach; row++) rows.push([idOf(i), updateWith(`row ${row} of ${i}`)]);
  }
  updateEntry(index, idOf(0), { edited: 9_999_999 });
  total = rows.length;
  const socket = await laptop.sync('s'.repeat(22));
  await socket.next('current');
  for (let first = 0; first < rows.length; first += batchSize) {
    const batch = await laptop.batch('s'.repeat(22), first, rows.slice(first, first + batchSize));
    socket.send({ kind: 'push', batches: [batch] });
  }
  await socket.next('ack', ({ acked }) => acked === rows.length - 1);
  socket.close();
}, patience);
afterAll(() => {
  vi.unstubAllGlobals();
  return network.close();
});

let tab: Documents;
beforeEach(async () => {
  browser = await openTestBrowser();
  tab = await browser.openTab();
});
afterEach(() => browser.close());

type Api = SyncOptions['api'];

/** The relay as the phone asks it; `asked` is told each path before. */
function apiOf(asked: (path: string) => unknown): Api {
  const ask = async (path: string) => {
    await asked(path);
    const headers = { authorization: `Bearer ${await phone.accessToken()}` };
    return relay.ask(path, { headers });
  };
  return {
    get: async (path, schema) => dataOf(await ask(path), schema),
    download: async (path) => new Blob([(await ask(path)).bytes]),
  };
}

interface Life {
  readonly states: SyncState[];
  close(): void;
}

async function live(api: Api): Promise<Life> {
  const { keys } = dataOf(await relay.ask(routes.me), profileSchema);
  const { entries } = dataOf(await relay.ask(routes.deviceLog), deviceLogSchema);
  const { did, jwk, ecdh, sign } = phone.keys;
  const derive = (): Promise<never> => Promise.reject(new Error('nothing is sealed here'));
  const states: SyncState[] = [];
  const sync = await startSync({
    ...{ db: browser.db, documents: tab, api, mayWrite: true },
    keys: { did, origin: did, jwk, ecdh, sign, derive },
    membership: {
      ...{ id: 'identity', idTag: relay.idTag, apiBase: `https://cl-o.${relay.idTag}`, keys },
      ...{ delegations: [phone.delegation], entries: entries.map(({ entry }) => entry) },
    },
    accessToken: () => phone.accessToken(),
    readLog: () => phone.log(),
    readKeys: () => Promise.resolve(keys),
    now: () => Date.now(),
    random: (n) => crypto.getRandomValues(new Uint8Array(n)),
    onState: (state) => states.push(state),
    ...{ onWake: () => undefined, onPresence: () => undefined },
  });
  return { states, close: () => sync.close() };
}

const cursor = async (): Promise<number> => Number((await browser.db.cursors.get(relay.idTag))?.['seq'] ?? 0);
const textOf = async (id: string): Promise<string> => words((await tab.snapshot(id)).doc);
const wholeText = (i: number): string[] =>
  Array.from({ length: rowsEach }, (_, row) => `row ${row} of ${i}`).sort();
const reading = (states: readonly SyncState[]) => states.filter((state) => state.kind === 'reading');

async function whenSynced({ states }: Life): Promise<void> {
  await eventually(
    'all is read',
    () => Promise.resolve(states.at(-1)?.kind === 'synced' || undefined),
    60_000,
  );
}

test(
  'S18: all titles and the texts edited last are there before the first row of the log, which then brings the rest',
  async () => {
    const asked: string[] = [];
    const life = await live(apiOf((path) => asked.push(path)));
    await eventually('the texts edited last', async () => {
      const recent = browser.db.cursors.get('first').then((row) => row?.['read']);
      return ((await recent) as unknown[] | undefined)?.length === 20 || undefined;
    });
    expect(await cursor()).toBeLessThan(total);
    expect(readEntries(tab.index.doc).map(({ title }) => title)).toEqual(
      Array.from({ length: documents }, (_, i) => titleOf(i)),
    );
    for (const i of [0, documents - 1, documents - 19])
      expect((await textOf(idOf(i))).split('\n').sort()).toEqual(wholeText(i));
    expect(asked[0]).toBe(routes.documents);
    expect(asked.filter((path) => path.includes('/index/')).length).toBeGreaterThan(0);

    await whenSynced(life);
    life.close();
    expect(await cursor()).toBe(total);
    for (const i of [1, 150, documents - 1])
      expect((await textOf(idOf(i))).split('\n').sort()).toEqual(wholeText(i));
    const [before, ...later] = reading(life.states);
    expect(before).toMatchObject({ rows: 0, of: total });
    expect(later.some(({ rows, of }) => of === total && rows > 0 && rows < total)).toBe(true);
  },
  patience,
);

test(
  'S18: what breaks off goes on where it was, and a document that is opened meanwhile comes before its turn',
  async () => {
    let pages = 0;
    const broken = await live(
      apiOf((path) => {
        // The relay goes away when the index is there, and four of the documents.
        if (path.includes(idOf(documents - 4))) throw new RelayUnreachable('away');
        if (path.includes('/rows')) pages++;
      }),
    );
    await eventually('it broke off', () =>
      Promise.resolve(broken.states.filter(({ kind }) => kind === 'offline').length > 1 || undefined),
    );
    broken.close();
    expect(pages).toBeGreaterThan(1);
    expect(readEntries(tab.index.doc)).toHaveLength(documents);
    expect(await cursor()).toBe(0);

    const asked: string[] = [];
    const opened = idOf(documents - 50);
    let opening: ReturnType<Documents['open']> | undefined;
    const life = await live(
      apiOf((path) => {
        asked.push(path);
        return path.includes('/rows') ? (opening ??= tab.open(opened)) : undefined;
      }),
    );
    const open = await eventually('it is open', () => Promise.resolve(opening));
    await eventually('its words are there', () =>
      Promise.resolve(words(open.doc).split('\n').length === rowsEach || undefined),
    );
    life.close();
    await open.close();
    expect(asked.filter((path) => path.includes('/index/'))).toEqual([]);
    expect(asked.filter((path) => path.includes('/rows')).length).toBeLessThanOrEqual(20);
    expect(asked).toContain(`${routes.documents}/${opened}/rows?after=0`);

    const last = await live(apiOf(() => undefined));
    await whenSynced(last);
    last.close();
    expect(await cursor()).toBe(total);
    for (const i of [0, 7, 100, documents - 50])
      expect((await textOf(idOf(i))).split('\n').sort()).toEqual(wholeText(i));
  },
  patience,
);
