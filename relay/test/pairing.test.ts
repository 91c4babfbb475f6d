import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waysRoutes } from '../../shared/api/ways.ts';
import { everything } from '../../shared/device/capability.ts';
import { appendLogEntry } from '../../shared/device/device-log.ts';
import { createLinkConfirmation, createLinkRequest, isLinkRequest } from '../../shared/device/link.ts';
import { codeToLink, createCode } from '../../shared/device/pairing.ts';
import { linkStateSchema, routes, waitingLinksSchema } from '../../shared/routes.ts';
import { codeOf, createKeys, dataOf, json, TestDevice } from './device.ts';
import { createNetwork } from './network.ts';

const random = (n: number) => new Uint8Array(randomBytes(n));

describe('P5, P11: a new device shows a code', () => {
  let network: Awaited<ReturnType<typeof createNetwork<['alice.test']>>>;
  let first: TestDevice;
  beforeAll(async () => {
    network = await createNetwork('alice.test');
    first = await TestDevice.enrolFirst(network, network.relays[0]);
  });
  afterAll(() => network.close());

  const post = (path: string, body: unknown) =>
    first.relay.ask(path, { method: 'POST', headers: json, body: JSON.stringify(body) });
  const stand = async (code = createCode(random), lasts = 600) => {
    const device = new TestDevice(network, first.relay, await createKeys());
    const link = await codeToLink(code);
    const request = await createLinkRequest(link, device.describe('phone'));
    const offer = { id: link.id, expiresAt: first.seconds() + lasts, request };
    return { code, device, link, offer, answer: await post(waysRoutes.offers, offer) };
  };
  const waiting = async (id: string) =>
    dataOf(await first.ask(routes.links), waitingLinksSchema).links.find((link) => link.id === id)?.request;
  const stateOf = async (id: string) =>
    dataOf(await first.relay.ask(`${routes.links}/${id}`), linkStateSchema);

  test('P5: a device that knows the code finds the keys, signs, and the new one is in', async () => {
    const { device, link, offer, answer } = await stand();
    expect(codeOf(answer)).toBe('201');
    expect(codeOf(await post(waysRoutes.offers, offer))).toBe('201'); // the answer was lost
    const request = await waiting(link.id);
    expect(await isLinkRequest(link, request!)).toBe(true);
    const log = await first.log();
    const added = { ...request!.device, name: 'Kitchen' };
    const entry = await first.sign(log, { t: 'add', device: added, cap: [...everything] });
    const { head } = await appendLogEntry(first.relay.idTag, log, entry);
    const body = { entry, link: { id: link.id, confirmation: await createLinkConfirmation(link, head) } };
    expect(codeOf(await first.ask(routes.deviceLog, 'POST', body))).toBe('201');
    expect(await stateOf(link.id)).toMatchObject({ state: 'enrolled', did: device.keys.did });
    expect(codeOf(await post(waysRoutes.offers, offer))).toBe('201');
  });

  test('P5: a relay that puts other keys in their place is found out', async () => {
    const { link, offer } = await stand();
    const other = new TestDevice(network, first.relay, await createKeys());
    const swapped = { ...offer.request, device: other.describe('phone') };
    expect(await isLinkRequest(link, swapped)).toBe(false);
    const guessed = await codeToLink(createCode(random));
    expect(
      await isLinkRequest(
        link,
        await createLinkRequest({ ...link, secret: guessed.secret }, other.describe('phone')),
      ),
    ).toBe(false);
  });

  test('P5: a code takes one device; a refused or expired one takes none', async () => {
    const { code, link } = await stand();
    expect(codeOf((await stand(code)).answer)).toBe('E-LINK-USED');
    expect(codeOf(await first.relay.ask(`${routes.links}/${link.id}`, { method: 'DELETE' }))).toBe(
      'E-AUTH-UNAUTH',
    );
    expect(codeOf(await first.ask(`${routes.links}/${link.id}`, 'DELETE'))).toBe('200');
    expect((await stateOf(link.id)).state).toBe('expired');
    expect(await waiting(link.id)).toBeUndefined();
    const late = await stand();
    await network.advance(601_000);
    first.forgetToken();
    expect((await stateOf(late.link.id)).state).toBe('expired');
    expect(codeOf((await stand(undefined, 1200)).answer)).toBe('E-VAL-INVALID');
  });

  test('P11: what is over before it begins is not kept', async () => {
    expect(codeOf((await stand(undefined, -1)).answer)).toBe('E-LINK-EXPIRED');
  });

  test('P11: only so many stand at the door, and it is free again when they are gone', async () => {
    const answers = [];
    for (let i = 0; i < 52; i++) answers.push(codeOf((await stand()).answer));
    expect(answers.filter((code) => code === '201')).toHaveLength(50);
    expect(answers.at(-1)).toBe('E-VERIFY-LIMIT');
    const weak = await first.enrolSecond([{ act: 'action/*', res: '*' }]);
    expect(codeOf(await weak.ask(routes.links))).toBe('E-DELEGATION-SCOPE');
    expect(codeOf(await first.relay.ask(routes.links))).toBe('E-AUTH-UNAUTH');
    await network.advance(601_000);
    expect(codeOf((await stand()).answer)).toBe('201');
  });

  test('P5: where nobody is in, nobody waits', async () => {
    const empty = await createNetwork('carol.test');
    const link = await codeToLink(createCode(random));
    const device = new TestDevice(empty, empty.relays[0], await createKeys());
    const request = await createLinkRequest(link, device.describe());
    const body = JSON.stringify({ id: link.id, expiresAt: device.seconds() + 600, request });
    const answer = await empty.relays[0].ask(waysRoutes.offers, { method: 'POST', headers: json, body });
    expect(codeOf(answer)).toBe('E-LINK-UNKNOWN');
    await empty.close();
  });
});
