import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatBlobId } from '../../shared/file/blob-id.ts';
import { limits, routes, uploadSchema } from '../../shared/routes.ts';
import { dataOf, type TestDevice } from './device.ts';
import { type RelayProcess, startRelay } from './relay-process.ts';

const MiB = 1024 * 1024;
/** `ISLET_UPLOAD_MIB=500` for the whole of it. */
const size = Number(env.ISLET_UPLOAD_MIB ?? 200) * MiB;

describe('a large upload', () => {
  let folder: string;
  let relay: RelayProcess;
  let device: TestDevice;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'islet-upload-memory-'));
    // As `npm start` runs it.
    relay = await startRelay({ folder, environment: { NODE_OPTIONS: '--max-semi-space-size=2' } });
    device = await relay.enrol();
  });
  afterAll(async () => {
    await relay.kill();
    await rm(folder, { recursive: true, force: true });
  });

  const readMemory = async () => {
    const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${relay.pid}/status`, 'utf8')) ?? [];
    return Number(kib) * 1024;
  };
  /** Sends so many bytes in pieces. @returns the most memory that was seen */
  const upload = async (bytes: number, seed: number) => {
    const pieceOf = (at: number) => Buffer.alloc(Math.min(limits.chunk, bytes - at), `${seed} ${at}`);
    const hash = createHash('sha256');
    for (let at = 0; at < bytes; at += limits.chunk) hash.update(pieceOf(at));
    const blob = formatBlobId(hash.digest());
    const begun = await device.ask(routes.uploads, 'POST', { blob, size: bytes });
    const path = `${routes.uploads}/${dataOf(begun, uploadSchema).id}`;
    let most = 0;
    for (let at = 0; at < bytes; at += limits.chunk) {
      const authorization = `Bearer ${await device.accessToken()}`;
      const headers = { authorization, 'upload-offset': String(at) };
      const answer = await device.relay.ask(path, { method: 'PATCH', headers, body: pieceOf(at) });
      const { offset } = dataOf(answer, uploadSchema);
      expect(offset).toBe(Math.min(bytes, at + limits.chunk));
      most = Math.max(most, await readMemory());
    }
    // It is here: told at once, without reading all of it again.
    const again = dataOf(await device.ask(routes.uploads, 'POST', { blob, size: bytes }), uploadSchema);
    expect(again).toEqual({ blob, size: bytes, offset: bytes, done: true });
    return most;
  };

  test('adds less than 50 MB to the memory of the relay', async () => {
    // The first pieces load code and make room for buffers, as any request would.
    await upload(2 * limits.chunk, 1);
    const before = await readMemory();
    const most = await upload(size, 2);
    expect(before).toBeGreaterThan(0);
    expect(most - before).toBeLessThan(50_000_000);
  }, 300_000);
});
