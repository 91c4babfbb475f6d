import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestDevice } from '../../relay/test/device.ts';
import { openStockNode, type StockNode } from '../../relay/test/stock-node.ts';
import { parseIdTag } from '../../shared/identity/id-tag.ts';

/** For a relay that is asked much in a short time: what is tested here is not how much somebody may ask for. */
export const roomy = { RATE_LIMITS: '1000' };

const name = 'bob.localhost';

/** A neighbour that the identity follows; `folder`: where relays of this machine find each other. */
export async function openNeighbour(folder: string, device: TestDevice): Promise<StockNode> {
  const node = await openStockNode({ ...device.network, addNeighbour: () => undefined }, name);
  const socket = await node.open();
  writeFileSync(join(folder, name), `${socket.remotePort}\n`);
  socket.destroy();
  await device.say({ t: 'FLLW', aud: parseIdTag(name), v: 'D' });
  return node;
}
