import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import {
  handedSchema,
  quarantinedSchema,
  type QuarantineItem,
  quarantineLimits,
  quarantineListSchema,
} from '../../shared/api/quarantine.ts';
import { bytesToBase64url } from '../../shared/bytes.ts';
import { blobId, fileId } from '../../shared/file/blob-id.ts';
import { formatDescriptor } from '../../shared/file/descriptor.ts';
import { presetToCapabilities } from '../../shared/device/presets.ts';
import { fileCreatedSchema, routes, uploadSchema } from '../../shared/routes.ts';
import { codeOf, createKeys, dataOf, json, TestDevice } from './device.ts';
import { createNetwork } from './network.ts';

const ydoc = new Y.Doc();
ydoc.getText('text').insert(0, 'Written on the train');
const page: QuarantineItem = {
  kind: 'document',
  doc: 'aBcDeFgHiJkLmNoPqRsTuVwX',
  title: 'Train',
  type: 'text',
  update: bytesToBase64url(Uint8Array.from(Y.encodeStateAsUpdate(ydoc))),
};
const draft: QuarantineItem = { kind: 'draft', nonce: 'n'.repeat(22), t: 'POST', text: 'Hello', written: 1 };

describe('what lost devices hand over', () => {
  let network: Awaited<ReturnType<typeof createNetwork<['alice.test']>>>;
  let laptop: TestDevice;
  let phone: TestDevice;
  let removed: TestDevice;

  const remove = async (device: TestDevice, wipe?: true) => {
    const op = { t: 'remove' as const, did: device.keys.did, ...(wipe && { wipe }) };
    const entry = await laptop.sign(await laptop.log(), op);
    expect((await laptop.ask(routes.deviceLog, 'POST', { entry })).status).toBe(201);
  };
  const handOver = async (device: TestDevice, item: unknown, assertion?: string) =>
    laptop.relay.ask(routes.quarantine, {
      method: 'POST',
      headers: { ...json, authorization: `Bearer ${assertion ?? (await device.assertion())}` },
      body: JSON.stringify(item),
    });
  const list = async () => dataOf(await laptop.ask(routes.quarantine), quarantineListSchema).items;

  beforeAll(async () => {
    network = await createNetwork('alice.test');
    laptop = await TestDevice.enrolFirst(network, network.relays[0]);
    phone = await laptop.enrolSecond();
    removed = await laptop.enrolSecond();
  });
  afterAll(() => network.close());

  test('X10: a device that is in, one that was removed otherwise, and a stranger hand nothing over', async () => {
    expect(codeOf(await handOver(phone, page))).toBe('E-LOG-PERMISSION');
    await remove(removed);
    expect(codeOf(await handOver(removed, page))).toBe('E-LOG-PERMISSION');
    const stranger = new TestDevice(network, laptop.relay, await createKeys());
    expect(codeOf(await handOver(stranger, page))).toBe('E-LOG-PERMISSION');
    expect(codeOf(await laptop.relay.ask(routes.quarantine, { method: 'POST' }))).toBe('E-AUTH-UNAUTH');
    expect(await list()).toEqual([]);
  });

  test('X10: a lost one does, by its own key and no other, each assertion once; the same again is the same', async () => {
    await remove(phone, true);
    const other = new TestDevice(network, laptop.relay, { ...(await createKeys()), did: phone.keys.did });
    expect(codeOf(await handOver(other, page))).toBe('E-TOKEN-SIGNATURE');
    const assertion = await phone.assertion();
    const { id } = dataOf(await handOver(phone, page, assertion), handedSchema);
    expect(codeOf(await handOver(phone, page, assertion))).toBe('E-ASSERTION-REPLAYED');
    expect(dataOf(await handOver(phone, page), handedSchema).id).toBe(id);
    dataOf(await handOver(phone, draft), handedSchema);
    const items = await list();
    expect(items.map(({ kind, title, device }) => [kind, title, device])).toEqual([
      ['document', 'Train', 'phone'],
      ['draft', 'Hello', 'phone'],
    ]);
    // It may still say nothing else.
    expect(codeOf(await phone.exchange(await phone.assertion()))).toBe('E-DELEGATION-REVOKED');
  });

  /** Bytes that a lost device brings, as far as it is let. */
  const begin = async (device: TestDevice, blob: string, size: number) =>
    device.relay.ask(`${routes.quarantine}/uploads`, {
      method: 'POST',
      headers: { ...json, authorization: `Bearer ${await device.assertion()}` },
      body: JSON.stringify({ blob, size }),
    });
  const send = async (device: TestDevice, id: string, { bytes, offset }: { bytes: Buffer; offset: number }) =>
    device.relay.ask(`${routes.quarantine}/uploads/${id}`, {
      method: 'PATCH',
      headers: {
        'content-type': 'application/octet-stream',
        'upload-offset': String(offset),
        authorization: `Bearer ${await device.assertion()}`,
      },
      body: bytes,
    });

  test('X10, X12: bytes come after what names them, stay while it waits, and go with it unless it was taken in', async () => {
    const bytes = Buffer.from('bytes of a file that was never uploaded');
    const blob = await blobId(Uint8Array.from(bytes));
    const size = bytes.length;
    expect(codeOf(await begin(phone, blob, size))).toBe('E-CORE-NOTFOUND');
    const variant = { name: 'raw.orig', blob, format: 'txt', size, width: 0, height: 0 };
    const descriptor = formatDescriptor([variant]);
    const about = {
      title: 'notes.txt',
      mime: 'text/plain',
      size,
      file: await fileId(descriptor),
      descriptor,
    };
    const file: QuarantineItem = { kind: 'file', ...about, blobs: [{ blob, size }] };
    const { id } = dataOf(await handOver(phone, file), handedSchema);
    const find = async () => (await list()).find((item) => item.id === id);
    expect(await find()).toMatchObject({
      kind: 'file',
      title: 'notes.txt',
      mime: 'text/plain',
      missing: size,
    });
    expect(codeOf(await begin(removed, blob, size))).toBe('E-LOG-PERMISSION');
    expect(codeOf(await begin(phone, blob, size + 1))).toBe('E-CORE-NOTFOUND');
    const { id: upload = '' } = dataOf(await begin(phone, blob, size), uploadSchema);
    const half = { bytes: bytes.subarray(0, 9), offset: 0 };
    expect(dataOf(await send(phone, upload, half), uploadSchema)).toMatchObject({ offset: 9, done: false });
    expect(codeOf(await send(removed, upload, { bytes: bytes.subarray(9), offset: 9 }))).toBe(
      'E-LOG-PERMISSION',
    );
    // Begun anew it goes on where it was.
    expect(dataOf(await begin(phone, blob, size), uploadSchema)).toMatchObject({ id: upload, offset: 9 });
    const rest = { bytes: bytes.subarray(9), offset: 9 };
    expect(dataOf(await send(phone, upload, rest), uploadSchema)).toMatchObject({ done: true });
    expect(await find()).toMatchObject({ missing: 0 });
    expect((await laptop.ask(`${routes.variant}/${encodeURIComponent(blob)}`)).text).toBe(bytes.toString());
    const body = { descriptor, contentType: 'text/plain', fileName: 'notes.txt' };
    dataOf(await laptop.ask(routes.files, 'POST', body), fileCreatedSchema);
    await laptop.ask(`${routes.quarantine}/${id}`, 'DELETE');
    expect((await laptop.ask(`${routes.variant}/${encodeURIComponent(blob)}`)).status).toBe(200);
    await laptop.ask(`${routes.files}/${encodeURIComponent(about.file)}`, 'DELETE');
    expect((await laptop.ask(`${routes.variant}/${encodeURIComponent(blob)}`)).status).toBe(404);
  });

  test('X10: what has another form is refused', async () => {
    for (const item of [{}, { ...page, update: '' }, { ...page, doc: '../x' }, { ...draft, more: 1 }])
      expect(codeOf(await handOver(phone, item))).toBe('E-VAL-INVALID');
    const large = { ...draft, text: 'x'.repeat(quarantineLimits.item) };
    expect(codeOf(await handOver(phone, large))).toBe('E-CORE-TOOLARGE');
  });

  test('X12: another device looks at it, takes it, and it is gone; twice is once', async () => {
    const [item] = await list();
    const path = `${routes.quarantine}/${item!.id}`;
    expect(dataOf(await laptop.ask(path), quarantinedSchema).item).toEqual(page);
    expect((await laptop.ask(path, 'DELETE')).status).toBe(200);
    expect((await laptop.ask(path, 'DELETE')).status).toBe(200);
    expect(codeOf(await laptop.ask(path))).toBe('E-CORE-NOTFOUND');
    expect(await list()).toHaveLength(1);
  });

  test('X12: a device that may not write documents, a lost one and a guest see nothing of it', async () => {
    const reader = await laptop.enrolSecond(presetToCapabilities('read'));
    const [item] = await list();
    for (const path of [routes.quarantine, `${routes.quarantine}/${item!.id}`]) {
      expect(codeOf(await reader.ask(path))).toBe('E-DELEGATION-SCOPE');
      expect(codeOf(await laptop.relay.ask(path))).toBe('E-AUTH-UNAUTH');
    }
    expect(codeOf(await reader.ask(`${routes.quarantine}/${item!.id}`, 'DELETE'))).toBe('E-DELEGATION-SCOPE');
  });
});
