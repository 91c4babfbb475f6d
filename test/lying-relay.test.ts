import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createKeys, json, nonce, type TestDevice } from '../relay/test/device.ts';
import { connect, createPeople, type People } from '../relay/test/friends.ts';
import { sized } from '../relay/test/sizes.ts';
import { actionTyp, formatPayload, type Statement } from '../shared/action/action.ts';
import { everything } from '../shared/device/capability.ts';
import { signLogEntry } from '../shared/device/device-log.ts';
import type { Signer } from '../shared/identity/did.ts';
import { routes } from '../shared/routes.ts';
import { createDice, seed } from '../shared/test/seeded.ts';
import { actionId, signCompact } from '../shared/token/compact.ts';
import { counted } from '../shared/test/counted.ts';
import { pullActions, pullPeople } from '../web/client/actions/pull.ts';
import { createDoorkeeper } from '../web/client/device/enrolment.ts';
import { type AlarmKind, type AlarmRow, listAlarms, putAside } from '../web/client/watch/alarms.ts';
import { createVisit } from '../web/client/watch/ask-neighbours.ts';
import { watch } from '../web/client/watch/watch.ts';
import { type Browser, createFetch, type Fetch, letIn } from './browser-fixture.ts';
import { stealKey } from './stolen-key-fixture.ts';

/** What the relay says instead of the truth, by path. */
type Lie = (data: never) => unknown;

let people: People;
let alice: TestDevice;
let bob: TestDevice;
let stolen: { k: string; sign: Signer };
let honest: Fetch;
let count = 0;
let dice: () => number;
const lies = new Map<string, Lie>();

const lyingFetch: Fetch = async (url, init) => {
  const answer = await honest(url, init);
  const lie = lies.get(new URL(url).pathname);
  if (!lie || !answer.ok) return answer;
  const body = (await answer.json()) as { data: never; time: string };
  return new Response(JSON.stringify({ ...body, data: lie(body.data) }), { status: 200 });
};

/** A browser of Alice that has looked at everything once, and whose person has seen what there was to see. */
async function openWatcher(): Promise<Browser> {
  lies.clear();
  const browser = await letIn(alice, `watcher-${count++}`);
  for (const { id } of await look(browser)) await putAside(browser.db, id);
  return browser;
}

/** What a browser does when it hears of something new: reads, and watches. @returns what nobody has put aside */
async function look(browser: Browser, days = 0): Promise<AlarmRow[]> {
  const { db, api, keys, store } = browser;
  const idTag = alice.relay.idTag;
  const now = () => people.network.now() + days * 86_400_000;
  const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
  await pullActions({ db, api, idTag });
  await pullPeople(db, api);
  const { readLog } = createDoorkeeper({ api, keys, store, now, random });
  const readEntries = async () => (await store.membership())?.entries ?? [];
  const parts = { db, api, idTag, now, readLog, readEntries, did: keys.did, visit: createVisit(api) };
  while (await watch(parts));
  return listAlarms(db);
}

/** The relay signs it by itself, as only somebody with its key can. */
async function invent(words: Partial<Statement> = {}): Promise<string> {
  const statement = {
    t: 'POST',
    c: 'I never said this',
    v: 'F' as const,
    _: nonce(),
    iat: alice.seconds(),
    ...words,
  };
  return signCompact(actionTyp, formatPayload(alice.relay.idTag, stolen.k, statement), stolen.sign);
}

/** Puts a token among what the relay lists as said by Alice, with a proof or none. */
async function listAsOwn(token: string, proof?: object): Promise<void> {
  const id = await actionId(token);
  const item = {
    seq: 1e6,
    actionId: id,
    token,
    receivedAt: people.network.now(),
    status: 'active',
    files: [],
    deliveries: [],
  };
  lies.set(routes.actions, (page: { items: object[] }) => ({
    ...page,
    items: [...page.items, item],
    next: 1e6,
  }));
  if (!proof) return;
  const fetchProof = `${routes.actions}/${encodeURIComponent(id)}/proof`;
  vi.stubGlobal('fetch', ((url, init) =>
    new URL(url).pathname === fetchProof
      ? Promise.resolve(Response.json({ data: proof, time: new Date().toISOString() }))
      : lyingFetch(url, init)) satisfies Fetch);
}

