import { createRandomId } from '../../shared/bytes.ts';
import { randomBytes } from '../../relay/identity/webcrypto.ts';
import { nonce, type TestDevice } from '../../relay/test/device.ts';
import { openOwnRelay } from './own-relay.ts';

/** Sockets of one device: as many as it may have. */
const ofDevice = 16;
const beginning = { log: '', seq: 0, chain: '' };

/** Our relay with sockets of devices that say one thing, and then only hear. */
export interface IdleDevices {
  readonly pid: number;
  /** Another document with one edit, over a socket of its own, which stays. Resolves when that is on the disk. */
  open(update: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/**
 * What the sockets hear is not read by this side: each would check what all the others write, and that work, which is none of the
 * relay's, grows with the square of their number.
 */
export async function openIdleDevices(environment: Readonly<Record<string, string>>): Promise<IdleDevices> {
  const owner = await openOwnRelay(environment);
  let device: TestDevice = owner.device;
  let opened = 0;
  let cursor = beginning;
  return {
    pid: owner.pid(),
    async open(update) {
      if (opened > 0 && opened % ofDevice === 0) device = await owner.device.enrolSecond();
      opened++;
      const session = nonce();
      const socket = await device.sync(session, cursor);
      const { log } = await socket.next('welcome');
      const { seq, chain } = await socket.next('current');
      cursor = { log, seq, chain };
      const doc = createRandomId(randomBytes);
      socket.send({ kind: 'push', batches: [await device.batch(session, 0, [[doc, update]])] });
      await socket.next('ack');
      socket.connection.removeAllListeners('message');
      socket.frames.length = 0;
    },
    close: owner.close,
  };
}
