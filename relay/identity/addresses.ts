import { BlockList, isIP } from 'node:net';

/** A network: an address and how many of its bits count. */
export interface AddressBlock {
  readonly address: string;
  readonly prefix: number;
}

/** The IANA registry of special-purpose IPv4 addresses, with multicast and the reserved class E. */
const specialIpv4 = [
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private
  '100.64.0.0/10', // shared by customers of a provider
  '127.0.0.0/8', // loopback
  '169.254.0.0/16', // link-local, and where clouds answer questions about a machine
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments
  '192.0.2.0/24', // documentation
  '192.31.196.0/24', // AS112
  '192.52.193.0/24', // AMT
  '192.88.99.0/24', // relays of 6to4
  '192.168.0.0/16', // private
  '192.175.48.0/24', // AS112
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, and broadcast
];

/** What may be public at all: global unicast, and IPv4 seen through NAT64, as networks without IPv4 give it out. */
const candidateIpv6 = ['2000::/3', '64:ff9b::/96'];

/**
 * The IANA registry of special-purpose IPv6 addresses, as far as it lies in the candidates. The rest (loopback, mapped and
 * compatible IPv4, unique local, link-local, multicast, discard, segment routing, local NAT64) is outside of them.
 */
const specialIpv6 = [
  '2001::/23', // protocol assignments: Teredo, benchmarks, AMT, AS112, ORCHID, DRIP
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4
  '2620:4f:8000::/48', // AS112
  '3ffe::/16', // the 6bone, given back
  '3fff::/20', // documentation
];

const candidates = createList(candidateIpv6.map(parseBlock));
const special = createList([
  ...specialIpv4.map(parseBlock),
  ...specialIpv6.map(parseBlock),
  ...specialIpv4.map(parseBlock).map(({ address, prefix }) => ({
    address: `64:ff9b::${address}`,
    prefix: 96 + prefix,
  })),
]);

/**
 * SPEC N4, default-deny: only addresses of public unicast, written in the usual way; no zones, short or octal forms, which
 * systems read differently.
 */
export function isPublicAddress(text: string): boolean {
  const family = familyOf(text);
  if (family === undefined || special.check(text, family)) return false;
  return family === 'ipv4' || candidates.check(text, family);
}

/** Public addresses, and those that the operator named. */
export function createAddressCheck(allowed: readonly AddressBlock[]): (text: string) => boolean {
  const named = createList(allowed);
  return (text) => {
    const family = familyOf(text);
    return family !== undefined && (isPublicAddress(text) || named.check(text, family));
  };
}

function familyOf(text: string): 'ipv4' | 'ipv6' | undefined {
  const version = text.includes('%') ? 0 : isIP(text);
  return version === 0 ? undefined : `ipv${version as 4 | 6}`;
}

function createList(blocks: readonly AddressBlock[]): BlockList {
  const list = new BlockList();
  for (const { address, prefix } of blocks) list.addSubnet(address, prefix, familyOf(address) ?? 'ipv4');
  return list;
}

function parseBlock(text: string): AddressBlock {
  const [address = '', prefix] = text.split('/');
  return { address, prefix: Number(prefix) };
}
