import { request } from 'node:http';
import { isIP, isIPv6, type Socket } from 'node:net';
import { bytesToBase64url, hashText, type Random } from '../../shared/bytes.ts';
import { type DnsRecord, type NameCheck, namesRoutes, type RecordState } from '../../shared/api/names.ts';
import { apiHost, type IdTag } from '../../shared/identity/id-tag.ts';
import { readAnswer } from './read-answer.ts';
import type { Resolve } from './resolve.ts';
import type { Connect } from './safe-fetch.ts';

/** Looks whether a name leads to this relay (SPEC N17). */
export interface NameChecks {
  /** What is true now; one look at a name at a time. */
  look(idTag: IdTag): Promise<NameCheck>;
  /** Whether the host of the name has this address, or the addresses of this host. What cannot be found out is no. */
  leadsTo(idTag: IdTag, address: string): Promise<boolean>;
  /** It was looked at in the last minutes: who sets it up needs a certificate for it. */
  isLookedAt(host: string): boolean;
  /** What this relay answers to a challenge: nobody else knows it. */
  answer(challenge: string): Promise<string>;
}

export interface NameCheckParts {
  /** The relay's first identity, whose own records lead here. */
  readonly base: IdTag;
  readonly appHost: string;
  readonly resolve: Resolve;
  readonly connect: Connect;
  readonly isAllowed: (address: string) => boolean;
  readonly random: Random;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Of one connection (milliseconds), of an answer (bytes), of looks at once; how long one is remembered, and how many hosts. */
const limits = { time: 5_000, bytes: 4_096, looks: 8, lately: 600_000, hosts: 200 };

interface Found {
  readonly state: RecordState;
  readonly found: readonly string[];
}

export function createNameChecks(parts: NameCheckParts): NameChecks {
  const secret = bytesToBase64url(parts.random(32));
  const answer = (challenge: string) => hashText(`${secret} ${challenge}`);
  const running = new Map<IdTag, Promise<NameCheck>>();
  /** Hosts, and when they were looked at. */
  const lately = new Map<string, number>();
  const note = (idTag: IdTag): void => {
    for (const [host, at] of lately) if (parts.now() - at > limits.lately) lately.delete(host);
    if (lately.size < limits.hosts) for (const host of [idTag, apiHost(idTag)]) lately.set(host, parts.now());
  };
  return {
    answer,
    isLookedAt: (host) => parts.now() - (lately.get(host) ?? -Infinity) < limits.lately,
    async leadsTo(idTag, address) {
      const [found, wanted] = await Promise.all([
        addressesOf(apiHost(idTag), parts),
        isIP(address) ? [address] : addressesOf(address, parts),
      ]);
      return found.length > 0 && found.every((one) => wanted.includes(one));
    },
    look(idTag) {
      note(idTag);
      const known = running.get(idTag);
      if (known) return known;
      const [oldest] = running.size >= limits.looks ? running.values() : [];
      const wait = oldest?.catch(() => undefined) ?? Promise.resolve();
      const look = wait.then(() => lookAt(idTag, { ...parts, answer })).finally(() => running.delete(idTag));
      running.set(idTag, look);
      return look;
    },
  };
}

type Look = NameCheckParts & { readonly answer: NameChecks['answer'] };

async function lookAt(idTag: IdTag, parts: Look): Promise<NameCheck> {
  const [api, name] = [apiHost(idTag), idTag];
  const ours = await addressesOf(apiHost(parts.base), parts);
  const [apiFound, nameFound] = await Promise.all([find(api, ours, parts), find(name, ours, parts)]);
  const way = await tryWay(api, apiFound, parts);
  const isHere = way.reach.state === 'ok';
  const describe = (host: string, { state, found }: Found, target: string) => ({
    ...{ host, required: host === api, found: [...found] },
    records: formatRecords(host, target, ours),
    // What stands before a relay has addresses of its own; what counts is that it leads here.
    state: isHere && host === api ? ('ok' as const) : state,
  });
  const hairpin = way.reach.state === 'unreachable' && apiFound.state === 'ok';
  return {
    idTag,
    ok: isHere || hairpin,
    hosts: [describe(api, apiFound, apiHost(parts.base)), describe(name, nameFound, parts.appHost)],
    ...way,
  };
}

/** An alias of what leads here already, or the addresses themselves. The top of a domain can have no alias. */
function formatRecords(host: string, target: string, addresses: readonly string[]): DnsRecord[] {
  const alias: DnsRecord[] = host.split('.').length > 2 ? [{ type: 'CNAME', host, value: target }] : [];
  const direct = addresses.map((value) => ({
    type: isIPv6(value) ? ('AAAA' as const) : ('A' as const),
    host,
    value,
  }));
  return [...alias, ...direct];
}

async function addressesOf(host: string, { resolve }: NameCheckParts): Promise<readonly string[]> {
  return resolve(host).catch(() => []);
}

async function find(host: string, ours: readonly string[], { resolve, isAllowed }: Look): Promise<Found> {
  try {
    const found = await resolve(host);
    if (found.length === 0) return { state: 'none', found };
    if (!found.every((address) => isAllowed(address))) return { state: 'private', found };
    return { state: found.every((address) => ours.includes(address)) ? 'ok' : 'elsewhere', found };
  } catch (error) {
    return { state: /NOTFOUND|NODATA/.test(codeOf(error)) ? 'none' : 'unanswered', found: [] };
  }
}

type Way = Pick<NameCheck, 'tls' | 'reach'>;

/** Connects as a neighbour does, and asks for what only this relay knows. */
async function tryWay(host: string, { state, found }: Found, parts: Look): Promise<Way> {
  const [address] = found;
  if (address === undefined || state === 'private')
    return { tls: { state: 'waits' }, reach: { state: 'waits' } };
  let socket: Socket;
  try {
    const signal = AbortSignal.timeout(limits.time);
    socket = await parts.connect({ address, port: 443, servername: host }, signal);
  } catch (error) {
    const tls = judgeConnection(error);
    return { tls, reach: { state: tls.state === 'unreachable' ? 'unreachable' : 'waits' } };
  }
  try {
    const challenge = bytesToBase64url(parts.random(18));
    const said = await ask(socket, host, `${namesRoutes.reach}/${challenge}`);
    const isOurs = said === (await parts.answer(challenge));
    return { tls: { state: 'ok' }, reach: { state: isOurs ? 'ok' : 'another' } };
  } catch (error) {
    return { tls: { state: 'ok' }, reach: { state: 'another', reason: wordsOf(error) } };
  } finally {
    socket.destroy();
  }
}

function ask(socket: Socket, host: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(limits.time);
    const options = { host, path, signal, headers: { host }, createConnection: () => socket };
    const outgoing = request(options, (response) => {
      readAnswer(response, limits.bytes).then((bytes) => resolve(bytes.toString('utf8').trim()), reject);
    });
    outgoing.on('error', reject).end();
  });
}

function judgeConnection(error: unknown): NameCheck['tls'] {
  const code = codeOf(error);
  const reason = wordsOf(error);
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return { state: 'wrong-name', reason };
  if (code === 'CERT_HAS_EXPIRED') return { state: 'expired', reason };
  if (/CERT|ISSUER|SIGNATURE|SSL|TLS|EPROTO/.test(code)) return { state: 'untrusted', reason };
  return { state: 'unreachable', reason };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function wordsOf(error: unknown): string {
  return codeOf(error) || (error instanceof Error ? error.message : String(error));
}
