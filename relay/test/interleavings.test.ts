import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appendedSchema } from '../../shared/api/devices.ts';
import { proofSchema, verifyProof } from '../../shared/action/proof.ts';
import { profileSchema } from '../../shared/identity/key-set.ts';
import { routes } from '../../shared/routes.ts';
import { createDice, seed } from '../../shared/test/seeded.ts';
import { counted } from '../../shared/test/counted.ts';
import { codeOf, dataOf, json, type TestDevice } from './device.ts';
import { createPeople, follow, type People } from './friends.ts';
import { eventually } from './network.ts';
import { nextOf, readmit, renew, sendRenewal, signRenewal } from './renewing.ts';
import { patience, sized } from './sizes.ts';

let world: People;
let alice: TestDevice;
let readers: readonly TestDevice[];

beforeAll(async () => {
  world = await createPeople('alice.test', 'bob.test', 'carol.test');
  const [first, bob, carol] = world.people as [TestDevice, TestDevice, TestDevice];
  alice = first;
  readers = [bob, carol];
  for (const reader of readers) await follow(reader, alice);
});
afterAll(() => world.network.close());

const refused = /^E-DELEGATION-(REVOKED|SUSPENDED|EXPIRED)$/;

/** One device's life: what it has said, and every key it ever had. */
interface Life {
  device: TestDevice;
  readonly past: TestDevice[];
  readonly accepted: string[];
  isOut: boolean;
  count: number;
}

async function raise(): Promise<void> {
  const log = await alice.log();
  const entry = await alice.sign(log, { t: 'gen', gen: log.gen + 1 });
  const { delegation } = dataOf(await alice.ask(routes.deviceLog, 'POST', { entry }), appendedSchema);
  alice.delegation = delegation!;
  alice.forgetToken();
}

async function write(life: Life, n: number): Promise<string[]> {
  const drafts: string[] = [];
  for (let i = 0; i < n; i++) drafts.push(await life.device.draft({ t: 'POST', c: `${life.count++}` }));
  // What is dated in the second of a removal is not proven (SPEC G14).
  await world.network.advance(1_000);
  return drafts;
}

/** What the relay answers to each draft; a request that is refused as a whole refuses each. */
async function send(
  device: TestDevice,
  drafts: readonly string[],
): Promise<(string | { actionId: string })[]> {
  const answer = await device
    .ask(routes.actions, 'POST', { drafts })
    .catch((error: unknown) => String(error));
  if (typeof answer === 'string' || answer.status !== 200) return drafts.map(() => 'refused');
  const { results } = (
    answer.json() as { data: { results: { status: string; actionId: string; code: string }[] } }
  ).data;
  return results.map((result) => (result.status === 'refused' ? result.code : { actionId: result.actionId }));
}

function note(life: Life, results: readonly (string | { actionId: string })[]): void {
  for (const result of results) if (typeof result !== 'string') life.accepted.push(result.actionId);
}

/** The steps of a history; each may race with drafts that are on their way. */
const steps = {
  say: async (life: Life) => note(life, await send(life.device, await write(life, 2))),
  renew: async (life: Life) => {
    if (life.isOut) return;
    const drafts = await write(life, 2);
    const old = life.device;
    const [next, results] = await Promise.all([renew(old), send(old, drafts)]);
    note(life, results);
    life.past.push(old);
    life.device = next;
    // What was lost is signed again by the new key, and counts once.
    note(
      life,
      (await send(next, await write(life, 1))).filter((result) => typeof result !== 'string'),
    );
  },
  raise: async (life: Life) => {
    const drafts = await write(life, 2);
    const [, results] = await Promise.all([raise(), send(life.device, drafts)]);
    note(life, results);
    life.isOut = true;
  },
  comeBack: async (life: Life) => {
    if (!life.isOut) return;
    await readmit(alice, life.device.keys.did);
    life.past.push(life.device);
    life.device = await renew(life.device);
    life.isOut = false;
  },
};

/** After the removal was answered nothing that any of its keys says is taken: drafts written before, access, renewals, entries. */
async function assertNothingTaken(life: Life, late: readonly string[]): Promise<void> {
  const before = (await heardBy(alice)).size;
  for (const device of [...life.past, life.device]) {
    expect((await send(device, late)).filter((result) => typeof result !== 'string')).toEqual([]);
    expect(codeOf(await device.exchange(await device.assertion()))).toMatch(refused);
    expect(codeOf(await sendRenewal(device, await signRenewal(device, await nextOf(device))))).toMatch(
      refused,
    );
    for (const reader of readers) {
      const body = JSON.stringify({ token: late[0] });
      const answer = await reader.relay.ask(routes.inbox, { method: 'POST', headers: json, body });
      expect(answer.status).toBeGreaterThanOrEqual(400);
    }
  }
  expect((await heardBy(alice)).size).toBe(before);
}

const heard = new Map<TestDevice, { after: number; readonly tokens: Map<string, string> }>();

/** The tokens that a relay has, by the id of their action: it gives some hundred at a time. */
async function heardBy(device: TestDevice): Promise<ReadonlyMap<string, string>> {
  const known = heard.get(device) ?? { after: 0, tokens: new Map<string, string>() };
  heard.set(device, known);
  for (;;) {
    const page = await device.items(known.after);
    for (const { actionId, token } of page) known.tokens.set(actionId, token);
    if (page.length === 0) return known.tokens;
    known.after = page.at(-1)!.seq;
  }
}

/** Readers take 300 of one issuer in a minute, and what they did not take is sent again later: time goes by until all is there. */
async function assertArrived(actionIds: ReadonlySet<string>): Promise<void> {
  for (const reader of readers)
    await eventually(`all at ${reader.relay.idTag}`, async () => {
      await world.network.advance(60_000);
      for (const one of [alice, ...readers]) one.forgetToken();
      const there = await heardBy(reader);
      return [...actionIds].every((actionId) => there.has(actionId)) || undefined;
    });
}

async function assertProven(actionId: string): Promise<void> {
  const proof = dataOf(await alice.ask(`${routes.actions}/${actionId}/proof`), proofSchema);
  const { keys } = dataOf(await alice.relay.ask(routes.me), profileSchema);
  const token = (await heardBy(alice)).get(actionId) ?? '';
  expect((await verifyProof(token, proof, keys)).device).toBeDefined();
}

describe(`revocation, renewal, drafts and deliveries in any order (ISLET_SEED=${seed})`, () => {
  test(
    'G5, G6, G8–G12: 0 accepted after the removal is known; what was accepted before arrives, proven',
    { timeout: patience },
    async () => {
      const dice = createDice();
      const names = Object.keys(steps) as (keyof typeof steps)[];
      let raced = 0;
      for (let history = 0; history < sized(4, 3000); history++) {
        const device = await alice.enrolSecond();
        await device.accessToken();
        const life: Life = { device, past: [], accepted: [], isOut: false, count: 0 };
        for (let i = 0; i < 2 + Math.floor(dice() * 4); i++)
          await steps[names[Math.floor(dice() * names.length)]!](life);
        const late = await write(life, 2);
        const racing = await write(life, sized(3, 40));
        const [removal, results] = await Promise.all([
          alice.remove(life.device.keys.did),
          send(life.device, racing),
        ]);
        expect(removal.status).toBe(201);
        note(life, results);
        raced += racing.length;
        await assertNothingTaken(life, late);
        const mine = new Set(life.accepted);
        expect(mine.size).toBe(life.accepted.length);
        await assertArrived(mine);
        for (const actionId of mine) await assertProven(actionId);
      }
      counted('drafts that raced a removal', raced);
    },
  );
});
