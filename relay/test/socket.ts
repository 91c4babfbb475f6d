import { WebSocket } from 'ws';
import { copyBytes } from '../../shared/bytes.ts';
import { apiHost } from '../../shared/identity/id-tag.ts';
import { routes } from '../../shared/routes.ts';
import {
  type DeviceFrame,
  formatDeviceFrame,
  parseRelayFrame,
  type RelayFrame,
} from '../../shared/sync/frame.ts';
import { eventually, type TestRelay } from './network.ts';

/** A raw `/ws/sync` connection that remembers what came. */
export class TestSocket {
  readonly frames: RelayFrame[] = [];
  readonly connection: WebSocket;
  closed: number | undefined;

  constructor(connection: WebSocket) {
    this.connection = connection;
    connection.on('message', (data: Buffer) => this.frames.push(parseRelayFrame(copyBytes(data))));
    connection.on('close', (code) => {
      this.closed = code;
    });
    connection.on('error', () => connection.terminate());
  }

  /** @throws Error with the status when the relay refuses the upgrade */
  static async open(relay: TestRelay, origin = relay.appOrigin): Promise<TestSocket> {
    const plain = await relay.connect();
    const url = `ws://${apiHost(relay.idTag)}${routes.sync}`;
    const connection = new WebSocket(url, { origin, createConnection: () => plain });
    const socket = new TestSocket(connection);
    await new Promise<void>((resolve, reject) => {
      connection.once('open', resolve);
      connection.once('error', reject);
    });
    return socket;
  }

  send(frame: DeviceFrame): void {
    this.connection.send(formatDeviceFrame(frame));
  }

  /** The first frame of this kind, as soon as it is there. */
  next<K extends RelayFrame['kind']>(
    kind: K,
    wanted: (frame: Extract<RelayFrame, { kind: K }>) => boolean = () => true,
  ): Promise<Extract<RelayFrame, { kind: K }>> {
    return eventually(`a frame ${kind}`, () =>
      Promise.resolve(
        this.frames.find(
          (frame): frame is Extract<RelayFrame, { kind: K }> => frame.kind === kind && wanted(frame as never),
        ),
      ),
    );
  }

  untilClosed(): Promise<number> {
    return eventually('the socket closes', () => Promise.resolve(this.closed));
  }

  close(): void {
    this.connection.terminate();
  }
}
