import * as Y from 'yjs';
import type { RelayFrame } from '../../shared/sync/frame.ts';
import type { Batch } from '../../shared/sync/row.ts';
import { nonce, type TestDevice } from './device.ts';
import { eventually } from './network.ts';
import type { TestSocket } from './socket.ts';

const fromRelay = 'relay';

/** A device of the owner with one document open: it edits over the log, and shows what comes before its commit. */
export class RoomDevice {
  readonly device: TestDevice;
  readonly doc: string;
  readonly ydoc = new Y.Doc();
  readonly socket: TestSocket;
  private readonly session: string;
  private next = 0;
  private read = 0;
  private acked = -1;
  private sending: Promise<void> = Promise.resolve();

  private constructor(device: TestDevice, doc: string, session: string, socket: TestSocket) {
    this.device = device;
    this.doc = doc;
    this.session = session;
    this.socket = socket;
    this.ydoc.on('update', (update: Uint8Array, origin) => {
      if (origin !== fromRelay) this.push(update);
    });
    socket.connection.on('message', () => this.catchUp());
  }

  static async open(device: TestDevice, doc: string): Promise<RoomDevice> {
    const session = nonce();
    const opened = new RoomDevice(device, doc, session, await device.sync(session));
    await opened.socket.next('current');
    opened.catchUp();
    return opened;
  }

  get text(): Y.Text {
    return this.ydoc.getText('text');
  }

  whenStored(): Promise<true> {
    return eventually('all edits are stored', async () => {
      await this.sending;
      return this.acked === this.next - 1 || undefined;
    });
  }

  whenText(text: string): Promise<true> {
    return eventually(`the text is ${text}`, () =>
      Promise.resolve(this.text.toString() === text || undefined),
    );
  }

  close(): void {
    this.socket.close();
  }

  private push(update: Uint8Array): void {
    const first = this.next++;
    this.sending = this.sending.then(async () => {
      const batch = await this.device.batch(this.session, first, [[this.doc, update]]);
      this.socket.send({ kind: 'push', batches: [batch] });
    });
  }

  private catchUp(): void {
    for (const frame of this.socket.frames.slice(this.read)) {
      this.read++;
      if (frame.kind === 'ack' && frame.session === this.session) this.acked = frame.acked;
      for (const { doc, update } of batchesOf(frame).flatMap((batch) => batch.rows))
        if (doc === this.doc) Y.applyUpdate(this.ydoc, update, fromRelay);
    }
  }
}

export function batchesOf(frame: RelayFrame): Batch[] {
  if (frame.kind === 'rows') return frame.batches.map(({ batch }) => batch);
  return frame.kind === 'provisional' ? [...frame.batches] : [];
}
