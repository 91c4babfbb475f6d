import { createRandomId } from '../../shared/bytes.ts';
import { randomBytes } from '../../relay/identity/webcrypto.ts';
import { nonce } from '../../relay/test/device.ts';
import { closeSocket } from './line.ts';
import { openOwnRelay } from './own-relay.ts';

/** Sockets of one device: as many as it may have. */
const ofDevice = 16;

/** A server with documents and connections that rest. */
export interface IdleServer {
  readonly pid: () => number;
  /** Opens a connection for each of so many new documents. Resolves with what closes these connections. */
  open(updates: readonly Uint8Array[]): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/**
 * Our relay: a device writes the documents, then devices that have them connect, and only hear.
 * @param most connections at once: so many devices as they need are enrolled before
 */
export async function openIdleDevices(
  environment: Readonly<Record<string, string>>,
  most: number,
): Promise<IdleServer> {
  const owner = await openOwnRelay(environment);
  const devices = [owner.device];
  while (devices.length * ofDevice < most) devices.push(await owner.device.enrolSecond());
  let cursor = { log: '', seq: 0, chain: '' };
  const connect = async (device: typeof owner.device, session: string) => {
    const socket = await device.sync(session, cursor);
    const { log } = await socket.next('welcome');
    const { seq, chain } = await socket.next('current');
    cursor = { log, seq, chain };
    return socket;
  };
  const write = async (updates: readonly Uint8Array[]): Promise<void> => {
    const session = nonce();
    const socket = await connect(owner.device, session);
    for (const [at, update] of updates.entries()) {
      const doc = createRandomId(randomBytes);
      socket.send({ kind: 'push', batches: [await owner.device.batch(session, at, [[doc, update]])] });
      await socket.next('ack');
    }
    await closeSocket(socket.connection);
    const after = await connect(owner.device, nonce());
    await closeSocket(after.connection);
  };
  return {
    pid: owner.pid,
    async open(updates) {
      await write(updates);
      const sockets: Awaited<ReturnType<typeof connect>>[] = [];
      for (const at of updates.keys())
        sockets.push(await connect(devices[Math.floor(at / ofDevice)]!, nonce()));
      return async () => {
        for (const { connection } of sockets) await closeSocket(connection);
      };
    },
    close: owner.close,
  };
}
