import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { openDeliveries } from '../../relay/delivery/deliveries.ts';
import type { Resolve } from '../../relay/identity/resolve.ts';
import { type Connect, createSafeFetch } from '../../relay/identity/safe-fetch.ts';
import { insertAction } from '../../relay/store/actions.ts';
import { openStore, type Store } from '../../relay/store/database.ts';
import { insertDeliveries } from '../../relay/store/deliveries.ts';
import { alternate, quantile, type Row, type Samples } from '../row.ts';

/** `FAN_OUT=500 npm run bench -- fan-out` for a quick look: followers, ten to a neighbour. */
const followers = Number(process.env.FAN_OUT ?? 10_000);
const neighbours = followers / 10;
const rounds = 3;
const idTag = 'alice.test';
const statement = { id_tag: idTag, statement_id: 'post' };

/** How a neighbour that is down shows it: it refuses, packets to it are lost, or it takes the request and says nothing. */
const absent = ['refusing', 'lost', 'silent'] as const;

function nameOf(follower: number, halfDown: boolean): string {
  const neighbour = follower % neighbours;
  const kind = halfDown && neighbour % 2 === 1 ? absent[(neighbour >> 1) % absent.length]! : 'there';
  return `i${Math.floor(follower / neighbours)}.${kind}-${neighbour}.test`;
}

/** Each neighbour has an address of its own. */
const resolve: Resolve = (host) => {
  const neighbour = Number(/-(\d+)\.test$/.exec(host)?.[1]);
  return Promise.resolve([`93.184.${neighbour >> 8}.${neighbour & 255}`]);
};

function createConnect(port: number): Connect {
  return async ({ servername }, signal) => {
    if (servername.includes('.refusing-')) throw new Error('refused');
    if (servername.includes('.lost-')) await once(signal, 'abort');
    const socket = connectTcp({ port, host: '127.0.0.1' }).on('error', () => undefined);
    await once(socket, 'connect', { signal });
    return socket;
  };
}

const portSchema = v.object({ port: v.number() });
const reportSchema = v.object({ arrivals: v.array(v.number()) });

async function ask<S extends v.GenericSchema>(child: ChildProcess, schema: S, message?: string) {
  if (message !== undefined) child.send(message);
  const [answer] = (await once(child, 'message')) as [unknown];
  return v.parse(schema, answer);
}

/** Queues a post to all and waits until everybody who is there has it. @returns milliseconds until 95 of 100 of those had it */
async function fanOut(child: ChildProcess, port: number, halfDown: boolean): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'islet-fan-out-'));
  const store = await openStore(folder, Date.now);
  const fetch = createSafeFetch({
    ...{ local: false, findPort: () => Promise.resolve(undefined), resolve, connect: createConnect(port) },
  });
  const deliveries = await openDeliveries({
    ...{ db: store.db, fetch, now: Date.now, random: (n) => new Uint8Array(randomBytes(n)) },
    ...{ sign: () => Promise.reject(new Error('no work')), relatedOf: () => Promise.resolve([]) },
    tried: () => undefined,
    ...{ changed: () => undefined, report: (error) => process.stderr.write(`${String(error)}\n`) },
  });
  try {
    child.send('forget');
    const began = performance.timeOrigin + performance.now();
    await queue(store, halfDown);
    await deliveries.wakeAll();
    const arrivals = await untilArrived(child, halfDown ? followers / 2 : followers);
    return quantile(arrivals, 0.95) - began;
  } finally {
    await Promise.all([fetch.close(), deliveries.close()]);
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function untilArrived(child: ChildProcess, count: number): Promise<number[]> {
  for (;;) {
    const { arrivals } = await ask(child, reportSchema, 'report');
    if (arrivals.length >= count) return arrivals;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function queue({ db }: Store, halfDown: boolean): Promise<void> {
  const identity = { ...{ id_tag: idTag, name: 'Alice', log_id: 'log' }, created_at: 0 };
  await db.transaction().execute(async (trx) => {
    await trx.insertInto('identities').values(identity).execute();
    await insertAction(trx, {
      ...{ ...statement, action_id: 'a1~post', iss: idTag, nonce: null, type: 'POST', key: null },
      ...{ visibility: 'P', iat: 0, token: 'x'.repeat(900), proof: null, proof_asked_at: 0 },
      ...{
        origin: 'own',
        state: 'active',
        received_at: 0,
        aud: null,
        parent: null,
        subject: null,
        about: null,
      },
    });
    const rows = Array.from({ length: followers }, (_, i) => ({ neighbour: nameOf(i, halfDown) }));
    await insertDeliveries(
      trx,
      rows.map((row) => ({ ...statement, ...row, next_at: Date.now() })),
    );
  });
}

async function measure(): Promise<Samples> {
  const child = fork(new URL('../many-neighbours.ts', import.meta.url), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  try {
    const { port } = await ask(child, portSchema);
    return await alternate(
      rounds,
      () => fanOut(child, port, true),
      () => fanOut(child, port, false),
    );
  } finally {
    child.disconnect();
    await once(child, 'exit');
  }
}

export const fanOutRow: Row = {
  name: 'fan-out',
  what: `a post to ${followers} followers on ${neighbours} neighbours: from the click until 95 of 100 who are there have it`,
  ours: 'half of the neighbours are down, and nobody knows it yet: they refuse, are lost, or take the request and say nothing',
  theirs: 'the same queue with all of them there',
  unit: 'ms',
  target: { atMost: 1.5 },
  spent:
    'a third of all neighbours hang and look at first like those who are slow: each holds one of 512 places for at least 250 ms, 3333 × 250 ms ÷ 512 = 1.6 s for the whole line, half as long as the comparison takes in all',
  measure,
};
