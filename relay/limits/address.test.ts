import { expect, test } from 'vitest';
import { addressOf } from './address.ts';

const direct = (remote: string) => addressOf({ remote, forwarded: '198.51.100.1', trustProxy: false });
const proxied = (forwarded: string | undefined) =>
  addressOf({ remote: '127.0.0.1', forwarded, trustProxy: true });

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2:ffff::', '2001:db8:1:2::/64'],
  ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
  ['fe80::1%eth0', 'fe80::/64'],
  ['127.0.0.1', undefined],
  ['127.9.9.9', undefined],
  ['::1', undefined],
  ['::ffff:127.0.0.1', undefined],
])('H3: %s counts as %s, whatever X-Forwarded-For says', (remote, counted) => {
  expect(direct(remote)).toBe(counted);
});

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['10.0.0.1, 203.0.113.7', '203.0.113.7'],
  ['127.0.0.1,203.0.113.7', '203.0.113.7'],
  ['203.0.113.7:4711', '203.0.113.7'],
  ['[2001:db8::1]:4711', '2001:db8::/64'],
  ['2001:db8::1', '2001:db8::/64'],
  ['unknown', 'unreadable'],
  ['203.0.113.7, ', 'unreadable'],
  [undefined, undefined],
])('H3: behind a proxy %s counts as %s: the last entry is the one the proxy wrote', (forwarded, counted) => {
  expect(proxied(forwarded)).toBe(counted);
});
