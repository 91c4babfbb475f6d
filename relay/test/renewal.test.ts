import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { appendedSchema, renewedSchema } from '../../shared/api/devices.ts';
import { parseDelegation } from '../../shared/device/delegation.ts';
import { findDevice, findLine } from '../../shared/device/device-log.ts';
import { ownDelegationSchema } from '../../shared/api/devices.ts';
import { readSecond } from '../../shared/device/renewal.ts';
import type { IsletError } from '../../shared/errors.ts';
import { routes } from '../../shared/routes.ts';
import { codeOf, dataOf, TestDevice } from './device.ts';
import { createNetwork, type Network } from './network.ts';
import {
  askDelegation,
  askReadmission,
  nextOf,
  readmit,
  renew,
  sendRenewal,
  signRenewal,
  stateOf,
} from './renewing.ts';

const day = 86_400_000;

let network: Network;
let first: TestDevice;

beforeEach(async () => {
  network = await createNetwork('alice.test');
  first = await TestDevice.enrolFirst(network, network.relays[0]!);
});
afterEach(() => network.close());

async function advance(ms: number, ...devices: TestDevice[]): Promise<void> {
  await network.advance(ms);
  for (const device of devices) device.forgetToken();
}

describe('new keys for the same device', () => {
  test('G8: the new key speaks for 30 days more, the old one is out, and what it said stays proven', async () => {
    const before = await first.say({ t: 'POST', c: 'with the old key' });
    const socket = await first.sync();
    await socket.next('current');
    await advance(16 * day, first);
    const next = await renew(first);
    expect(await socket.untilClosed()).toBe(4401);
    expect(codeOf(await first.exchange(await first.assertion()))).toBe('E-DELEGATION-REVOKED');
    const until = network.now() / 1000 + 30 * 86_400;
    expect(Math.abs(parseDelegation(next.delegation).exp - until)).toBeLessThan(600);
    const after = await next.say({ t: 'POST', c: 'with the new key' });
    expect((await next.items()).map(({ actionId }) => actionId)).toEqual([before, after]);
    for (const id of [before, after])
      expect((await next.ask(`${routes.actions}/${id}/proof`)).status).toBe(200);
    const log = await next.log();
    expect(findLine(log, first.keys.did)?.did).toBe(next.keys.did);
  });

  test('G8: the answer was lost: the same entry, and one signed again over a longer log, give the same delegation', async () => {
    const next = await nextOf(first);
    const entry = await signRenewal(first, next);
    const { delegation } = dataOf(await sendRenewal(first, entry), renewedSchema);
    expect(dataOf(await sendRenewal(first, entry), renewedSchema).delegation).toBe(delegation);
    await first.relay.stop();
    await first.relay.start();
    next.delegation = delegation;
    await next.enrolSecond();
    expect(dataOf(await sendRenewal(first, entry), renewedSchema).delegation).toBe(delegation);
    const again = await signRenewal(first, next);
    expect(again).not.toBe(entry);
    expect(dataOf(await sendRenewal(first, again), renewedSchema).delegation).toBe(delegation);
    expect((await next.log()).length).toBe(3);
  });

  test('G9: renewed is what holds: not a removed device, not one that is too late, not another’s', async () => {
    const second = await first.enrolSecond();
    const third = await first.enrolSecond();
    await first.remove(second.keys.did);
    const removed = await sendRenewal(second, await signRenewal(second, await nextOf(second)));
    expect(codeOf(removed)).toBe('E-DELEGATION-REVOKED');
    const log = await first.log();
    const stale = await signRenewal(first, await nextOf(first), log);
    const kept = await renew(third);
    expect(codeOf(await sendRenewal(first, stale))).toBe('E-LOG-FORK');
    await advance(31 * day, first);
    const late = await sendRenewal(first, await signRenewal(first, await nextOf(first)));
    expect(codeOf(late)).toBe('E-DELEGATION-EXPIRED');
    expect(codeOf(await sendRenewal(first, stale))).toBe('E-TOKEN-TIME');
    const foreign = await second.sign(await second.log(), { t: 'remove', did: kept.keys.did });
    expect(codeOf(await sendRenewal(second, foreign))).toBe('E-LOG-INVALID');
  });
});

