import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectTcp, type Socket } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { apiHost, type IdTag, parseIdTag } from '../../shared/identity/id-tag.ts';
import { parseConfig } from '../config.ts';
import type { Resolve, ResolveText } from '../identity/resolve.ts';
import type { Connect } from '../identity/safe-fetch.ts';
import { createLog } from '../log.ts';
import { createNode, type RelayNode } from '../node.ts';

/** One whole relay of the network, with a data directory that outlives stop and start. */
export interface TestRelay {
  readonly idTag: IdTag;
  readonly folder: string;
  /** @throws Error while it is stopped */
  readonly node: RelayNode;
  readonly appOrigin: string;
  /** @param change of the environment, until it is started again */
  start(change?: Record<string, string>): Promise<void>;
  stop(): Promise<void>;
  /** A request as a browser or neighbour sends it; `host` is the API host unless told otherwise. */
  ask(path: string, ask?: TestAsk): Promise<TestAnswer>;
  /** A plain connection, for what HTTP clients refuse to send. */
  connect(): Promise<Socket>;
}

export interface TestAsk {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
  readonly host?: string;
}

export interface TestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** @throws SyntaxError when the body is not JSON */
  json(): unknown;
}

export interface Network {
  readonly relays: readonly TestRelay[];
  /** Milliseconds since 1970, the same for all. */
  now(): number;
  /** Another node, of any make, that can be reached under this name: in place of one that is there already. */
  addNeighbour(name: string, open: () => Promise<Socket>): void;
  /** What the name servers say of a host from now on: addresses, or the error of a resolver; undefined: as before. */
  setRecord(host: string, record: readonly string[] | Error | undefined): void;
  /** Addresses of a relay, as its records have them. */
  addressOf(relay: TestRelay): string;
  /** What happens instead to who connects to this host; undefined: as before. */
  setDoor(host: string, open: (() => Promise<Socket>) | undefined): void;
  /** TXT records, by name. */
  readonly texts: Map<string, readonly string[]>;
  /** Moves everybody's clock. */
  advance(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** Public addresses that the test's resolver gives out; the connector takes them to loopback ports. */
const firstAddress = 10;
const formatAddress = (i: number) => `93.184.216.${firstAddress + i}`;

/**
 * Whole nodes in this process, over real HTTP on free loopback ports. What is handed in: clock, resolver and connector.
 */
export async function createNetwork<const Names extends readonly string[]>(
  ...names: Names
): Promise<Network & { readonly relays: { readonly [I in keyof Names]: TestRelay } }> {
  const folder = await mkdtemp(join(tmpdir(), 'islet-network-'));
  let offset = 0;
  const now = () => Date.now() + offset;
  const idTags = names.map((name) => parseIdTag(name));
  const relays: TestRelay[] = [];
  const doors: (() => Promise<Socket>)[] = idTags.map((_, i) => () => relays[i]!.connect());
  const records = new Map<string, readonly string[] | Error>();
  const closed = new Map<string, () => Promise<Socket>>();
  const resolve: Resolve = (host) => {
    const record = records.get(host);
    if (record instanceof Error) return Promise.reject(record);
    if (record) return Promise.resolve(record);
    const i = idTags.findIndex((idTag) => apiHost(idTag) === host || idTag === host);
    return i < 0 ? Promise.reject(noRecord(host)) : Promise.resolve([formatAddress(i)]);
  };
  const connect: Connect = async ({ address, servername }) => {
    const instead = closed.get(servername);
    if (instead) return instead();
    const door = doors.find((_, i) => formatAddress(i) === address);
    if (!door) throw new Error(`nobody is at ${address}`);
    return door();
  };
  const texts = new Map<string, readonly string[]>();
  const resolveText: ResolveText = (name) => Promise.resolve(texts.get(name) ?? []);
  const ends = { now, resolve, resolveText, connect };
  for (const idTag of [...idTags]) relays.push(createTestRelay(idTag, folder, ends));
  await Promise.all(relays.map((relay) => relay.start()));
  const network = {
    relays,
    now,
    texts,
    addNeighbour(name: string, open: () => Promise<Socket>) {
      const known = idTags.indexOf(parseIdTag(name));
      if (known >= 0) doors[known] = open;
      else doors.push(open);
      if (known < 0) idTags.push(parseIdTag(name));
    },
    setRecord(host: string, record: readonly string[] | Error | undefined) {
      if (record === undefined) records.delete(host);
      else records.set(host, record);
    },
    addressOf: ({ idTag }: TestRelay) => formatAddress(idTags.indexOf(idTag)),
    setDoor(host: string, open: (() => Promise<Socket>) | undefined) {
      if (open) closed.set(host, open);
      else closed.delete(host);
    },
    async advance(ms: number) {
      offset += ms;
      for (const relay of relays) await relay.node.wake();
    },
    async close() {
      await Promise.all(relays.map((relay) => relay.stop()));
      await rm(folder, { recursive: true, force: true });
    },
  };
  return network as typeof network & { readonly relays: { readonly [I in keyof Names]: TestRelay } };
}

/** As the resolver says it. */
export function noRecord(host: string): Error {
  return Object.assign(new Error(`queryA ENOTFOUND ${host}`), { code: 'ENOTFOUND' });
}

interface Ends {
  readonly now: () => number;
  readonly resolve: Resolve;
  readonly resolveText: ResolveText;
  readonly connect: Connect;
}

function createTestRelay(idTag: IdTag, parent: string, ends: Ends): TestRelay {
  const folder = join(parent, idTag);
  const environment = {
    MODE: 'proxy',
    BASE_ID_TAG: idTag,
    DATA_DIR: folder,
    LISTEN: '127.0.0.1:0',
    LOG_LEVEL: 'fatal',
  };
  let running: RelayNode | undefined;
  const current = (): RelayNode => {
    if (!running) throw new Error(`${idTag} is stopped`);
    return running;
  };
  const connect = async (): Promise<Socket> => {
    const socket = connectTcp({ host: '127.0.0.1', port: current().port });
    await once(socket, 'connect');
    return socket;
  };
  const agent = createAgent(connect);
  return {
    idTag,
    folder,
    appOrigin: `https://${idTag}`,
    get node() {
      return current();
    },
    async start(change = {}) {
      running ??= await createNode(parseConfig([], { ...environment, ...change }), {
        ...ends,
        log: createLog('fatal'),
      });
    },
    async stop() {
      const stopping = running;
      running = undefined;
      await stopping?.close();
    },
    connect,
    async ask(path, { method = 'GET', headers = {}, body, host = apiHost(idTag) } = {}) {
      const answer = await request(`https://${host}${path}`, {
        dispatcher: agent,
        method: method as 'GET',
        headers,
        ...(body !== undefined && { body }),
      });
      const bytes = new Uint8Array(await answer.body.arrayBuffer());
      const text = Buffer.from(bytes).toString('utf8');
      return {
        status: answer.statusCode,
        headers: answer.headers,
        text,
        bytes,
        json: (): unknown => JSON.parse(text),
      };
    },
  };
}

/** Each request has a connection of its own, so that a stopped relay leaves none behind. */
function createAgent(connect: () => Promise<Socket>): Agent {
  return new Agent({
    pipelining: 0,
    connect: (_options, done) => {
      connect().then(
        (socket) => done(null, socket),
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error)), null),
      );
    },
  });
}

/** Looks until `check` gives something, or says what was waited for. A busy machine takes its time (`patience` in milliseconds). */
export async function eventually<T>(
  what: string,
  check: () => Promise<T | undefined>,
  patience = 30_000,
): Promise<T> {
  const end = Date.now() + patience;
  while (Date.now() < end) {
    const found = await check();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`it did not happen: ${what}`);
}
