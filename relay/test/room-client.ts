import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness';
import * as v from 'valibot';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { copyBytes, equalBytes } from '../../shared/bytes.ts';
import { apiHost, type IdTag } from '../../shared/identity/id-tag.ts';
import { routes } from '../../shared/routes.ts';
import { formatRoomFrame, parseRoomFrame, type RoomFrame } from '../../shared/sync/room-frame.ts';
import { dataOf, type TestDevice } from './device.ts';
import { eventually, type TestRelay } from './network.ts';

const fromRelay = 'relay';

/** What a room is opened with. */
export interface Opening {
  readonly relay: TestRelay;
  readonly doc: string;
  readonly token?: string;
  readonly access?: string;
  readonly origin?: string;
  /** Does not apply what others write. */
  readonly deaf?: boolean;
}

/** A client of the stock framing as a page of a neighbour has it: a document, carets, a socket. */
export class RoomClient {
  readonly connection: WebSocket;
  readonly ydoc = new Y.Doc();
  readonly awareness = new Awareness(this.ydoc);
  readonly frames: RoomFrame[] = [];
  closed: { code: number; reason: string } | undefined;
  /** Updates of its own whose echo has not come: not known to be stored. */
  private unechoed: Uint8Array[] = [];
  private synced = false;
  private readonly deaf: boolean;

  private constructor(connection: WebSocket, deaf: boolean) {
    this.connection = connection;
    this.deaf = deaf;
    this.awareness.setLocalState(null);
    connection.on('message', (data: Buffer) => this.hear(copyBytes(data)));
    connection.on('close', (code, reason) => {
      this.closed = { code, reason: String(reason) };
      this.awareness.destroy();
    });
    connection.on('error', () => connection.terminate());
    this.ydoc.on('update', (update: Uint8Array, origin) => {
      if (origin !== fromRelay) this.sendUpdate(update);
    });
    this.awareness.on('update', (change: { added: number[]; updated: number[]; removed: number[] }) => {
      const clients = [...change.added, ...change.updated, ...change.removed];
      this.send({ kind: 'awareness', states: encodeAwarenessUpdate(this.awareness, clients) });
    });
  }

  static async open({ relay, doc, token, access, origin, deaf = false }: Opening): Promise<RoomClient> {
    const plain = await relay.connect();
    const query = new URLSearchParams({ ...(token !== undefined && { token }), ...(access && { access }) });
    const url = `ws://${apiHost(relay.idTag)}${routes.crdt}/${doc}?${query}`;
    const connection = new WebSocket(url, { ...(origin && { origin }), createConnection: () => plain });
    const client = new RoomClient(connection, deaf);
    await new Promise<void>((resolve, reject) => {
      connection.once('open', resolve);
      connection.once('error', reject);
    });
    client.send({ kind: 'step1', vector: Y.encodeStateVector(client.ydoc) });
    return client;
  }

  get text(): Y.Text {
    return this.ydoc.getText('text');
  }

  send(frame: RoomFrame): void {
    if (this.connection.readyState === WebSocket.OPEN) this.connection.send(formatRoomFrame(frame));
  }

  /** Its own edits that the relay has not shown to be stored. */
  get waiting(): number {
    return this.unechoed.length;
  }

  whenSynced(): Promise<true> {
    return eventually('the document is there', () => Promise.resolve(this.synced || undefined));
  }

  whenStored(): Promise<true> {
    return eventually('all edits are stored', () => Promise.resolve(this.unechoed.length === 0 || undefined));
  }

  whenText(text: string): Promise<true> {
    return eventually(`the text is ${text}`, () =>
      Promise.resolve(this.text.toString() === text || undefined),
    );
  }

  /** @param patience milliseconds */
  whenClosed(patience?: number): Promise<{ code: number; reason: string }> {
    return eventually('the socket closes', () => Promise.resolve(this.closed), patience);
  }

  close(): void {
    this.connection.terminate();
  }

  private sendUpdate(update: Uint8Array): void {
    this.unechoed.push(update);
    this.send({ kind: 'update', update });
  }

  private hear(bytes: Uint8Array): void {
    const frame = parseRoomFrame(bytes);
    if (!frame) return;
    this.frames.push(frame);
    switch (frame.kind) {
      case 'step1':
        return this.send({ kind: 'step2', update: Y.encodeStateAsUpdate(this.ydoc, frame.vector) });
      case 'step2':
        this.synced = true;
        return Y.applyUpdate(this.ydoc, frame.update, fromRelay);
      case 'update':
        this.unechoed = this.unechoed.filter((update) => !equalBytes(update, frame.update));
        if (this.deaf) return;
        return Y.applyUpdate(this.ydoc, frame.update, fromRelay);
      case 'awareness':
        return applyAwarenessUpdate(this.awareness, frame.states, fromRelay);
    }
  }
}

export const tokenSchema = v.object({ token: v.string() });

let shares = 0;

/** The identity's device shares a document; each time later than before, so that the last one holds (SPEC U1). */
export async function share(
  owner: TestDevice,
  doc: string,
  to: IdTag,
  level: '' | ':COMMENT' | ':WRITE' | ':DEL' = ':WRITE',
): Promise<void> {
  const c = { contentType: 'islet/text', fileName: 'Plans', fileTp: 'CRDT' };
  const iat = owner.seconds() + ++shares;
  await owner.say({ t: `FSHR${level}`, aud: to, sub: doc, c, v: 'D', iat });
}

/** Access of a neighbour's device to a document, as a page gets it: over its own relay, then at the owner's. */
export async function guestToken(guest: TestDevice, owner: TestRelay, scope?: string): Promise<string> {
  const path = `${routes.proxyToken}?idTag=${owner.idTag}`;
  const { token } = dataOf(await guest.ask(path), tokenSchema);
  if (scope === undefined) return token;
  const headers = { authorization: `Bearer ${token}` };
  return dataOf(await owner.ask(`${routes.accessToken}?scope=${scope}`, { headers }), tokenSchema).token;
}