describe('a copied profile', () => {
  test('G10: a second renewal from one key stops the whole line, until somebody says which keys are right', async () => {
    const second = await first.enrolSecond();
    const copy = second;
    const right = await renew(second, 'Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0 Safari/537.36');
    const socket = await right.sync();
    await socket.next('current');
    const wrong = await nextOf(copy);
    const evidence = await signRenewal(copy, wrong);
    expect(codeOf(await sendRenewal(copy, evidence, 'Mozilla/5.0 (Windows NT 10.0) Firefox/140.0'))).toBe(
      'E-DELEGATION-SUSPENDED',
    );
    expect(await socket.untilClosed()).toBe(4401);
    expect(codeOf(await right.ask(routes.actions))).toBe('E-DELEGATION-SUSPENDED');
    expect(codeOf(await right.exchange(await right.assertion()))).toBe('E-DELEGATION-SUSPENDED');
    const again = await signRenewal(right, await nextOf(right));
    expect(codeOf(await sendRenewal(right, again))).toBe('E-DELEGATION-SUSPENDED');
    expect((await askReadmission(right)).state).toBe('suspended');
    expect((await askReadmission(wrong)).state).toBe('suspended');
    const told = (await stateOf(first, right.keys.did))?.suspended;
    expect(told?.others).toEqual([{ entry: evidence, at: expect.any(Number), agent: 'Firefox, Windows' }]);
    expect(told?.agent).toBe('Chrome, Linux');
    const known = { log: await first.log(), origin: second.keys.did };
    expect((await readSecond(evidence, known)).did).toBe(wrong.keys.did);
    await first.relay.stop();
    await first.relay.start();
    expect(codeOf(await right.ask(routes.actions))).toBe('E-DELEGATION-SUSPENDED');

    expect((await readmit(first, right.keys.did)).status).toBe(200);
    expect((await right.ask(routes.actions)).status).toBe(200);
    expect((await askReadmission(wrong)).state).toBe('removed');
    expect(codeOf(await sendRenewal(copy, await signRenewal(copy, await nextOf(copy))))).toBe(
      'E-DELEGATION-REVOKED',
    );
    expect((await right.ask(routes.actions)).status).toBe(200);
  });

  test('G10: however many keys come from the old one, a few are kept', async () => {
    const second = await first.enrolSecond();
    const right = await renew(second);
    for (let i = 0; i < 12; i++)
      expect(codeOf(await sendRenewal(second, await signRenewal(second, await nextOf(second))))).toBe(
        'E-DELEGATION-SUSPENDED',
      );
    expect((await stateOf(first, right.keys.did))?.suspended?.others).toHaveLength(8);
  });

  test('G10: the keys that came second are the right ones: they are added, the others removed', async () => {
    const second = await first.enrolSecond();
    const wrong = await renew(second);
    const right = await nextOf(second);
    await sendRenewal(second, await signRenewal(second, right));
    const { others } = (await stateOf(first, wrong.keys.did))!.suspended!;
    const cap = findDevice(await first.log(), wrong.keys.did)!.cap;
    const device = await readSecond(others[0]!.entry, { log: await first.log(), origin: second.keys.did });
    const entry = await first.sign(await first.log(), { t: 'add', device, cap: [...cap] });
    expect((await first.ask(routes.deviceLog, 'POST', { entry })).status).toBe(201);
    await first.remove(wrong.keys.did);
    right.delegation = dataOf(await askDelegation(right), ownDelegationSchema).delegation;
    expect((await right.ask(routes.actions)).status).toBe(200);
    expect(codeOf(await wrong.exchange(await wrong.assertion()))).toBe('E-DELEGATION-REVOKED');
  });

  test('G10: once the whole device is removed, the second keys are told so too', async () => {
    const second = await first.enrolSecond();
    const kept = await renew(second);
    const copy = await nextOf(second);
    await sendRenewal(second, await signRenewal(second, copy));
    expect((await askReadmission(copy)).state).toBe('suspended');
    await first.remove(kept.keys.did);
    expect((await askReadmission(copy)).state).toBe('removed');
    expect((await askReadmission(kept)).state).toBe('removed');
  });

  test('G10: keys that a relay made up, of another device, or with another pair for sealing do not pass for second ones', async () => {
    const second = await first.enrolSecond();
    const third = await first.enrolSecond();
    await renew(second);
    const known = { log: await first.log(), origin: second.keys.did };
    const codeFor = (text: string) =>
      readSecond(text, known).then(
        () => 'taken',
        (error: unknown) => (error as IsletError).code,
      );
    const made = await nextOf(second);
    expect(await codeFor(await signRenewal(second, made))).toBe('taken');
    expect(await codeFor(await signRenewal(third, made))).toBe('E-LOG-INVALID');
    expect(await codeFor(await signRenewal(made, await nextOf(made)))).toBe('E-LOG-PERMISSION');
    const forged = (await signRenewal(second, made)).replace(/\.[^.]+$/, `.${'A'.repeat(128)}`);
    expect(await codeFor(forged)).toBe('E-TOKEN-SIGNATURE');
    const sealing = new TestDevice(network, second.relay, { ...made.keys, ecdh: third.keys.ecdh });
    expect(await codeFor(await signRenewal(second, sealing))).toBe('E-LOG-INVALID');
  });

  test('G10: a suspended device signs nothing into the log', async () => {
    const second = await first.enrolSecond();
    const right = await renew(second);
    await right.accessToken();
    await sendRenewal(second, await signRenewal(second, await nextOf(second)));
    const entry = await right.sign(await right.log(), { t: 'remove', did: first.keys.did });
    expect(codeOf(await right.ask(routes.deviceLog, 'POST', { entry }))).toBe('E-DELEGATION-SUSPENDED');
    const by = await right.sign(await right.log(), { t: 'remove', did: right.keys.did });
    expect(codeOf(await first.ask(routes.deviceLog, 'POST', { entry: by }))).toBe('E-LOG-PERMISSION');
  });
});

