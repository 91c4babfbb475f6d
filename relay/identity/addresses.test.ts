import { expect, test } from 'vitest';
import { isPublicAddress } from './addresses.ts';

const denied = `
0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1
192.0.2.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 240.0.0.1 255.255.255.255
:: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:7f00:1 64:ff9b::7f00:1 64:ff9b::a00:1 2002:7f00:1:: 2002:a00:1::
2001::1 2001:db8::1 fc00::1 fd12:3456::1 fe80::1 fec0::1 ff02::1 100::1 ::7f00:1 ::127.0.0.1
127.1 0177.0.0.1 0x7f.0.0.1 2130706433 localhost 1.2.3 1.2.3.4.5 [::1] fe80::1%eth0 ::ffff:0:127.0.0.1
`;

test.each(denied.trim().split(/\s+/))('%s is not connected to', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each([
  '1.1.1.1',
  '93.184.216.34',
  '2606:4700:4700::1111',
  '2a01:4f8::1',
  '::ffff:1.1.1.1',
  '2002:101:101::',
])('%s is public', (address) => expect(isPublicAddress(address)).toBe(true));
