import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { parseDelegation } from '../shared/device/delegation.ts';
import { findLine, type LogOperation } from '../shared/device/device-log.ts';
import { routes } from '../shared/routes.ts';
import { TestDevice } from '../relay/test/device.ts';
import { createNetwork, type Network } from '../relay/test/network.ts';
import { readmit, renew, stateOf } from '../relay/test/renewing.ts';
import { sized } from '../relay/test/sizes.ts';
import { preferSecond, readClaimants } from '../web/client/device/copied.ts';
import * as v from 'valibot';
import { type Browser, createFetch, type Fetch, letIn } from './browser-fixture.ts';
import { counted } from '../shared/test/counted.ts';

const day = 86_400_000;
const halfLife = 16 * day;

let network: Network;
let first: TestDevice;
let browser: Browser;
let count = 0;
const open: Browser[] = [];

beforeEach(async () => {
  network = await createNetwork('alice.test');
  vi.stubGlobal('fetch', createFetch(network));
  first = await TestDevice.enrolFirst(network, network.relays[0]!);
  browser = keep(await letIn(first, `browser-${count++}`));
});
afterEach(async () => {
  vi.unstubAllGlobals();
  for (const each of open.splice(0)) each.close();
  await network.close();
});

function keep(each: Browser): Browser {
  open.push(each);
  return each;
}

/** Time goes by; the first device stays in. */
async function advance(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= halfLife) {
    await network.advance(Math.min(left, halfLife));
    first = await renew(first);
  }
}

async function works({ api }: Browser): Promise<boolean> {
  return api.get(routes.actions, v.object({ items: v.array(v.unknown()) })).then(
    () => true,
    () => false,
  );
}

/** The texts that the relay has of this identity, in order. */
async function said(): Promise<string[]> {
  const items = await first.items();
  return items.map(({ token }) => {
    const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());
    return v.parse(v.object({ c: v.string() }), payload).c;
  });
}

const post = (text: string) => ({ text, v: 'F' as const, uploads: [] });

/** From the nth request to `path` on, nothing arrives; with `late`, the relay gets the first of them and its answer is lost. */
function cut(path: string, late: boolean): void {
  const reach = createFetch(network);
  let cuts = 0;
  const broken: Fetch = async (url, init) => {
    if (!url.endsWith(path) || init?.method !== 'POST') return reach(url, init);
    if (late && cuts++ === 0) await reach(url, init);
    throw new TypeError('the line is dead');
  };
  vi.stubGlobal('fetch', broken);
}

describe('a browser renews its keys', () => {
  test('G8: from half-life on, by itself; another signing key, the same line, the same pair for sealing', async () => {
    const { did, ecdh } = browser.keys;
    expect(await browser.renewal.tend()).toEqual({ kind: 'in' });
    expect(browser.keys.did).toBe(did);
    await advance(halfLife);
    await browser.renewal.tend();
    expect(browser.keys.did).not.toBe(did);
    expect(browser.keys).toMatchObject({ origin: did, ecdh });
    expect(await works(browser)).toBe(true);
    expect(findLine(await first.log(), did)?.did).toBe(browser.keys.did);
    const again = keep(await browser.reopen());
    expect(again.keys).toMatchObject({ did: browser.keys.did, origin: did });
    expect(await works(again)).toBe(true);
    const { did: now } = again.keys;
    await again.renewal.tend();
    expect(again.keys.did).toBe(now);
  });

  test.each([
    ['before the relay heard of it', false],
    ['after the relay had done it, the answer was lost', true],
  ])('G8: killed in the middle, %s: one renewal, and it goes on', async (_, late) => {
    const { did } = browser.keys;
    await advance(halfLife);
    cut(routes.renew, late);
    await expect(browser.renewal.tend()).rejects.toThrow('cannot be reached');
    expect(browser.keys.did).toBe(did);
    const made = (await browser.store.nextKeys()).did;
    const again = keep(await browser.reopen());
    // Having lost an answer only, it may find out by other ways.
    await again.renewal.tend().catch(() => undefined);
    vi.stubGlobal('fetch', createFetch(network));
    const third = keep(await again.reopen());
    expect(await third.renewal.tend()).toEqual({ kind: 'in' });
    expect(third.keys.did).toBe(made);
    expect(await third.store.existingNext()).toBeUndefined();
    expect(await works(third)).toBe(true);
  });

  test('G8: a browser that lost the answer and asks for access with its old key finds its way', async () => {
    await advance(halfLife);
    cut(routes.renew, true);
    await browser.renewal.tend().catch(() => undefined);
    vi.stubGlobal('fetch', createFetch(network));
    const again = keep(await browser.reopen());
    expect(await works(again)).toBe(true);
    expect(again.keys.did).not.toBe(browser.keys.origin);
  });
});

