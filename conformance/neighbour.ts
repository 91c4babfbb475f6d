import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { compact, createSignBytes, createSigningKey, header, nonce, type SigningKey } from './token.ts';

/** Claims of a token; `iss`, `k`, `iat` and `_` are given unless they stand here. An undefined one is left out. */
export type Claims = Readonly<Record<string, unknown>>;

/** A small node: a name, a key, a profile, and an inbox that takes everything. */
export interface Neighbour {
  readonly idTag: string;
  readonly key: SigningKey;
  /** What was asked of it: `GET /api/me`. */
  readonly asked: string[];
  /** A payload with what every one has, as text. */
  payload(claims: Claims): string;
  /** A token signed by the key that the profile lists. */
  sign(claims: Claims): string;
  /** A token that asks for an access token of `aud`. */
  signProxy(aud: string, claims?: Claims): string;
  readonly serve: RequestListener;
}

/** @param now milliseconds since 1970 */
export function createNeighbour(idTag: string, now: () => number): Neighbour {
  const seconds = () => Math.floor(now() / 1000);
  // A name of its own for each run: nodes keep the keys that they fetched.
  const key = createSigningKey(`c${seconds().toString(36)}`);
  const signBytes = createSignBytes(key);
  const asked: string[] = [];
  const payload = (claims: Claims) =>
    JSON.stringify({ iss: idTag, k: key.keyId, iat: seconds(), _: nonce(), ...claims });
  const sign = (claims: Claims) => compact(header, payload(claims), signBytes);
  const profile = {
    idTag,
    name: 'Conformance',
    type: 'person',
    keys: [{ keyId: key.keyId, publicKey: key.publicKey }],
  };
  return {
    ...{ idTag, key, asked, payload, sign },
    signProxy: (aud, claims = {}) => sign({ t: 'PROXY', aud, exp: seconds() + 60, ...claims }),
    serve(incoming, response) {
      const path = incoming.url?.split('?')[0];
      asked.push(`${incoming.method} ${path}`);
      incoming.resume();
      const time = new Date(now()).toISOString();
      const found =
        path === '/api/me' || path === '/api/me/full' ? profile : path === '/api/inbox' ? null : undefined;
      const answer =
        found === undefined
          ? { error: { code: 'E-CORE-NOTFOUND', message: 'not here' } }
          : { data: found, time };
      response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer));
    },
  };
}

export interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

/** Lets a neighbour be reached: over TLS when there is a certificate. @throws Error when the port cannot be had */
export async function listen(
  serve: RequestListener,
  at: { readonly host: string; readonly port: number; readonly tls?: { cert: Buffer; key: Buffer } },
): Promise<Listening> {
  const server = at.tls ? createHttpsServer(at.tls, serve) : createHttpServer(serve);
  server.listen(at.port, at.host);
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
