import { WebSocket } from 'ws';
import { copyBytes, createRandomId } from '../../shared/bytes.ts';
import { apiHost } from '../../shared/identity/id-tag.ts';
import { routes } from '../../shared/routes.ts';
import { randomBytes } from '../../relay/identity/webcrypto.ts';
import { nonce, type TestDevice } from '../../relay/test/device.ts';
import { guestToken, share } from '../../relay/test/room-client.ts';
import { openOwnRelay } from './own-relay.ts';
import type { DocumentServer } from './line.ts';
import { openStockLine } from './stock.ts';

/** Connections that the owner itself opens; those beyond are of a neighbour with whom the document is shared. */
const ofOwner = 32;
const emptyUpdate = copyBytes(new Uint8Array([0, 0]));

/** Our relay over `/ws/crdt`, in the framing of y-websocket: what editors of neighbours and of other apps use. */
export async function openRooms(environment: Readonly<Record<string, string>> = {}): Promise<DocumentServer> {
  const owner = await openOwnRelay(environment);
  let neighbour: Promise<TestDevice> | undefined;
  const tokens = new Map<string, Promise<string>>();
  const askGuest = async (doc: string): Promise<string> => {
    neighbour ??= owner.openNeighbour();
    const guest = await neighbour;
    await share(owner.device, doc, guest.relay.idTag);
    return guestToken(guest, owner.device.relay);
  };
  const tokenFor = (doc: string, who: number): Promise<string> => {
    if (who < ofOwner) return owner.device.accessToken();
    const known = tokens.get(doc) ?? askGuest(doc);
    tokens.set(doc, known);
    return known;
  };
  return {
    pid: owner.pid,
    async create() {
      const doc = createRandomId(randomBytes);
      await store(owner.device, doc, emptyUpdate);
      return doc;
    },
    async open(doc, who, ears) {
      const { relay } = owner.device;
      const query = new URLSearchParams({ token: await tokenFor(doc, who) });
      const plain = await relay.connect();
      const url = `ws://${apiHost(relay.idTag)}${routes.crdt}/${doc}?${query}`;
      return openStockLine(new WebSocket(url, { createConnection: () => plain }), ears);
    },
    restart: owner.restart,
    close: owner.close,
  };
}

/** A row of a device: the document is known from then on. */
async function store(device: TestDevice, doc: string, update: Uint8Array): Promise<void> {
  const session = nonce();
  const socket = await device.sync(session);
  socket.send({ kind: 'push', batches: [await device.batch(session, 0, [[doc, update]])] });
  await socket.next('ack');
  socket.close();
}