interface Entry {
  readonly entry: string;
  readonly countersignature: { k: string; token: string };
}

/** A device of the relay's own, as it would enter it: signed by that device itself. */
async function inventEntry(): Promise<Entry> {
  const { did, jwk, ecdh, sign } = await createKeys();
  const op = { t: 'add' as const, device: { did, jwk, ecdh, name: 'helper' }, cap: [...everything] };
  const said = { iss: alice.relay.idTag, iat: alice.seconds(), by: did, op };
  return {
    entry: await signLogEntry(await alice.log(), said, sign),
    countersignature: { k: stolen.k, token: '' },
  };
}

/** A whole log of the relay's making. */
async function inventLog(): Promise<Entry> {
  const { did, jwk, ecdh, sign } = await createKeys();
  const op = { t: 'add' as const, device: { did, jwk, ecdh, name: 'helper' }, cap: [...everything] };
  const entry = await signLogEntry(
    undefined,
    { iss: alice.relay.idTag, iat: alice.seconds(), by: did, op },
    sign,
  );
  return { entry, countersignature: { k: stolen.k, token: '' } };
}

const logLie = (change: (entries: Entry[]) => Entry[]) =>
  lies.set(routes.deviceLog, ({ entries }: { entries: Entry[] }) => ({ entries: change(entries) }));

const kinds = (alarms: readonly AlarmRow[]): AlarmKind[] => alarms.map(({ kind }) => kind);

