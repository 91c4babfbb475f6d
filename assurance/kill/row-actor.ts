import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { nonce } from '../../relay/test/device.ts';
import type { TestSocket } from '../../relay/test/socket.ts';
import type { Batch } from '../../shared/sync/row.ts';
import { type Actor, type ActorParts, hashOf } from './actors.ts';

const doc = 'abcdefghijklmnopqrstuvwx';
/** Batches on the way at once. */
const mostBatches = 8;

/** A device that pushes rows, several batches at once, in one session that outlives connections. */
export class RowActor implements Actor {
  private readonly parts: ActorParts;
  private readonly session = nonce();
  private readonly pending: Batch[] = [];
  private socket: TestSocket | undefined;
  /** Frames of this connection that were looked at. */
  private read = 0;
  private next = 0;
  private acked = -1;

  constructor(parts: ActorParts) {
    this.parts = parts;
  }

  open(): number {
    return this.pending.length;
  }

  close(): void {
    this.socket?.close();
    this.socket = undefined;
  }

  async step(mayBegin: boolean): Promise<void> {
    const socket = this.socket?.closed === undefined && this.socket ? this.socket : await this.connect();
    if (mayBegin && this.pending.length < mostBatches)
      socket.send({ kind: 'push', batches: [await this.begin()] });
    else if (this.pending.length > 0 && socket.closed === undefined) await untilChanged(socket);
    this.assertTaken(socket);
  }

  private async connect(): Promise<TestSocket> {
    const socket = await this.parts.device.sync(this.session);
    this.socket = socket;
    this.read = 0;
    socket.connection.on('message', () => this.readFrames(socket));
    while (socket.frames.length === 0 && socket.closed === undefined) await untilChanged(socket);
    for (const batch of this.pending) socket.send({ kind: 'push', batches: [batch] });
    return socket;
  }

  private async begin(): Promise<Batch> {
    const { device, journal, dice } = this.parts;
    const first = this.next;
    const updates = Array.from({ length: 1 + Math.floor(dice() * 3) }, () => randomUpdate(dice));
    for (const update of updates) {
      const n = this.next++;
      const id = `${this.session}/${n}`;
      journal.say({ say: 'intend', store: 'rows', thread: this.session, n, id, hash: hashOf(update) });
    }
    const rows = updates.map((update) => [doc, update] as const);
    const batch = await device.batch(this.session, first, rows);
    this.pending.push(batch);
    return batch;
  }

  private readFrames({ frames }: TestSocket): void {
    for (const frame of frames.slice(this.read)) {
      if (frame.kind === 'welcome' || frame.kind === 'ack') this.noteAcked(frame.acked);
      if (frame.kind === 'committed' && frame.session === this.session) this.noteAcked(frame.first);
    }
    this.read = frames.length;
  }

  private noteAcked(upTo: number): void {
    const { journal } = this.parts;
    while (this.acked < upTo)
      journal.say({ say: 'ack', store: 'rows', id: `${this.session}/${++this.acked}` });
    const isDone = ({ first, rows }: Batch) => first + rows.length - 1 <= this.acked;
    while (this.pending[0] && isDone(this.pending[0])) this.pending.shift();
  }

  /** The relay ends a connection on which it could not store what came. */
  private assertTaken({ frames }: TestSocket): void {
    const refusal = frames.find((frame) => frame.kind === 'error');
    if (refusal?.kind !== 'error') return;
    this.close();
    throw new Error(`${refusal.code.startsWith('E-SYS-') ? 503 : 400} ${refusal.code} ${refusal.message}`);
  }
}

/** Until something comes, the connection ends, or it is time to look again. */
async function untilChanged({ connection }: TestSocket): Promise<void> {
  const stop = new AbortController();
  const { signal } = stop;
  await Promise.race([
    once(connection, 'message', { signal }),
    once(connection, 'close', { signal }),
    pause(1000, undefined, { signal }),
  ]).finally(() => stop.abort());
}

function randomUpdate(dice: () => number): Uint8Array {
  return Uint8Array.from({ length: 1 + Math.floor(dice() * 300) }, () => Math.floor(dice() * 256));
}
