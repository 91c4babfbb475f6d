import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { writeOwnPort } from '../relay/identity/neighbours.ts';
import { bytesToBase64 } from '../shared/bytes.ts';
import { createSigner, type Signer } from '../shared/identity/did.ts';
import { type IdTag, parseIdTag } from '../shared/identity/id-tag.ts';
import { routes } from '../shared/routes.ts';

export interface Neighbour {
  readonly idTag: IdTag;
  readonly sign: Signer;
  readonly publicKey: string;
}

/** Identities under `.localhost` that answer in this process: they show their keys and take whatever is sent to them. */
export interface Neighbours {
  readonly list: readonly Neighbour[];
  close(): Promise<void>;
}

/** The key of every one of them. */
export const keyId = '261121';

async function createNeighbour(name: string): Promise<Neighbour> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-384' }, true, [
    'sign',
    'verify',
  ]);
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey));
  return { idTag: parseIdTag(name), sign: createSigner(pair.privateKey), publicKey: bytesToBase64(spki) };
}

/** @param folder of the relay's process, which finds them there */
export async function openNeighbours(folder: string, count: number): Promise<Neighbours> {
  const names = Array.from({ length: count }, (_, i) => `neighbour${i}.localhost`);
  const list = await Promise.all(names.map(createNeighbour));
  const time = '2026-11-21T12:00:00Z';
  const server = createServer((request, response) => {
    request.resume();
    const [, name] = /^cl-o\.([\w.-]+)/.exec(request.headers.host ?? '') ?? [];
    const found = list.find(({ idTag }) => idTag === name);
    const isMe = request.method === 'GET' && request.url?.split('?')[0] === routes.me;
    const profile = found && {
      ...{ idTag: found.idTag, name: found.idTag, type: 'person' },
      keys: [{ keyId, publicKey: found.publicKey }],
    };
    const status = isMe && profile ? 200 : request.method === 'POST' ? 201 : 404;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ data: isMe ? profile : null, time }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  for (const { idTag } of list) await writeOwnPort(join(folder, 'neighbours'), idTag, address.port);
  return {
    list,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