describe('a copied profile is noticed', () => {
  test.each(['the owner', 'the thief'])(
    'G10: whoever renews first, here %s: both stop, and a person decides',
    async (who) => {
      const copy = keep(await browser.copy(`copy-${count++}`));
      await advance(halfLife);
      const [early, late] = who === 'the owner' ? [browser, copy] : [copy, browser];
      expect(await early.renewal.tend()).toEqual({ kind: 'in' });
      const claimed = await late.renewal.tend();
      if (claimed.kind !== 'suspended') throw new Error('nothing was noticed');
      expect(claimed).toEqual({ kind: 'suspended', did: (await late.store.nextKeys()).did });
      expect(await works(early)).toBe(false);
      expect(early.standings.at(-1)).toEqual({ kind: 'suspended', did: early.keys.did });
      const state = (await stateOf(first, early.keys.did))!;
      const claimants = await readClaimants(await first.log(), state);
      expect(claimants.map(({ did, first }) => [did, first])).toEqual([
        [early.keys.did, true],
        [claimed.did, false],
      ]);
      // What the relay makes up is offered to nobody.
      const { suspended } = state;
      const others = suspended!.others.map((other) => ({
        ...other,
        entry: other.entry.replace(/[^.]+$/, 'A'.repeat(128)),
      }));
      const made = { ...state, suspended: { ...suspended!, others } };
      expect(await readClaimants(await first.log(), made)).toHaveLength(1);
      if (who === 'the owner') expect((await readmit(first, early.keys.did)).status).toBe(200);
      else {
        const enter = async (op: LogOperation): Promise<void> => {
          const entry = await first.sign(await first.log(), op);
          expect((await first.ask(routes.deviceLog, 'POST', { entry })).status).toBe(201);
        };
        await preferSecond({ readLog: () => first.log(), enter }, state, claimed.did!);
      }
      expect(await browser.renewal.tend()).toEqual({ kind: 'in' });
      expect(await works(browser)).toBe(true);
      expect(await copy.renewal.tend()).toEqual({ kind: 'removed', wipe: false });
      expect(await works(copy)).toBe(false);
    },
  );
});

describe('a browser that was away', () => {
  test('G11, G15: says so, keeps what it writes, is let in again, and sends it under the same names', async () => {
    await browser.actions.post(post('on the road'));
    await advance(2 * halfLife);
    await browser.actions.post(post('back again'));
    expect(await browser.renewal.tend()).toEqual({ kind: 'away' });
    await browser.actions.exchange().catch(() => undefined);
    const kept = await browser.db.outbox.toArray();
    expect(kept.map(({ statement }) => statement.c)).toContain('back again');
    await advance(halfLife);
    expect(await browser.renewal.tend()).toEqual({ kind: 'away' });
    expect((await readmit(first, browser.keys.did)).status).toBe(200);
    expect(await browser.renewal.tend()).toEqual({ kind: 'in' });
    await browser.actions.exchange();
    expect(await browser.db.outbox.count()).toBe(0);
    expect(await said()).toEqual(['on the road', 'back again']);
    const rows = await browser.db.actions.toArray();
    expect(rows.map(({ state }) => state)).toEqual(['accepted', 'accepted']);
    expect(rows.map(({ id }) => id)).toEqual(expect.arrayContaining(kept.map(({ id }) => id)));
  });

  test('G7, G15: for 7 days after the end what was written in time goes out as it is', async () => {
    await browser.actions.post(post('in time'));
    const [row] = await browser.db.outbox.toArray();
    await advance(2 * halfLife);
    expect(await browser.renewal.tend()).toEqual({ kind: 'away' });
    await browser.actions.exchange().catch(() => undefined);
    expect(await said()).toEqual(['in time']);
    const { token } = (await browser.db.actions.get(row!.id))!;
    expect(token?.split('.').slice(0, 2)).toEqual(row!.draft?.split('.').slice(0, 2));
  });

  test('G12: after all others were signed out, a browser waits; removed, it says so', async () => {
    const entry = await first.sign(await first.log(), { t: 'gen', gen: 1 });
    await first.ask(routes.deviceLog, 'POST', { entry });
    expect(await works(browser)).toBe(false);
    expect(browser.standings.at(-1)).toEqual({ kind: 'away' });
  });

  test('G13: a browser that may do less goes on with what it has', async () => {
    const cap = [{ act: 'action/read', res: '*' }];
    const op = { t: 'change' as const, did: browser.keys.did, cap };
    await first.ask(routes.deviceLog, 'POST', { entry: await first.sign(await first.log(), op) });
    expect(await works(browser)).toBe(true);
    const { delegations } = (await browser.store.membership())!;
    expect(parseDelegation(delegations[0]!).cap).toEqual(cap);
  });
});

test(
  'drafts over renewals and cuts: each is countersigned once, in order',
  { timeout: sized(120_000, 3_600_000) },
  async () => {
    const [drafts, rounds] = [sized(60, 5000), sized(4, 100)];
    let current = browser;
    let written = 0;
    for (let round = 0; round < rounds; round++) {
      for (; written < ((round + 1) * drafts) / rounds; written++)
        await current.actions.post(post(`post ${written}`));
      if (round % 4 === 3) await advance(halfLife);
      if (round % 2 === 0) cut(round % 4 === 0 ? routes.actions : routes.renew, true);
      await current.renewal.tend().catch(() => undefined);
      await current.actions.exchange().catch(() => undefined);
      if (round % 2 === 0) current = keep(await current.reopen());
      vi.stubGlobal('fetch', createFetch(network));
    }
    await current.renewal.tend();
    await current.actions.exchange();
    expect(await current.db.outbox.count()).toBe(0);
    const all: string[] = [];
    for (let after = 0; ;) {
      const page = await first.items(after);
      if (page.length === 0) break;
      all.push(...page.map(({ token }) => token));
      after = page.at(-1)!.seq;
    }
    const texts = all.map((token) => Buffer.from(token.split('.')[1]!, 'base64url').toString());
    expect(texts).toHaveLength(drafts);
    texts.forEach((text, i) => expect(text).toContain(`"post ${i}"`));
    counted('drafts over cuts of the line', drafts);
    counted('cuts of the line', rounds / 2);
  },
);
