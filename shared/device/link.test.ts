import { beforeAll, describe, expect, it } from 'vitest';
import { bytesToBase64url } from '../bytes.ts';
import { createTestKey, describeDevice, type TestKey } from '../test/keys.ts';
import { codeOf } from '../test/vectors.ts';
import type { DeviceDescription } from './device-log.ts';
import {
  createLink,
  createLinkConfirmation,
  createLinkRequest,
  formatLink,
  isLinkConfirmation,
  isLinkRequest,
  parseLink,
} from './link.ts';

let fill = 0;
const link = createLink((n) => new Uint8Array(n).fill(++fill));
const other = createLink((n) => new Uint8Array(n).fill(++fill));
const head = 'H'.repeat(43);
let phone: TestKey;
let relay: TestKey;
let device: DeviceDescription;

beforeAll(async () => {
  [phone, relay] = await Promise.all([createTestKey(), createTestKey()]);
  device = { ...describeDevice(phone, 'Phone'), ecdh: relay.jwk };
});

describe('P2: links', () => {
  it('P2: a link survives its fragment', () => {
    expect(parseLink(formatLink(link))).toEqual(link);
    expect(parseLink(`#${formatLink(link)}`)).toEqual(link);
  });

  it.each([
    '',
    '#',
    'abc',
    `${'A'.repeat(22)}.${'A'.repeat(42)}`,
    `${'A'.repeat(22)}.${'A'.repeat(44)}`,
    ` ${formatLink(link)}`,
  ])('P2: refuses %j', async (fragment) => {
    expect(await codeOf(() => parseLink(fragment))).toBe('E-LINK-UNKNOWN');
  });

  it('P2: the device that made the link knows the keys for those of the new device', async () => {
    expect(await isLinkRequest(link, await createLinkRequest(link, device))).toBe(true);
  });

  it('P2: nothing of the device can be exchanged without the secret', async () => {
    const request = await createLinkRequest(link, device);
    const changes: Partial<DeviceDescription>[] = [
      { did: relay.did },
      { jwk: relay.jwk },
      { ecdh: phone.jwk },
      { name: 'phone' },
      { jwk: { ...device.jwk, x: device.jwk.y, y: device.jwk.x } },
    ];
    for (const change of changes)
      expect(
        await isLinkRequest(link, { ...request, device: { ...device, ...change } }),
        JSON.stringify(change),
      ).toBe(false);
    expect(await isLinkRequest({ ...link, id: other.id }, request)).toBe(false);
    expect(await isLinkRequest({ ...link, secret: other.secret }, request)).toBe(false);
  });

  it('P2: members cannot be pushed from one into the next', async () => {
    const request = await createLinkRequest(link, { ...device, name: 'a","b' });
    expect(await isLinkRequest(link, { ...request, device: { ...device, name: 'a' } })).toBe(false);
  });
});

describe('P3: confirmation', () => {
  it('P3: is of this link and this head', async () => {
    const confirmation = await createLinkConfirmation(link, head);
    expect(await isLinkConfirmation(link, head, confirmation)).toBe(true);
    expect(await isLinkConfirmation(link, 'I'.repeat(43), confirmation)).toBe(false);
    expect(await isLinkConfirmation(other, head, confirmation)).toBe(false);
  });

  it('P3: a request is no confirmation, and one MAC has one text', async () => {
    const { mac } = await createLinkRequest(link, device);
    expect(await isLinkConfirmation(link, head, mac)).toBe(false);
    const confirmation = await createLinkConfirmation(link, head);
    for (const claimed of [
      '',
      confirmation.slice(0, -1),
      `${confirmation}=`,
      bytesToBase64url(new Uint8Array(32)),
    ])
      expect(await isLinkConfirmation(link, head, claimed)).toBe(false);
  });
});
