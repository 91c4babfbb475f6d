import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type IdTag, parseIdTag } from '../../shared/identity/id-tag.ts';
import { createBytes, createDice } from '../../shared/test/seeded.ts';
import { actionId } from '../../shared/token/compact.ts';
import { listActions } from '../../relay/store/actions.ts';
import { readQueue } from '../../relay/store/figures.ts';
import type { Held, Said } from './judge.ts';
import { openPeer, type Peer, type PeerParts, type Words } from './peer.ts';
import { openVirtualTime, type VirtualTime } from './virtual-time.ts';
import { createWire, type Wire } from './wire.ts';

export interface StorySize {
  readonly seed: number;
  /** About so many deliveries. */
  readonly deliveries: number;
  /** Weeks are waited for a follower that is no more and does not say so. */
  readonly patient: boolean;
}

export interface Told {
  readonly said: readonly Said[];
  readonly held: ReadonlyMap<string, Held>;
  readonly taken: ReadonlyMap<string, number>;
  /** States of deliveries, by `<neighbour> <state>`. */
  readonly states: ReadonlyMap<string, number>;
  readonly seen: Wire['seen'];
  /** Restarts of relays in the middle. */
  readonly restarts: number;
  /** Days that went by. */
  readonly days: number;
  readonly errors: readonly unknown[];
}

export const names = ['ada.test', 'ben.test', 'cem.test', 'dora.test', 'eve.test'].map(parseIdTag);
/** Followers that are no more: one says so, one says nothing. */
export const gone = { told: parseIdTag('moved.test'), silent: parseIdTag('silent.test') };
const shares = { lost: 0.3, doubled: 0.2, late: 0.2, busy: 0.02 };
const start = Date.parse('2026-11-21T12:00:00Z');
const hour = 3_600_000;

interface World {
  readonly time: VirtualTime;
  readonly wire: Wire;
  readonly dice: () => number;
  readonly parts: PeerParts;
  readonly peers: Map<IdTag, Peer>;
  readonly said: Said[];
  readonly taken: Map<string, number>;
  readonly errors: unknown[];
  restarts: number;
}

