import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLinkRequest, createLink } from '../../shared/device/link.ts';
import { signLogEntry } from '../../shared/device/device-log.ts';
import {
  deviceLogSchema,
  enrolledSchema,
  linkStateSchema,
  relaySchema,
  routes,
} from '../../shared/routes.ts';
import { codeOf, createKeys, dataOf, json, nonce, TestDevice } from './device.ts';
import { createNetwork } from './network.ts';

type OneRelay = Awaited<ReturnType<typeof createNetwork<['alice.test']>>>;

describe('ways in: the setup link', () => {
  let network: OneRelay;
  let device: TestDevice;

  beforeAll(async () => {
    network = await createNetwork('alice.test');
    device = new TestDevice(network, network.relays[0], await createKeys());
  });
  afterAll(() => network.close());

  test('an unclaimed relay says so, and names its API', async () => {
    const relay = dataOf(await device.relay.ask(routes.relay, { host: 'alice.test' }), relaySchema);
    expect(relay).toEqual({ idTag: 'alice.test', apiBase: 'https://cl-o.alice.test', claimed: false });
  });

  test('a restart prints a new setup link; the old one is worth nothing (P1)', async () => {
    const old = device.setupToken();
    await device.relay.stop();
    await device.relay.start();
    expect(device.setupToken()).not.toBe(old);
    expect(codeOf(await device.enrol(old, await device.firstEntry()))).toBe('E-SETUP-UNKNOWN');
  });

  test('a first entry that adds somebody else is refused and uses nothing up (L2)', async () => {
    const other = new TestDevice(network, device.relay, await createKeys());
    const { did, sign } = device.keys;
    const op = { t: 'add' as const, device: other.describe(), cap: [{ act: '*', res: '*' }] };
    const entry = await signLogEntry(
      undefined,
      { iss: device.relay.idTag, iat: device.seconds(), by: did, op },
      sign,
    );
    expect(codeOf(await device.enrol(device.setupToken(), entry))).toBe('E-LOG-INVALID');
    expect((await device.relay.ask(routes.deviceLog)).json()).toMatchObject({ data: { entries: [] } });
  });

  test('it enrols one device; the same entry again gets the same answer, another one E-SETUP-USED (P1)', async () => {
    const setup = device.setupToken();
    const entry = await device.firstEntry();
    const first = dataOf(await device.enrol(setup, entry), enrolledSchema);
    const again = dataOf(await device.enrol(setup, entry), enrolledSchema);
    expect(again).toEqual(first);
    const other = new TestDevice(network, device.relay, await createKeys());
    expect(codeOf(await device.enrol(setup, await other.firstEntry()))).toBe('E-SETUP-USED');
    device.delegation = first.delegation;
    expect((await device.log()).devices.size).toBe(1);
  });

  test('the same device that signs again after a lost answer gets the first answer (P1)', async () => {
    const setup = device.setupToken();
    const again = dataOf(await device.enrol(setup, await device.firstEntry()), enrolledSchema);
    expect(again.delegation).toBe(device.delegation);
    expect(again.entries).toHaveLength(1);
    const entry = await device.firstEntry();
    expect(entry).not.toBe(again.entries[0]?.entry);
    expect(codeOf(await device.enrol(nonce(), entry))).toBe('E-SETUP-UNKNOWN');
    const [signed] = /^.*\./.exec(entry) ?? [];
    expect(codeOf(await device.enrol(setup, `${signed}${'A'.repeat(128)}`))).toBe('E-SETUP-USED');
    const two = await createNetwork('carol.test');
    const carol = await TestDevice.enrolFirst(two, two.relays[0]);
    const carols = carol.setupToken();
    await carol.enrolSecond();
    expect(codeOf(await carol.enrol(carols, await carol.firstEntry()))).toBe('E-SETUP-USED');
    await two.close();
  });

  test('both at once: one of two first devices gets in', async () => {
    const two = await createNetwork('carol.test');
    const [relay] = two.relays;
    const devices = [
      new TestDevice(two, relay, await createKeys()),
      new TestDevice(two, relay, await createKeys()),
    ];
    const answers = await Promise.all(
      devices.map(async (each) => each.enrol(each.setupToken(), await each.firstEntry())),
    );
    expect(answers.map(codeOf).sort()).toEqual(['201', 'E-SETUP-USED']);
    await two.close();
  });

  test('a claimed relay prints no setup link', async () => {
    await device.relay.stop();
    await device.relay.start();
    expect(device.relay.node.setupLink).toBeUndefined();
  });
});

