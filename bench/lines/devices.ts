import { createRandomId } from '../../shared/bytes.ts';
import { parseRelayFrame, type RelayFrame } from '../../shared/sync/frame.ts';
import { type Batch, type Row, verifyBatch } from '../../shared/sync/row.ts';
import { randomBytes } from '../../relay/identity/webcrypto.ts';
import type { TestDevice } from '../../relay/test/device.ts';
import type { TestSocket } from '../../relay/test/socket.ts';
import { createOutgoing } from '../../web/client/sync/outgoing.ts';
import { closeSocket, type DocumentServer, type Ears, type Line } from './line.ts';
import { openOwnRelay } from './own-relay.ts';

/** Checks that a batch is of the device it names, as devices do before they show it. */
type Verify = (batch: Batch) => Promise<void>;

/** One socket of a device, over which all of its documents go. */
interface DeviceLink {
  readonly socket: TestSocket;
  line(doc: string, ears: Ears): Line;
}

/**
 * Our relay over `/ws/sync`: the owner's own devices, each with one socket for all documents. What is written is merged, numbered
 * and signed by the code of the app, and every signature is checked where it arrives.
 */
export async function openDevices(
  environment: Readonly<Record<string, string>> = {},
): Promise<DocumentServer> {
  const owner = await openOwnRelay(environment);
  const devices: Promise<TestDevice>[] = [Promise.resolve(owner.device)];
  const links = new Map<number, Promise<DeviceLink>>();
  const verify: Verify = async (batch) => {
    const all = await Promise.all(devices);
    const author = all.find(({ keys }) => keys.did === batch.device);
    if (!author) throw new Error('a batch of nobody');
    await verifyBatch(owner.device.relay.idTag, batch, author.keys.jwk);
  };
  const openSocket = async (who: number): Promise<DeviceLink> => {
    while (devices.length <= who) devices.push(owner.device.enrolSecond());
    return openLink((await devices[who])!, verify);
  };
  return {
    pid: owner.pid,
    create: () => Promise.resolve(createRandomId(randomBytes)),
    async open(doc, who, ears) {
      const known = links.get(who) ?? openSocket(who);
      links.set(who, known);
      const line = (await known).line(doc, ears);
      return {
        ...line,
        close() {
          // The socket goes with it: whoever opens a document next needs another one.
          if (links.get(who) === known) links.delete(who);
          return line.close();
        },
      };
    },
    async restart(signal) {
      links.clear();
      await owner.restart(signal);
      for (const device of devices) (await device).forgetToken();
    },
    close: owner.close,
  };
}

async function openLink(device: TestDevice, verify: Verify): Promise<DeviceLink> {
  const outgoing = createOutgoing({
    ...{ space: device.relay.idTag, keys: device.keys, now: Date.now, random: randomBytes },
  });
  const listeners = new Map<string, Ears>();
  /** What was heard of documents that are not open. */
  const unopened: Row[] = [];
  const socket = await device.sync(outgoing.session);
  const hear = async (frame: RelayFrame): Promise<void> => {
    if (frame.kind === 'ack')
      for (const [doc, count] of Map.groupBy(outgoing.acknowledge(frame.acked), ({ doc }) => doc))
        listeners.get(doc)?.acked?.(count.length);
    for (const batch of batchesOf(frame)) {
      await verify(batch);
      for (const row of batch.rows) {
        const ears = listeners.get(row.doc);
        if (ears) ears.heard(row.update);
        else unopened.push(row);
      }
    }
  };
  let hearing: Promise<void> = Promise.resolve();
  socket.connection.removeAllListeners('message');
  const current = new Promise<void>((resolve, reject) => {
    socket.connection.on('message', (bytes: Buffer) => {
      const frame = parseRelayFrame(new Uint8Array(bytes));
      hearing = hearing.then(() => hear(frame));
      hearing.then(() => frame.kind === 'current' && resolve(), reject);
    });
  });
  await current;
  const send = async (): Promise<void> => {
    for (const batch of await outgoing.take()) socket.send({ kind: 'push', batches: [batch] });
  };
  return {
    socket,
    line(doc, ears) {
      listeners.set(doc, ears);
      for (const row of unopened) if (row.doc === doc) ears.heard(row.update);
      return {
        send(update) {
          outgoing.add(doc, update);
          void send();
        },
        close: () => closeSocket(socket.connection),
      };
    },
  };
}

function batchesOf(frame: RelayFrame): readonly Batch[] {
  if (frame.kind === 'rows') return frame.batches.map(({ batch }) => batch);
  return frame.kind === 'provisional' ? frame.batches : [];
}
