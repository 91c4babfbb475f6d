import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Where a request came from, as far as that can be known. */
export interface Origin {
  /** Of the connection. */
  readonly remote: string | undefined;
  /** `X-Forwarded-For`; heeded behind a proxy alone. */
  readonly forwarded: string | undefined;
  readonly trustProxy: boolean;
}

/** This machine itself, as its sockets most often say it. */
const here: ReadonlySet<string> = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/**
 * Whose limit an address has (SPEC H3): IPv4 by itself, IPv6 by its /64, which one household or one machine has to itself. Of the list that a
 * proxy passes on only the last entry counts: it is the one that the proxy wrote.
 * @returns undefined for this machine itself, which is not limited
 */
export function addressOf({ remote, forwarded, trustProxy }: Origin): string | undefined {
  const told = trustProxy ? forwarded?.split(',').at(-1)?.trim() : undefined;
  if (told === undefined && remote !== undefined && here.has(remote)) return undefined;
  const text = withoutPort(told ?? remote ?? '');
  // What is not an address shares one limit: nobody gets away by a header that cannot be read.
  if (isIP(text) === 0) return told === undefined ? undefined : 'unreadable';
  const address = ipaddr.process(text.split('%')[0] ?? text);
  if (address.range() === 'loopback') return undefined;
  if (address.kind() === 'ipv4') return address.toString();
  return `${ipaddr.fromByteArray([...address.toByteArray().slice(0, 8), 0, 0, 0, 0, 0, 0, 0, 0]).toString()}/64`;
}

/** Some proxies write `203.0.113.9:4711` and `[2001:db8::1]:4711`. */
function withoutPort(text: string): string {
  return /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^(\d+(?:\.\d+){3}):\d+$/.exec(text)?.[1] ?? text;
}
