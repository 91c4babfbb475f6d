import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { formatPayload, type Statement } from '../../shared/action/action.ts';
import { bytesToBase64 } from '../../shared/bytes.ts';
import { createSigner } from '../../shared/identity/did.ts';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import { routes } from '../../shared/routes.ts';
import { signCompact } from '../../shared/token/compact.ts';
import { nonce } from './device.ts';
import type { Network } from './network.ts';

/** How it answers the next request to its inbox. */
export interface InboxAnswer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body: string;
}

export interface StockNode {
  /** Tokens that came to its inbox, in order, refused ones included. */
  readonly received: string[];
  answer: InboxAnswer | ((token: string) => InboxAnswer);
  /** Requests for its profile. */
  profileRequests: number;
  /** What it answers a GET of a path with; 404 for others. */
  readonly pages: Map<string, string | Uint8Array>;
  /** A connection to it, for another network. */
  open(): Promise<Socket>;
  /** What it answers a GET with, before its pages are looked at. */
  respond: (url: string) => InboxAnswer | undefined;
  /** Nobody reaches it. */
  away: boolean;
  /** GET requests of such paths, found or not. */
  asked: number;
  /** How often it was told that somebody's keys or devices are others. It knows nothing of that. */
  hints: number;
  /** Lists this key from now on, beside no other. */
  rotate(keyId: string): Promise<void>;
  /** An action token of its own, signed by the key it lists. */
  sign(statement: Partial<Statement> & Pick<Statement, 't'>): Promise<string>;
  close(): Promise<void>;
}

export const accepted: InboxAnswer = { status: 201, body: '{"data":null,"time":"2026-11-21T12:00:00Z"}' };

/** A neighbour that is not ours: a profile, an inbox, and whatever manners a test gives it. */
export async function openStockNode(network: Network, name: string): Promise<StockNode> {
  const idTag = parseIdTag(name);
  let key = await createKey('261101');
  const node: StockNode = {
    received: [],
    answer: accepted,
    profileRequests: 0,
    pages: new Map(),
    respond: () => undefined,
    away: false,
    open: () => Promise.reject(new Error(`${name} does not listen yet`)),
    asked: 0,
    hints: 0,
    async rotate(keyId) {
      key = await createKey(keyId);
    },
    sign(statement) {
      const full = { iat: Math.floor(network.now() / 1000), v: 'D' as const, _: nonce(), ...statement };
      return signCompact('JWT', formatPayload(idTag, key.keyId, full), key.sign);
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  const serve = async (incoming: IncomingMessage, response: ServerResponse) => {
    if (incoming.url === routes.me) {
      node.profileRequests += 1;
      const instead = node.respond(routes.me);
      if (instead) return response.writeHead(instead.status, instead.headers).end(instead.body);
      const { keyId, publicKey } = key;
      const data = { idTag, name, type: 'person', keys: [{ keyId, publicKey }] };
      return response.end(JSON.stringify({ data, time: new Date().toISOString() }));
    }
    if (incoming.method === 'GET') {
      node.asked += 1;
      const answer = node.respond(incoming.url ?? '');
      if (answer) return response.writeHead(answer.status, answer.headers).end(answer.body);
      const page = node.pages.get(incoming.url ?? '');
      return response.writeHead(page === undefined ? 404 : 200).end(page);
    }
    if (incoming.url === routes.changed) {
      node.hints += 1;
      return response.writeHead(404).end();
    }
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const { token } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { token: string };
    node.received.push(token);
    const answer = typeof node.answer === 'function' ? node.answer(token) : node.answer;
    return response.writeHead(answer.status, answer.headers).end(answer.body);
  };
  const server = createServer((incoming, response) => void serve(incoming, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  node.open = async () => {
    if (node.away) throw new Error(`${name} is away`);
    const socket = connect({
      host: '127.0.0.1',
      port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    });
    await once(socket, 'connect');
    return socket;
  };
  network.addNeighbour(name, () => node.open());
  return node;
}

async function createKey(keyId: string) {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-384' }, false, [
    'sign',
    'verify',
  ]);
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey));
  return { keyId, publicKey: bytesToBase64(spki), sign: createSigner(pair.privateKey) };
}
