import ipaddr from 'ipaddr.js';
import { describe, expect, test } from 'vitest';
import { listAddressForms } from './address-forms-fixture.ts';
import { createAddressCheck, isPublicAddress } from './addresses.ts';
import { counted } from '../../shared/test/counted.ts';
import { seed } from '../../shared/test/seeded.ts';

describe('which addresses are connected to', () => {
  test.each([
    ['a website', '93.184.216.34'],
    ['a resolver', '1.1.1.1'],
    ['one beside a private network', '172.32.0.1'],
    ['one beside the shared ones', '100.128.0.1'],
    ['the last before multicast', '223.255.255.254'],
    ['IPv6', '2606:4700:4700::1111'],
    ['IPv6 of a home', '2a01:4f8::1'],
    ['IPv4 through NAT64', '64:ff9b::101:101'],
    ['the same, dotted', '64:ff9b::1.1.1.1'],
  ])('N4: public: %s (%s)', (_what, address) => expect(isPublicAddress(address)).toBe(true));

  test('N4: none of the forms of an address that is not', () => {
    const forms = listAddressForms();
    expect(forms.length).toBeGreaterThan(1_000);
    expect(forms.filter(isPublicAddress)).toEqual([]);
    counted('forms of addresses', forms.length);
  });

  test('N4: an IPv4 address in disguise is not taken, even a public one', () => {
    const disguised = [
      '::ffff:1.1.1.1',
      '::1.1.1.1',
      '2002:101:101::',
      '2001::fefe:fefe',
      '1.257',
      '0x1.1.1.1',
    ];
    expect(disguised.filter(isPublicAddress)).toEqual([]);
  });

  test('N4: 40,000 addresses are judged as by another list', () => {
    const random = createRandom(seed);
    const wrong = Array.from({ length: 40_000 }, () => randomAddress(random)).filter(
      (text) => isPublicAddress(text) !== isPublicByOthers(text),
    );
    expect(wrong).toEqual([]);
    counted('addresses judged by two lists', 40_000);
  });

  test('N4: named by the operator: these, and nothing beside them', () => {
    const isAllowed = createAddressCheck([
      { address: '127.0.0.2', prefix: 32 },
      { address: '10.1.0.0', prefix: 16 },
      { address: 'fd12::', prefix: 16 },
    ]);
    expect(['127.0.0.2', '10.1.2.3', 'fd12::1', '1.1.1.1'].filter((address) => !isAllowed(address))).toEqual(
      [],
    );
    const others = [
      '127.0.0.1',
      '127.0.0.3',
      '10.2.0.1',
      'fd13::1',
      '::1',
      '169.254.169.254',
      '127.2',
      'fd12::1%lo',
    ];
    expect(others.filter(isAllowed)).toEqual([]);
    const none = createAddressCheck([]);
    expect(listAddressForms().filter(none)).toEqual([]);
  });
});

/** Mulberry32: the same numbers in every run. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const heads = [
  '2001',
  '2001:db8',
  '2001:200',
  '2002',
  '2606',
  '2620:4f:8000',
  '2a00',
  '3fff',
  '4000',
  '64:ff9b:0:0:0:0',
];

function randomAddress(random: (below: number) => number): string {
  if (random(2) === 0) return Array.from({ length: 4 }, () => random(256)).join('.');
  const head = heads[random(heads.length)] ?? '2001';
  const rest = 8 - head.split(':').length;
  const groups = Array.from({ length: rest }, () =>
    (random(3) === 0 ? random(65_536) : random(2)).toString(16),
  );
  return `${head}:${groups.join(':')}`;
}

/** The ranges of ipaddr.js; through NAT64 what is carried counts. */
function isPublicByOthers(text: string): boolean {
  const address = ipaddr.parse(text);
  if (address.range() !== 'rfc6052') return address.range() === 'unicast' && !text.startsWith('4000');
  return new ipaddr.IPv4(address.toByteArray().slice(12)).range() === 'unicast';
}
