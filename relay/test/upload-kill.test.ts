import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { formatBlobId } from '../../shared/file/blob-id.ts';
import { routes, storageSchema, uploadSchema } from '../../shared/routes.ts';
import { createDice } from '../../shared/test/seeded.ts';
import { dataOf, type TestDevice } from './device.ts';
import { type RelayProcess, startRelay } from './relay-process.ts';

const piece = 100_000;
const limit = 3_000_000;
const rounds = 6;
const idOf = (bytes: Uint8Array) => formatBlobId(createHash('sha256').update(bytes).digest());

/** A blob on its way, with what the relay has said of it. */
interface Way {
  readonly bytes: Buffer;
  readonly blob: string;
  id?: string;
  /** The greatest offset that was answered. */
  acked: number;
  done: boolean;
}

describe('kill -9 while files come in', () => {
  let folder: string;
  let relay: RelayProcess;
  let device: TestDevice;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'islet-upload-kill-'));
  });
  afterEach(async () => {
    await relay.kill();
    await rm(folder, { recursive: true, force: true });
  });

  const begin = ({ blob, bytes }: Way) => device.ask(routes.uploads, 'POST', { blob, size: bytes.length });

  /** Sends until it is done, refused for want of room, or the relay is gone. */
  const send = async (way: Way): Promise<void> => {
    const begun = await begin(way);
    if (begun.status === 413 || begun.status === 402) return;
    for (let state = dataOf(begun, uploadSchema); ;) {
      const { id, offset, done } = state;
      if (id !== undefined) way.id = id;
      Object.assign(way, { acked: offset, done });
      if (done) return;
      const authorization = `Bearer ${await device.accessToken()}`;
      const headers = { authorization, 'upload-offset': String(offset) };
      const body = way.bytes.subarray(offset, offset + piece);
      const path = `${routes.uploads}/${id}`;
      state = dataOf(await device.relay.ask(path, { method: 'PATCH', headers, body }), uploadSchema);
    }
  };

  /** Under each name are the bytes that have it, and what was acknowledged is answered. */
  const checkBlobs = async (ways: readonly Way[]) => {
    const root = join(folder, 'public', 'blobs');
    for (const shard of await readdir(root))
      for (const name of await readdir(join(root, shard)))
        expect(idOf(await readFile(join(root, shard, name)))).toBe(name);
    for (const { blob, bytes } of ways.filter(({ done }) => done)) {
      const answer = await device.ask(`${routes.variant}/${blob}`);
      expect([answer.status, answer.text === bytes.toString()]).toEqual([200, true]);
    }
  };

  /** What the relay says of uploads that are not done. @returns bytes that are set aside for them */
  const checkUploads = async (ways: readonly Way[], staging: string): Promise<number> => {
    let open = 0;
    for (const way of ways.filter(({ done }) => !done)) {
      const known = way.id === undefined ? undefined : await device.ask(`${routes.uploads}/${way.id}`);
      const answer = known?.status === 200 ? known : await begin(way);
      // What was in memory is forgotten, and another may have taken its room since.
      if (known?.status === 404 && staging === 'memory') delete way.id;
      if (way.id === undefined && answer.status >= 400) continue;
      const { id = '', offset, size, done } = dataOf(answer, uploadSchema);
      // One that is not known any more was complete without a word of it, or was in memory.
      if (known?.status === 404) expect(done || staging === 'memory').toBe(true);
      Object.assign(way, { done, id });
      if (done) continue;
      open += size;
      if (staging !== 'memory') expect(offset).toBeGreaterThanOrEqual(way.acked);
      if (offset === 0) continue;
      const staged = await readFile(join(folder, 'public', 'incoming', id));
      expect(staged.subarray(0, offset).equals(way.bytes.subarray(0, offset))).toBe(true);
    }
    return open;
  };

  test.each(['filesystem', 'memory'])(
    'W2, W3, W5: no partial blob, nothing acknowledged is lost, the quota is exact; staged in: %s',
    async (staging) => {
      const dice = createDice();
      const environment = { STAGING: staging, STORAGE_LIMIT: String(limit) };
      relay = await startRelay({ folder, environment });
      device = await relay.enrol();
      await device.accessToken();
      const ways: Way[] = [];
      for (let round = 0; round < rounds; round++) {
        for (let i = 0; i < 3; i++) {
          const bytes = Buffer.alloc(50_000 + Math.floor(dice() * 400_000), `${round} ${i} ${dice()}`);
          ways.push({ bytes, blob: idOf(bytes), acked: 0, done: false });
        }
        const sending = ways.filter(({ done }) => !done).map((way) => send(way).catch(() => undefined));
        await pause(10 + dice() * 150);
        await relay.kill();
        await Promise.all(sending);
        relay = await startRelay({ folder, environment, port: relay.port });
        const open = await checkUploads(ways, staging);
        await checkBlobs(ways);
        const held = ways.filter(({ done }) => done).reduce((sum, { bytes }) => sum + bytes.length, 0);
        const { used } = dataOf(await device.ask(routes.storage), storageSchema);
        expect(used).toBe(held + open);
        expect(used).toBeLessThanOrEqual(limit);
      }
      for (const way of ways) await send(way);
      await checkBlobs(ways);
      expect(new Set(ways.map(({ done }) => done))).toEqual(new Set([true, false]));
    },
    180_000,
  );
});