describe('coming back', () => {
  test('G11: a device that was away asks, another lets it in, and it renews; its drafts within the window come late', async () => {
    const second = await first.enrolSecond();
    const written = await second.draft({ t: 'POST', c: 'written in time', iat: second.seconds() + 86_400 });
    await advance(20 * day, first);
    const keeper = await renew(first);
    await advance(12 * day, keeper, second);
    expect(codeOf(await second.ask(routes.actions))).toBe('E-DELEGATION-EXPIRED');
    expect((await second.submit(written)).map(({ status }) => status)).toEqual(['accepted']);
    expect(codeOf(await sendRenewal(second, await signRenewal(second, await nextOf(second))))).toBe(
      'E-DELEGATION-EXPIRED',
    );
    expect(await askReadmission(second)).toEqual({ state: 'asked' });
    expect((await stateOf(keeper, second.keys.did))?.askedAt).toBeTypeOf('number');
    expect((await readmit(keeper, second.keys.did)).status).toBe(200);
    expect(await askReadmission(second)).toEqual({ state: 'granted' });
    const back = await renew(second);
    expect((await back.ask(routes.actions)).status).toBe(200);
    expect((await stateOf(keeper, back.keys.did))?.askedAt).toBeUndefined();
    const [receipt] = await back.submit(await back.draft({ t: 'POST', c: 'after' }));
    expect(receipt?.status).toBe('accepted');
  });

  test('G11: only who may do as much lets it in, and who may enrol', async () => {
    const away = await first.enrolSecond();
    const poor = await first.enrolSecond([
      { act: 'device/enrol', res: '*' },
      { act: 'space/*', res: '*' },
    ]);
    const reader = await first.enrolSecond([{ act: 'action/read', res: '*' }]);
    expect(codeOf(await readmit(poor, away.keys.did))).toBe('E-DELEGATION-SCOPE');
    expect(codeOf(await readmit(reader, away.keys.did))).toBe('E-DELEGATION-SCOPE');
    expect(codeOf(await readmit(first, 'did:key:zNobody'))).toBe('E-CORE-NOTFOUND');
  });

  test('G11: a device that was let in for a time, or removed as lost, does not come back', async () => {
    const [guest, lost] = [await first.enrolSecond(), await first.enrolSecond()];
    const until = first.seconds() + 86_400;
    const change = await first.sign(await first.log(), { t: 'change', did: guest.keys.did, until });
    expect((await first.ask(routes.deviceLog, 'POST', { entry: change })).status).toBe(201);
    const removal = await first.sign(await first.log(), { t: 'remove', did: lost.keys.did, wipe: true });
    await first.ask(routes.deviceLog, 'POST', { entry: removal });
    expect(await askReadmission(lost)).toEqual({ state: 'removed', wipe: true });
    await advance(2 * day, first);
    expect(await askReadmission(guest)).toEqual({ state: 'removed' });
    expect(codeOf(await readmit(first, guest.keys.did))).toBe('E-DELEGATION-EXPIRED');
  });
});

