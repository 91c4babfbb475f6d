import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { IsletError } from '../../shared/errors.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import { routes } from '../../shared/routes.ts';
import { maxFrameBytes } from '../../shared/sync/frame.ts';
import { type Limits, waitOf } from '../limits/limits.ts';
import { seats } from '../limits/rules.ts';
import { createSeats } from '../limits/seats.ts';
import { type FindTenant, hostname, type Tenant } from '../tenant.ts';
import { type CrdtParts, parseAsked, serveCrdt } from './crdt.ts';
import type { Asked } from './rooms/admit.ts';
import type { Space } from './space.ts';
import { maxFirstFrame, serveSync } from './sync.ts';

export interface UpgradeParts {
  readonly findTenant: FindTenant;
  readonly findSpace: (idTag: IdTag) => Space;
  readonly findCrdt: (idTag: IdTag) => Omit<CrdtParts, 'report' | 'seats'>;
  readonly trustProxy: boolean;
  /** The only origin whose pages may open `/ws/sync`. */
  readonly appOrigin: string;
  readonly limits: Limits;
  readonly report: (error: unknown) => void;
}

export interface Upgrades {
  handle(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Sockets that are open. */
  count(): number;
  close(): void;
}

export function createUpgrades(parts: UpgradeParts): Upgrades {
  const { findTenant, findSpace, findCrdt, trustProxy, appOrigin, limits, report } = parts;
  const byAddress = createSeats(seats.all);
  const known = createSeats();
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxFrameBytes,
    perMessageDeflate: false,
  });

  const findPlace = (request: IncomingMessage) => {
    const forwarded = trustProxy ? request.headers['x-forwarded-host'] : undefined;
    const host = typeof forwarded === 'string' ? forwarded : (request.headers.host ?? '');
    const addressed = findTenant(hostname(host));
    if (!addressed) throw new IsletError('E-CORE-HOST', 'this relay does not serve that name');
    const path = request.url?.split('?')[0] ?? '';
    const isCrdt = path.startsWith(`${routes.crdt}/`);
    if (addressed.place !== 'api' || (path !== routes.sync && !isCrdt))
      throw new IsletError('E-CORE-NOTFOUND', 'there is no socket here');
    // Pages of neighbours open documents from their own origin: there the token alone counts (SPEC Z1).
    if (!isCrdt && request.headers.origin !== appOrigin)
      throw new IsletError('E-AUTH-NOPERM', 'pages of this origin may not connect');
    return { tenant: addressed.tenant, isCrdt };
  };

  /** A place among those of its address. @returns gives it back. @throws IsletError E-CORE-RATELIMIT */
  const takeSeat = (request: IncomingMessage): (() => void) => {
    // Of who is on this machine only the number of all counts.
    const address = limits.addressOf(request);
    return byAddress.take(address ?? '', address === undefined ? Infinity : seats.address);
  };

  /** It is handed nothing of the request, which would stay in memory as long as the connection. */
  const serve = (connection: WebSocket, tenant: Tenant, asked: Asked | undefined): void => {
    const seat = (who: string, most: number) => known.take(`${tenant.idTag} ${who}`, most);
    const common = { report, seats: { take: seat } };
    if (asked) return serveCrdt(connection, asked, { ...findCrdt(tenant.idTag), ...common });
    serveSync(connection, { access: tenant.access, space: findSpace(tenant.idTag), ...common });
  };

  return {
    handle(request, socket, head) {
      socket.on('error', destroy);
      try {
        limits.admitSocket(request);
        const { tenant, isCrdt } = findPlace(request);
        socket.once('close', takeSeat(request));
        sockets.handleUpgrade(request, socket, head, (connection) => {
          const asked = isCrdt ? parseAsked(request.url ?? '', request.headers.authorization) : undefined;
          if (!asked) limitFirstFrame(connection, socket);
          serve(connection, tenant, asked);
        });
      } catch (error) {
        if (!(error instanceof IsletError)) report(error);
        refuse(socket, error instanceof IsletError ? error : new IsletError('E-SYS-UNAVAIL', 'not now'));
      }
    },
    count: () => sockets.clients.size,
    close() {
      for (const connection of sockets.clients) connection.terminate();
      sockets.close();
    },
  };
}

function destroy(this: Duplex): void {
  this.destroy();
}

/** Counts what comes on the wire: a large first frame ends the connection before it is gathered. */
function limitFirstFrame(connection: WebSocket, socket: Duplex): void {
  let size = 0;
  const count = (chunk: Buffer): void => {
    size += chunk.length;
    if (size > maxFirstFrame) connection.terminate();
  };
  socket.on('data', count);
  connection.once('message', () => socket.off('data', count));
}

function refuse(socket: Duplex, error: IsletError): void {
  const body = JSON.stringify({ error: { code: error.code, message: error.message } });
  const lines = [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? ''}`,
    'connection: close',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    ...(error.code === 'E-CORE-RATELIMIT' ? [`retry-after: ${waitOf(error)}`] : []),
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
}
