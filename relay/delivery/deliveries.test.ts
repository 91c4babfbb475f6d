import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json as readJson } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as v from 'valibot';
import { createSafeFetch, type SafeFetch } from '../identity/safe-fetch.ts';
import { insertAction } from '../store/actions.ts';
import { openStore, type Store } from '../store/database.ts';
import { insertDeliveries, readStandings } from '../store/deliveries.ts';
import { migrations } from '../store/migrations/list.ts';
import { type Deliveries, openDeliveries } from './deliveries.ts';
import { placeCounts } from './places.ts';

const idTag = 'alice.test';
const statement = { id_tag: idTag, statement_id: 'post' };
const bodySchema = v.strictObject({ token: v.string(), related: v.optional(v.array(v.string())) });

let folder: string;
let store: Store;
let commits: number;
let requests: number;
let now: () => number;
let server: Server;
let fetch: SafeFetch;
let deliveries: Deliveries;
/** What the neighbours got, by host, and how many sockets to them were open at most. */
let received: Map<string, v.InferOutput<typeof bodySchema>>;
let sockets: { open: number; most: number };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'islet-deliveries-'));
  store = await openStore(folder, Date.now, migrations, () => (commits += 1));
  received = new Map();
  now = Date.now;
  sockets = { open: 0, most: 0 };
  server = createServer((request, response) => {
    void readJson(request).then((body) => {
      const host = request.headers.host ?? '';
      requests += 1;
      received.set(host, v.parse(bodySchema, body));
      if (!host.includes('silent')) response.writeHead(201).end('{"data":null}');
    });
  });
  server.listen({ port: 0, host: '127.0.0.1', backlog: 2048 });
  await once(server, 'listening');
  await open();
  await createIdentity();
  await queueAction();
});
afterEach(async () => {
  await close();
  server.closeAllConnections();
  server.close();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

async function open(): Promise<void> {
  const address = server.address();
  const port = typeof address === 'object' ? address!.port : 0;
  fetch = createSafeFetch({
    local: false,
    findPort: () => Promise.resolve(undefined),
    resolve: () => Promise.resolve(['93.184.216.34']),
    connect: async (_to, signal) => {
      const socket = connectTcp({ host: '127.0.0.1', port });
      sockets.most = Math.max(sockets.most, ++sockets.open);
      socket.on('close', () => (sockets.open -= 1)).on('error', () => undefined);
      await once(socket, 'connect', { signal });
      return socket;
    },
  });
  deliveries = await openDeliveries({
    ...{ db: store.db, fetch, now: () => now(), random: (n) => new Uint8Array(randomBytes(n)) },
    sign: () => Promise.reject(new Error('nobody asks for work')),
    tried: () => undefined,
    relatedOf: ({ token }) => Promise.resolve([`related to ${token}`]),
    changed: () => undefined,
    report: (error) => {
      throw error;
    },
  });
}

async function close(): Promise<void> {
  await Promise.all([fetch.close(), deliveries.close()]);
}

async function createIdentity(): Promise<void> {
  const identity = { id_tag: idTag, name: 'Alice', log_id: 'log', created_at: 0 };
  await store.db.insertInto('identities').values(identity).execute();
}

async function queueAction(statement_id = 'post'): Promise<void> {
  await insertAction(store.db, {
    ...{
      id_tag: idTag,
      statement_id,
      action_id: `a1~${statement_id}`,
      iss: idTag,
      nonce: null,
      type: 'POST',
      key: null,
    },
    ...{ visibility: 'P', iat: 0, token: 'token', proof: null, proof_asked_at: 0, origin: 'own' },
    ...{ state: 'active', received_at: 0, aud: null, parent: null, subject: null, about: null },
  });
}

const queue = (neighbours: readonly string[]) =>
  store.db.transaction().execute((trx) =>
    insertDeliveries(
      trx,
      neighbours.map((neighbour) => ({ ...statement, neighbour, next_at: 0 })),
    ),
  );

async function untilDelivered(count: number) {
  for (;;) {
    const standings = await readStandings(store.db, idTag, { statementIds: ['post'], most: 1 });
    const counts = standings.get('post')?.counts;
    if (counts?.delivered === count) return counts;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test('Q4: of 800 neighbours of whom half never answer, the others have it, over a bounded number of sockets', async () => {
  const names = Array.from({ length: 800 }, (_, i) => `${i % 2 === 0 ? 'there' : 'silent'}-${i}.test`);
  await queue(names);
  names.forEach(deliveries.wake);
  expect(await untilDelivered(400)).toMatchObject({ delivered: 400, refused: 0, quarantined: 0 });
  const { quick, lingering, slow } = placeCounts;
  // Besides, some that are kept for a while after an answer.
  expect(sockets.most).toBeLessThanOrEqual(2 * quick + 2 * lingering + slow);
  const tries = await store.db
    .selectFrom('deliveries')
    .select('tries')
    .where('state', '=', 'waiting')
    .execute();
  expect(Math.max(...tries.map((row) => row.tries))).toBeLessThanOrEqual(1);
}, 120_000);

test('Q4: what was given up when the relay stopped is sent after the next start, and was no try', async () => {
  await queue(['silent-1.test', 'silent-2.test']);
  await deliveries.wakeAll();
  while (received.size < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  await close();
  const rows = await store.db.selectFrom('deliveries').select(['state', 'tries', 'reason']).execute();
  expect(rows).toEqual(Array.from({ length: 2 }, () => ({ state: 'waiting', tries: 0, reason: null })));
  received.clear();
  await open();
  await deliveries.wakeAll();
  while (received.size < 2) await new Promise((resolve) => setTimeout(resolve, 5));
});

test('what an action is related to goes along with it', async () => {
  await queue(['there.test']);
  deliveries.wake('there.test');
  await untilDelivered(1);
  expect(received.get('cl-o.there.test')).toEqual({ token: 'token', related: ['related to token'] });
});

test('Q1: what a neighbour takes within a moment is booked in fewer commits, each once', async () => {
  const ids = Array.from({ length: 40 }, (_, i) => `s${i}`);
  for (const id of ids) await queueAction(id);
  const rows = ids.map((statement_id) => ({
    id_tag: idTag,
    statement_id,
    neighbour: 'there.test',
    next_at: 0,
  }));
  await store.db.transaction().execute((trx) => insertDeliveries(trx, rows));
  const noon = Date.now();
  now = () => noon;
  [requests, commits] = [0, 0];
  deliveries.wake('there.test');
  for (;;) {
    const left = await store.db
      .selectFrom('deliveries')
      .select('id')
      .where('state', '=', 'waiting')
      .execute();
    if (left.length === 0) break;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const booked = await store.db.selectFrom('deliveries').select(['state', 'tries']).execute();
  expect(booked).toEqual(ids.map(() => ({ state: 'delivered', tries: 1 })));
  expect(requests).toBe(40);
  // The clock stands still: only the count ends a turn.
  expect(commits).toBe(3);
});