describe('all at once', () => {
  test('G12: a raised generation ends every delegation but that of the caller, who has a new one in the answer', async () => {
    const second = await first.enrolSecond();
    const socket = await second.sync();
    await socket.next('current');
    const entry = await first.sign(await first.log(), { t: 'gen', gen: 1 });
    const { delegation } = dataOf(await first.ask(routes.deviceLog, 'POST', { entry }), appendedSchema);
    expect(await socket.untilClosed()).toBe(4401);
    expect(codeOf(await second.exchange(await second.assertion()))).toBe('E-DELEGATION-REVOKED');
    expect(codeOf(await first.ask(routes.actions))).toBe('E-DELEGATION-REVOKED');
    expect(dataOf(await askDelegation(first), ownDelegationSchema).delegation).toBe(delegation);
    first.delegation = delegation!;
    first.forgetToken();
    expect((await first.ask(routes.actions)).status).toBe(200);
    expect(codeOf(await sendRenewal(second, await signRenewal(second, await nextOf(second))))).toBe(
      'E-DELEGATION-REVOKED',
    );
    expect((await askReadmission(second)).state).toBe('asked');
    await readmit(first, second.keys.did);
    expect((await (await renew(second)).ask(routes.actions)).status).toBe(200);
  });

  test('G12: who was let in again and has not come yet does not come after it', async () => {
    const second = await first.enrolSecond();
    expect((await readmit(first, second.keys.did)).status).toBe(200);
    const entry = await first.sign(await first.log(), { t: 'gen', gen: 1 });
    expect((await first.ask(routes.deviceLog, 'POST', { entry })).status).toBe(201);
    expect(codeOf(await sendRenewal(second, await signRenewal(second, await nextOf(second))))).toBe(
      'E-DELEGATION-REVOKED',
    );
    expect((await askReadmission(second)).state).toBe('asked');
  });

  test('G13: a device that may do less than before asks what it has now', async () => {
    const second = await first.enrolSecond();
    const cap = [{ act: 'action/read', res: '*' }];
    const entry = await first.sign(await first.log(), { t: 'change', did: second.keys.did, cap });
    expect((await first.ask(routes.deviceLog, 'POST', { entry })).status).toBe(201);
    second.forgetToken();
    expect(codeOf(await second.exchange(await second.assertion()))).toMatch(/^E-DELEGATION-(REVOKED|SCOPE)$/);
    second.delegation = dataOf(await askDelegation(second), ownDelegationSchema).delegation;
    expect((await second.ask(routes.actions)).status).toBe(200);
    const [receipt] = await second.submit(await second.draft({ t: 'POST', c: 'not any more' }));
    expect(receipt).toMatchObject({ status: 'refused', code: 'E-DELEGATION-SCOPE' });
  });
});
