import ipaddr from 'ipaddr.js';

/**
 * Default-deny: only public unicast. Addresses that carry an IPv4 one (mapped, NAT64, 6to4, Teredo) are
 * judged by what they carry, since that is where packets end up.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text) || (text.includes('.') && !text.includes(':') && !isDotted(text))) return false;
  const address = ipaddr.parse(text);
  if (address instanceof ipaddr.IPv4) return address.range() === 'unicast';
  const carried = carriedIpv4(address);
  if (carried) return carried.range() === 'unicast';
  return address.range() === 'unicast' && address.match(ipaddr.IPv6.parse('2000::'), 3);
}

function isDotted(text: string): boolean {
  return /^(\d{1,3}\.){3}\d{1,3}$/.test(text);
}

function carriedIpv4(address: ipaddr.IPv6): ipaddr.IPv4 | undefined {
  const bytes = address.toByteArray();
  const at = (start: number) => new ipaddr.IPv4(bytes.slice(start, start + 4));
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  if (address.match(ipaddr.IPv6.parse('64:ff9b::'), 96)) return at(12);
  if (address.match(ipaddr.IPv6.parse('2002::'), 16)) return at(2);
  return undefined;
}