describe.each(Array.from({ length: sized(1, 100) }, (_, i) => seed + i))('ISLET_SEED=%i', (from) => {
  beforeAll(async () => {
    people = await createPeople('alice.test', 'bob.test');
    dice = createDice(from);
    [alice, bob] = people.people as unknown as [TestDevice, TestDevice];
    stolen = await stealKey(alice.relay, people.network.now);
    alice.forgetToken();
    honest = createFetch(people.network);
    vi.stubGlobal('fetch', lyingFetch);
    await connect(alice, bob);
  });
  afterEach(({ task }) => {
    if (task.result?.state !== 'fail') counted('stories of a lying relay', 1);
  });
  afterAll(async () => {
    vi.unstubAllGlobals();
    await people.network.close();
  });

  describe('a relay that lies to the devices of its own identity', () => {
    test('F5: says something in their name, without a proof', async () => {
      const browser = await openWatcher();
      await listAsOwn(await invent());
      expect(await look(browser)).toMatchObject([
        { kind: 'invented', what: 'POST', words: 'I never said this' },
      ]);
    });

    test('F5: says something in their name, with the proof of something else', async () => {
      const id = await alice.say({ t: 'POST', c: 'a true one' });
      const proof = (await alice.ask(`${routes.actions}/${encodeURIComponent(id)}/proof`)).json() as {
        data: object;
      };
      const browser = await openWatcher();
      await listAsOwn(await invent(), proof.data);
      expect(kinds(await look(browser))).toEqual(['invented']);
      vi.stubGlobal('fetch', lyingFetch);
    });

    test('F5: says something under an order that nobody gave', async () => {
      const { entries } = ((await alice.relay.ask(routes.deviceLog)).json() as { data: { entries: Entry[] } })
        .data;
      const browser = await openWatcher();
      await listAsOwn(await invent({ t: 'CONN:ACC', aud: bob.relay.idTag, v: 'D' }), {
        order: 'connect',
        log: entries,
      });
      expect(kinds(await look(browser))).toEqual(['invented']);
      vi.stubGlobal('fetch', lyingFetch);
    });

    test('F4: says something to a neighbour alone', async () => {
      const browser = await openWatcher();
      const token = await invent({ t: 'MSG', c: 'send money', aud: bob.relay.idTag, v: 'D' });
      const body = JSON.stringify({ token });
      const taken = await bob.relay.ask(routes.inbox, { method: 'POST', headers: json, body });
      expect(taken.status).toBe(202);
      expect(await look(browser, 1)).toMatchObject([
        { kind: 'spoken', neighbour: 'bob.test', words: 'send money' },
      ]);
      expect(kinds(await look(browser, 2)), 'it is told once').toEqual(['spoken']);
    });

    test.each<[string, () => Promise<unknown>]>([
      [
        'adds a device that signs for itself',
        async () => {
          const entry = await inventEntry();
          logLie((entries) => [...entries, entry]);
        },
      ],
      [
        'leaves the newest entries out',
        () => Promise.resolve(logLie((entries) => entries.slice(0, 1 + below(entries.length - 1)))),
      ],
      [
        'shows another log',
        async () => {
          const entry = await inventLog();
          logLie(() => [entry]);
        },
      ],
      ['exchanges two entries', () => Promise.resolve(logLie(exchange))],
      [
        'changes one byte of an entry',
        () => {
          const [part, where] = [dice(), dice()];
          logLie((entries) =>
            entries.map((each, i) => (i === Math.floor(part * entries.length) ? flip(each, where) : each)),
          );
          return Promise.resolve();
        },
      ],
      ['shows no log', () => Promise.resolve(logLie(() => []))],
    ])('L6: %s', async (_name, lie) => {
      const browser = await openWatcher();
      await lie();
      expect(kinds(await look(browser))).toEqual(['log']);
      lies.clear();
      expect(kinds(await look(browser)), 'the truth is taken again').toEqual(['log']);
    });

    test('L13: shows a neighbour another device log', async () => {
      const browser = await openWatcher();
      const { hashes } = await alice.log();
      lies.set(routes.pinned, () => ({
        pinned: { head: hashes[0]!.replace(/^./, 'A').replace(/.$/, 'A'), length: 1 },
      }));
      expect(await look(browser, 1)).toMatchObject([{ kind: 'shown', neighbour: 'bob.test' }]);
    });

    test('L13: keeps entries from its devices that neighbours see', async () => {
      const browser = await openWatcher();
      const { head, length } = await alice.log();
      lies.set(routes.pinned, () => ({ pinned: { head, length: length + 1 } }));
      expect(await look(browser, 1), 'ours may be about to grow').toEqual([]);
      expect(kinds(await look(browser, 2))).toEqual(['shown']);
    });

    test('L14: has another identity key', async () => {
      const browser = await openWatcher();
      const { keys } = ((await bob.relay.ask(routes.me)).json() as { data: { keys: object[] } }).data;
      lies.set(routes.me, (profile: object) => ({ ...profile, keys }));
      expect(kinds(await look(browser))).toEqual(['keys']);
    });
  });

  test('L14: a device that came in by another one’s hand is told, once, and by name', async () => {
    const browser = await openWatcher();
    await alice.enrolSecond();
    expect(await look(browser)).toMatchObject([{ kind: 'device', what: 'phone', words: 'laptop' }]);
    expect(kinds(await look(browser))).toEqual(['device']);
  });

  test('F4, F5: what devices and orders said is no alarm, in whatever order it is looked at', async () => {
    const browser = await openWatcher();
    await alice.eventually(await bob.say({ t: 'MSG', c: 'hello', aud: alice.relay.idTag, v: 'D' }));
    await bob.eventually(await alice.say({ t: 'MSG', c: 'hi', aud: bob.relay.idTag, v: 'D' }));
    await bob.eventually(await alice.say({ t: 'POST', c: 'for all', v: 'P' }));
    expect(await look(browser, 1)).toEqual([]);
    const rows = await browser.db.actions.toArray();
    expect(new Set(rows.map(({ verdict }) => verdict))).toEqual(new Set(['device']));
  });
});

/** A whole number from 0 to below `n`. */
function below(n: number): number {
  return Math.floor(dice() * n);
}

/** Two entries in each other's place. */
function exchange(entries: readonly Entry[]): Entry[] {
  const [one, other] = [entries.length - 1, below(entries.length - 1)];
  return entries.with(one, entries[other]!).with(other, entries[one]!);
}

/** Another character in the middle of the payload. */
function flip({ entry, countersignature }: Entry, where: number): Entry {
  const at = entry.indexOf('.') + 1 + Math.floor(where * 100);
  const other = entry[at] === 'A' ? 'B' : 'A';
  return { entry: entry.slice(0, at) + other + entry.slice(at + 1), countersignature };
}