describe('ways in: one-time links, and the way out', () => {
  let network: OneRelay;
  let first: TestDevice;

  beforeAll(async () => {
    network = await createNetwork('alice.test');
    first = await TestDevice.enrolFirst(network, network.relays[0]);
  });
  afterAll(() => network.close());

  const announce = async () => {
    const link = createLink((n) => crypto.getRandomValues(new Uint8Array(n)));
    const expiresAt = first.seconds() + 600;
    expect((await first.ask(routes.links, 'POST', { id: link.id, expiresAt })).status).toBe(201);
    const path = `${routes.links}/${link.id}`;
    const leave = async (device: TestDevice) => {
      const body = JSON.stringify(await createLinkRequest(link, device.describe()));
      return first.relay.ask(`${path}/request`, { method: 'POST', headers: json, body });
    };
    return { link, path, leave };
  };

  test('a second device is enrolled over a link, by the signature of the first (P2, P3)', async () => {
    const second = await first.enrolSecond();
    expect((await second.items()).length).toBe(0);
    expect((await first.log()).devices.size).toBe(2);
  });

  test('a link takes one request; the same again is fine, another device gets E-LINK-USED (P2)', async () => {
    const { path, leave } = await announce();
    const [one, two] = [
      new TestDevice(network, first.relay, await createKeys()),
      new TestDevice(network, first.relay, await createKeys()),
    ];
    expect(dataOf(await first.relay.ask(path), linkStateSchema).state).toBe('open');
    expect((await leave(one)).status).toBe(201);
    expect((await leave(one)).status).toBe(201);
    expect(codeOf(await leave(two))).toBe('E-LINK-USED');
    expect(dataOf(await first.relay.ask(path), linkStateSchema).state).toBe('waiting');
  });

  test('an expired link lets nobody in', async () => {
    const { path, leave } = await announce();
    await network.advance(601_000);
    first.forgetToken();
    expect(codeOf(await leave(new TestDevice(network, first.relay, await createKeys())))).toBe(
      'E-LINK-EXPIRED',
    );
    expect(dataOf(await first.relay.ask(path), linkStateSchema).state).toBe('expired');
    const unknown = await first.relay.ask(`${routes.links}/${nonce()}`);
    expect(codeOf(unknown)).toBe('E-LINK-UNKNOWN');
  });

  test('an entry that does not continue the log is a fork (L1)', async () => {
    const log = await first.log();
    const stranger = new TestDevice(network, first.relay, await createKeys());
    const op = { t: 'add' as const, device: stranger.describe(), cap: [{ act: 'action/read', res: '*' }] };
    const entry = await first.sign(log, op);
    expect((await first.ask(routes.deviceLog, 'POST', { entry })).status).toBe(201);
    const fork = await first.sign(log, { t: 'remove', did: stranger.keys.did });
    expect(codeOf(await first.ask(routes.deviceLog, 'POST', { entry: fork }))).toBe('E-LOG-FORK');
    expect((await first.log()).length).toBe(log.length + 1);
  });

  test('an entry dated far from the relay’s clock is refused (L7), and so is a generation that does not follow', async () => {
    const log = await first.log();
    const other = new TestDevice(network, first.relay, await createKeys());
    const op = { t: 'add' as const, device: other.describe(), cap: [{ act: 'action/read', res: '*' }] };
    for (const off of [-301, 301]) {
      const said = { iss: first.relay.idTag, iat: first.seconds() + off, by: first.keys.did, op };
      const entry = await signLogEntry(log, said, first.keys.sign);
      expect(codeOf(await first.ask(routes.deviceLog, 'POST', { entry }))).toBe('E-TOKEN-TIME');
    }
    const raised = await first.sign(log, { t: 'gen', gen: 2 });
    expect(codeOf(await first.ask(routes.deviceLog, 'POST', { entry: raised }))).toBe('E-LOG-INVALID');
    expect((await first.log()).length).toBe(log.length);
  });

  test('a device without device/enrol adds nobody (L3)', async () => {
    const second = await first.enrolSecond([{ act: 'action/*', res: '*' }]);
    const entry = await second.sign(await first.log(), {
      t: 'add',
      device: new TestDevice(network, first.relay, await createKeys()).describe(),
      cap: [{ act: '*', res: '*' }],
    });
    expect(codeOf(await second.ask(routes.deviceLog, 'POST', { entry }))).toBe('E-LOG-PERMISSION');
    expect(codeOf(await second.ask(routes.links))).toBe('E-DELEGATION-SCOPE');
  });

  test('a removed device is out at once: token, new token, draft and socket (G6)', async () => {
    const second = await first.enrolSecond();
    const socket = await second.sync();
    await socket.next('current');
    const draft = await second.draft({ t: 'POST', c: 'too late' });
    expect((await first.remove(second.keys.did)).status).toBe(201);
    expect(await socket.untilClosed()).toBe(4401);
    expect(codeOf(await second.ask(routes.actions))).toBe('E-DELEGATION-REVOKED');
    expect(codeOf(await second.ask(routes.actions, 'POST', { drafts: [draft] }))).toBe(
      'E-DELEGATION-REVOKED',
    );
    expect(codeOf(await second.exchange(await second.assertion()))).toBe('E-DELEGATION-REVOKED');
  });

  test('the log is served with countersignatures of the identity key (L5)', async () => {
    const { entries } = dataOf(await first.relay.ask(routes.deviceLog), deviceLogSchema);
    for (const { entry, countersignature } of entries) {
      const [header, payload] = entry.split('.');
      expect(countersignature.token.startsWith(`${header}.${payload}.`)).toBe(true);
      expect(countersignature.token).not.toBe(entry);
    }
  });
});
