import { dataOf, nonce, type TestDevice } from '../../relay/test/device.ts';
import { routes, storageSchema } from '../../shared/routes.ts';
import type { Item } from './auditor.ts';
import { claimsOf, hashOf, hashOfClaims } from './actors.ts';
import type { Journal } from './journal.ts';

/** Reads everything that the relay shows to a device, store by store, and notes it. */
export async function lookAtAll(
  device: TestDevice,
  journal: Journal,
  blobs: Iterable<string>,
): Promise<void> {
  const look = async (store: string, read: () => Promise<Item[]>) => {
    const name = `${store} ${nonce()}`;
    journal.say({ say: 'look', store, look: name });
    const items = await read();
    journal.say({ say: 'seen', store, look: name, items });
  };
  await look('rows', () => readRows(device));
  await look('actions', () => readActions(device));
  await look('blobs', () => readBlobs(device, blobs));
}

async function readRows(device: TestDevice): Promise<Item[]> {
  const socket = await device.sync();
  await socket.next('current');
  socket.close();
  return socket.frames
    .flatMap((frame) => (frame.kind === 'rows' ? frame.batches : []))
    .flatMap(({ batch: { session, first, rows } }) =>
      rows.map(({ update }, i) => ({ id: `${session}/${first + i}`, hash: hashOf(update) })),
    );
}

async function readActions(device: TestDevice): Promise<Item[]> {
  const items: Item[] = [];
  for (let after = 0; ;) {
    const page = await device.items(after);
    for (const { token, actionId } of page) {
      const { t, _: id } = claimsOf(token);
      if (t === 'POST') items.push({ id, hash: hashOfClaims(token), effect: actionId });
    }
    const last = page.at(-1);
    if (!last) return items;
    after = last.seq;
  }
}

/** Of those that somebody has begun to bring; none of them has to be there. */
async function readBlobs(device: TestDevice, ids: Iterable<string>): Promise<Item[]> {
  const items: Item[] = [];
  for (const id of ids) {
    const { status, bytes } = await device.ask(`${routes.variant}/${id}`);
    if (status === 200) items.push({ id, hash: hashOf(bytes) });
    else if (status !== 404) throw new Error(`${id} is answered ${status}`);
  }
  return items;
}

/** Bytes that the relay counts as this identity's. */
export async function readUsed(device: TestDevice): Promise<number> {
  return dataOf(await device.ask(routes.storage), storageSchema).used;
}
