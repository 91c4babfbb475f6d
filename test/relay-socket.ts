import { WebSocket as Connection } from 'ws';
import type { TestRelay } from '../relay/test/network.ts';

/** What browsers have: a socket by address. It goes to a relay of a test, whatever is behind it just now. */
export function createSocketClass(relay: () => TestRelay) {
  return class RelaySocket extends EventTarget {
    binaryType = 'arraybuffer';
    #connection: Connection | undefined;
    #closed = false;

    constructor(url: string) {
      super();
      this.#open(url).catch(() => this.dispatchEvent(new Event('close')));
    }

    async #open(url: string): Promise<void> {
      const plain = await relay().connect();
      const connection = new Connection(url, { origin: relay().appOrigin, createConnection: () => plain });
      this.#connection = connection;
      connection.binaryType = 'arraybuffer';
      connection.on('open', () =>
        this.#closed ? connection.terminate() : this.dispatchEvent(new Event('open')),
      );
      connection.on('message', (data) => this.dispatchEvent(new MessageEvent('message', { data })));
      connection.on('error', () => connection.terminate());
      connection.on('close', () => this.dispatchEvent(new Event('close')));
    }

    send(bytes: Uint8Array): void {
      this.#connection?.send(bytes);
    }

    close(): void {
      this.#closed = true;
      this.#connection?.close();
    }
  };
}