/** People who follow one another talk over a bad network, while relays go down and come back; then everything arrives. */
export async function tell({ seed, deliveries, patient }: StorySize): Promise<Told> {
  const time = openVirtualTime(start);
  // Where there is a file system in memory, nothing waits for a disk.
  const folder = mkdtempSync(join(process.platform === 'linux' ? '/dev/shm' : tmpdir(), 'islet-federation-'));
  const world = createWorld(time, folder, seed);
  try {
    const leaving = patient ? [gone.told, gone.silent] : [gone.told];
    for (const name of [...names, ...leaving]) await open(world, name);
    await run(world, meet(world, leaving));
    for (const name of leaving) await leave(world, name);
    await run(world, talk(world, Math.ceil(deliveries / (names.length + 1))));
    world.wire.heal();
    await run(world, untilQuiet(world));
    return await look(world, (time.now() - start) / (24 * hour));
  } finally {
    // What is under way ends by the clock.
    await run(world, closeAll(world));
    time.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function createWorld(time: VirtualTime, folder: string, seed: number): World {
  const dice = createDice(seed);
  const wire = createWire(time, shares, dice);
  const taken = new Map<string, number>();
  const errors: unknown[] = [];
  const stored: PeerParts['stored'] = (to, token) =>
    void time.busy(
      actionId(token).then((id) => taken.set(`${to} ${id}`, (taken.get(`${to} ${id}`) ?? 0) + 1)),
    );
  const parts: PeerParts = {
    ...{ folder, fetch: wire.fetch, random: createBytes(seed), now: time.now, stored },
    report: (error) => errors.push(error),
  };
  return { time, wire, dice, parts, taken, errors, peers: new Map(), said: [], restarts: 0 };
}

async function open({ peers, wire, parts }: World, name: IdTag): Promise<void> {
  const peer = await openPeer(name, parts);
  peers.set(name, peer);
  wire.doors.set(name, peer.answer);
  await peer.wake();
}

async function close({ peers, wire }: World, name: IdTag): Promise<void> {
  const peer = peers.get(name);
  peers.delete(name);
  wire.doors.delete(name);
  await peer?.close();
}

async function closeAll(world: World): Promise<void> {
  for (const name of [...world.peers.keys()]) await close(world, name);
}

async function leave(world: World, name: IdTag): Promise<void> {
  await close(world, name);
  const body = Buffer.from('{"error":{"code":"E-CORE-MOVED","message":"it has moved"}}');
  if (name === gone.told)
    world.wire.doors.set(name, () => Promise.resolve({ status: 410, headers: {}, bytes: body }));
}

/** Time goes on until it is done. */
async function run({ time }: World, work: Promise<void>): Promise<void> {
  let isDone = false;
  const done = work.finally(() => (isDone = true));
  done.catch(() => undefined);
  while (!isDone) await time.step();
  await done;
}

async function say(world: World, name: IdTag, words: Words, to: readonly IdTag[]): Promise<string> {
  const id = await world.time.busy(world.peers.get(name)!.say(words));
  world.said.push({ actionId: id, parent: words.p, to });
  return id;
}

const others = (name: IdTag): IdTag[] => names.filter((one) => one !== name);

/** Everybody follows everybody; it goes on when all of that has arrived. */
async function meet(world: World, leaving: readonly IdTag[]): Promise<void> {
  for (const name of [...names, ...leaving])
    for (const aud of others(name)) await say(world, name, { t: 'FLLW', aud, v: 'D' }, [aud]);
  await untilQuiet(world);
}

/** No relay has anything left to send, and nothing is on its way. */
async function untilQuiet(world: World): Promise<void> {
  while (world.wire.underWay() > 0 || (await countWaiting(world)) > 0) await world.time.pause(30_000);
}

/** Posts, with comments right behind them; now and then a relay is away for minutes or for hours. */
async function talk(world: World, count: number): Promise<void> {
  const { dice, time, peers } = world;
  const away: Promise<void>[] = [];
  for (let i = 0; i < count;) {
    const name = names[Math.floor(dice() * names.length)]!;
    if (peers.has(name)) {
      const p = await say(world, name, { t: 'POST', c: `${i++}`, v: 'F' }, others(name));
      if (dice() < 0.5 && peers.has(name)) {
        await say(world, name, { t: 'CMNT', c: `${i++}`, p, v: 'F' }, others(name));
      }
    }
    await time.pause(dice() * 60_000);
    if (dice() < 0.1 && peers.size === names.length) away.push(beAway(world, name));
  }
  await Promise.all(away);
}

async function beAway(world: World, name: IdTag): Promise<void> {
  await close(world, name);
  await world.time.pause(world.dice() ** 3 * 12 * hour);
  await open(world, name);
  world.restarts += 1;
}

async function countWaiting({ peers }: World): Promise<number> {
  let waiting = 0;
  for (const { store } of peers.values()) waiting += (await readQueue(store.db)).length;
  return waiting;
}

async function look({ peers, said, taken, wire, restarts, errors }: World, days: number): Promise<Told> {
  const held = new Map<string, Held>();
  const states = new Map<string, number>();
  for (const { idTag, store } of peers.values()) {
    const rows = await listActions(store.db, idTag, 0, 1_000_000);
    const received = rows.filter(({ origin }) => origin === 'received').sort((a, b) => a.seq - b.seq);
    const actionIds = received.map(({ action_id }) => action_id);
    held.set(idTag, { actionIds, waiting: (await readQueue(store.db)).length });
    const own = await store.db.selectFrom('deliveries').select(['neighbour', 'state']).execute();
    for (const { neighbour, state } of own)
      states.set(`${neighbour} ${state}`, (states.get(`${neighbour} ${state}`) ?? 0) + 1);
  }
  return { said, held, taken, states, seen: wire.seen, restarts, days, errors };
}
