import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { signAssertion } from '../../shared/device/assertion.ts';
import { signLogEntry } from '../../shared/device/device-log.ts';
import { routes } from '../../shared/routes.ts';
import { codeOf, nonce, TestDevice } from './device.ts';
import { createNetwork, type Network } from './network.ts';
import { counted } from '../../shared/test/counted.ts';

const minute = 60;
const day = 86_400;
const year = 365 * day;

let network: Network;
let device: TestDevice;

beforeAll(async () => {
  network = await createNetwork('alice.test');
  device = await TestDevice.enrolFirst(network, network.relays[0]!);
  await device.accessToken();
  // Let in two days ago, so that there is something behind it.
  await network.advance(2 * day * 1000);
  device.forgetToken();
});
afterAll(() => network.close());

const early = 'E-DELEGATION-EXPIRED';
const time = 'E-TOKEN-TIME';

/** How far the device's clock is off, in seconds; what becomes of its assertion, of a log entry, and of a draft. */
const table: [string, number, string, string, string][] = [
  ['10 years behind', -10 * year, time, time, early],
  ['a year behind', -year, time, time, early],
  ['3 days behind', -3 * day, time, time, early],
  ['a day behind', -day, time, time, 'accepted'],
  ['six minutes behind', -6 * minute, time, time, 'accepted'],
  ['four minutes behind', -4 * minute, time, '201', 'accepted'],
  ['a minute and a half behind', -90, '200', '201', 'accepted'],
  ['right', 0, '200', '201', 'accepted'],
  ['half a minute ahead', 30, '200', '201', 'accepted'],
  ['two minutes ahead', 2 * minute, time, '201', 'accepted'],
  ['six minutes ahead', 6 * minute, time, time, time],
  ['10 years ahead', 10 * year, time, time, time],
];

describe('A3, L7, X1, G6: a clock that is wrong', () => {
  test.each(table)('the device’s clock is %s', async (_, off, assertion, entry, draft) => {
    const { did, sign } = device.keys;
    const aud = device.relay.idTag;
    const now = device.seconds() + off;
    const shown = await signAssertion({ did, aud, jti: nonce(), now }, sign);
    expect(codeOf(await device.exchange(shown))).toBe(assertion);
    const op = { t: 'change' as const, did, name: `laptop ${off}` };
    const said = await signLogEntry(await device.log(), { iss: aud, iat: now, by: did, op }, sign);
    expect(codeOf(await device.ask(routes.deviceLog, 'POST', { entry: said }))).toBe(entry);
    const text = await device.draft({ t: 'POST', c: 'what time is it', iat: now });
    const [receipt] = await device.submit(text);
    expect(receipt?.status === 'refused' ? receipt.code : receipt?.status).toBe(draft);
    if (receipt?.status !== 'accepted') return;
    const item = (await device.items()).find(({ actionId }) => actionId === receipt.actionId);
    // The relay keeps its own time beside the device's.
    expect(Math.abs(item!.receivedAt - network.now())).toBeLessThan(60_000);
  });
  afterEach(({ task }) => {
    if (task.result?.state !== 'fail') counted('stories of clocks that are wrong', 1);
  });

  test('X1: an access token is good for ten minutes', async () => {
    await device.accessToken();
    await network.advance(9 * minute * 1000);
    expect(codeOf(await device.ask(routes.actions))).toBe('200');
    await network.advance(2 * minute * 1000);
    expect(codeOf(await device.ask(routes.actions))).toBe('E-AUTH-UNAUTH');
    device.forgetToken();
  });

  test('G6, A3: the relay’s clock jumps by ten years and back: nothing is taken meanwhile, nothing is lost', async () => {
    const before = (await device.items()).length;
    for (const jump of [10 * year, -10 * year]) {
      await network.advance(jump * 1000);
      device.forgetToken();
      expect(codeOf(await device.exchange(await device.assertion()))).toBe(early);
      await network.advance(-jump * 1000);
      device.forgetToken();
      expect((await device.items()).length).toBe(before);
    }
  });
});
