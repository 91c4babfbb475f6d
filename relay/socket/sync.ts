import type { WebSocket } from 'ws';
import { IsletError } from '../../shared/errors.ts';
import { type DeviceFrame, parseDeviceFrame } from '../../shared/sync/frame.ts';
import { seats as most } from '../limits/rules.ts';
import type { Seats } from '../limits/seats.ts';
import { type Access, readSpaceAccess, type Session } from '../identity/access.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import type { Membership, Peer, Space } from './space.ts';

/** Deadlines and beats in milliseconds. */
const timing = { hello: 5_000, beat: 20_000, look: 2_000 };
const maxAwareness = 64 * 1024;
/** Frames of a device that wait their turn before it is made to wait. */
const mostWaiting = 8;
/** Most bytes that a device may send before its `hello` is there. */
export const maxFirstFrame = 300 * 1024;
/** How long the other side may take to close, in milliseconds. */
const goodbye = 2_000;

export interface SyncParts {
  readonly access: Access;
  readonly space: Space;
  /** How many sockets one device has. */
  readonly seats: Pick<Seats, 'take'>;
  readonly report: (error: unknown) => void;
}

/** One `/ws/sync` connection: frames are dealt with one after another, in the order they came. */
export function serveSync(connection: WebSocket, { access, space, seats, report }: SyncParts): void {
  let hello: { session: Session; membership: Membership } | undefined;
  let waiting = 0;
  let last: Promise<void> = Promise.resolve();

  const outbox = createOutbox(connection);
  const fail = (error: unknown): void => {
    if (!(error instanceof IsletError)) report(error);
    const { code, message } =
      error instanceof IsletError ? error : { code: 'E-SYS-UNAVAIL', message: 'not now' };
    void outbox.send({ kind: 'error', code, message });
    outbox.flush();
    end(connection, closeCode(code), code);
  };

  const take = async (bytes: Uint8Array): Promise<void> => {
    if (connection.readyState !== connection.OPEN) return;
    const frame = parseDeviceFrame(bytes);
    if (hello) return follow(frame, hello, access);
    if (frame.kind !== 'hello') throw new IsletError('E-FRAME-INVALID', 'the first frame is `hello`');
    const session = await access.verify(frame.token);
    const { folder } = readSpaceAccess(session.grant);
    if (connection.readyState !== connection.OPEN) return;
    connection.once('close', seats.take(session.grant.did, most.device));
    const who = { did: session.grant.did, session: frame.session, folder };
    const peer = createPeer(connection, who, outbox);
    hello = { session, membership: await space.join(peer, frame.cursor) };
    if (connection.readyState !== connection.OPEN) hello.membership.leave();
  };

  const patience = setTimeout(() => {
    if (!hello) end(connection, 4401, 'hello expected');
  }, timing.hello);
  const check = (): void => {
    if (hello) access.recheck(hello.session).catch(fail);
  };
  const stopBeat = startBeat(connection, check);
  const look = setInterval(() => {
    if (hello && access.hasEnded(hello.session)) check();
  }, timing.look);

  connection.on('message', (data: Buffer, isBinary) => {
    if (!isBinary) return fail(new IsletError('E-FRAME-INVALID', 'frames are binary'));
    // Who has not been let in yet waits for the answer to its first frame.
    if (++waiting >= (hello ? mostWaiting : 1)) connection.pause();
    const bytes = new Uint8Array(data);
    last = last
      .then(() => take(bytes))
      .catch(fail)
      .finally(() => {
        if (--waiting < mostWaiting) connection.resume();
      });
  });
  connection.on('error', () => connection.terminate());
  connection.on('close', () => {
    clearTimeout(patience);
    clearInterval(look);
    stopBeat();
    hello?.membership.leave();
  });
}

async function follow(
  frame: DeviceFrame,
  { session, membership }: { session: Session; membership: Membership },
  access: Access,
): Promise<void> {
  switch (frame.kind) {
    case 'hello':
      throw new IsletError('E-FRAME-INVALID', '`hello` is said once');
    case 'awareness':
      if (frame.states.length > maxAwareness)
        throw new IsletError('E-FRAME-INVALID', 'awareness is too large');
      return membership.awareness(frame.doc, frame.states);
    case 'push':
      if (readSpaceAccess(await access.recheck(session)).level !== 'W')
        throw new IsletError('E-DELEGATION-SCOPE', 'this device may not space/sync');
      return membership.push(frame.batches);
  }
}

function createPeer(
  connection: WebSocket,
  who: Pick<Peer, 'did' | 'session' | 'folder'>,
  { send, backlog, flush }: Outbox,
): Peer {
  return {
    ...who,
    send,
    backlog,
    close: (code, reason) => {
      flush();
      end(connection, code, reason);
    },
  };
}

/** Nothing more is sent; who does not close too is cut off. */
function end(connection: WebSocket, code: number, reason: string): void {
  connection.close(code, reason);
  setTimeout(() => connection.terminate(), goodbye).unref();
}

/** A device that does not answer a ping until the next one is gone; access is looked at again with every beat. */
function startBeat(connection: WebSocket, check: () => void): () => void {
  let alive = true;
  connection.on('pong', () => {
    alive = true;
  });
  const timer = setInterval(() => {
    if (!alive) return connection.terminate();
    alive = false;
    connection.ping();
    check();
  }, timing.beat);
  return () => clearInterval(timer);
}

/** 4400 for what the device sent, 4401 for who it is, 4403 for what it may not do, 1013 for try again later. */
function closeCode(code: string): number {
  if (code === 'E-SYS-UNAVAIL' || code === 'E-CORE-RATELIMIT') return 1013;
  if (code === 'E-DELEGATION-SCOPE') return 4403;
  return code.startsWith('E-FRAME') || code.startsWith('E-ROW') ? 4400 : 4401;
}
