import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'undici';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { formatBlobId } from '../../shared/file/blob-id.ts';
import { routes } from '../../shared/routes.ts';
import { openTestBucket, type TestBucket } from '../store/blobs/s3-fixture.ts';
import { codeOf, json, type TestDevice } from './device.ts';
import { failToStart, type RelayProcess, type RelaySetting, startRelay } from './relay-process.ts';
import { counted } from '../../shared/test/counted.ts';

const run = promisify(execFile);
const succeeds = (command: string, ...args: string[]) =>
  run(command, args).then(
    () => true,
    () => false,
  );
const MiB = 1024 * 1024;
/** A directory of its own that is full after this many bytes, as any user may have it where the kernel allows. */
const smallDisk = (folder: string, size: number) => [
  ...['unshare', '-rm', 'sh', '-c', `mount -t tmpfs -o size=${size} islet "$0" && exec "$@"`, folder],
];
const mayMount = await succeeds('unshare', '-rm', 'sh', '-c', 'mount -t tmpfs islet /mnt');
const mayLimit = await succeeds('prlimit', '--version');

let folder: string;
const running: RelayProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'islet-faults-'));
});
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') counted('stories of a disk that fails', 1);
  for (const one of running.splice(0)) await one.kill();
  await rm(folder, { recursive: true, force: true });
});

const start = async (setting: Omit<RelaySetting, 'folder'> = {}) => {
  const started = await startRelay({ folder, ...setting });
  running.push(started);
  return { ...started, device: await started.enrol() };
};
const makeBlob = (size: number) => {
  const bytes = randomBytes(size);
  return { bytes, id: formatBlobId(createHash('sha256').update(bytes).digest()) };
};
const put = (device: TestDevice, { id, bytes }: ReturnType<typeof makeBlob>) =>
  device.ask(`${routes.blobs}/${id}`, 'PUT', bytes);
const get = (device: TestDevice, { id }: ReturnType<typeof makeBlob>) =>
  device.ask(`${routes.variant}/${id}`);

describe('a store that cannot be reached', () => {
  let bucket: TestBucket;
  beforeEach(async () => {
    bucket = await openTestBucket();
  });
  afterEach(() => bucket.close());
  const environment = (endpoint = bucket.place.endpoint) => ({
    ...{ BLOBS: 's3://bucket/islet', S3_ENDPOINT: endpoint },
    ...{ AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' },
  });

  test('at the start: one line that names option and cause, and an end', async () => {
    await bucket.stop();
    const { code, said } = await failToStart({ folder, environment: environment() });
    expect(code).toBe(1);
    expect(said).toMatch(
      /^islet: BLOBS: s3:\/\/bucket\/islet at http:\S+ cannot be reached: connect ECONNREFUSED [\d.:]+\n$/,
    );
  });

  test('at the start, when it takes the connection and never answers: the same', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    const endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    const { code, said } = await failToStart({ folder, environment: environment(endpoint) });
    silent.close();
    expect(code).toBe(1);
    expect(said).toMatch(/^islet: BLOBS: .* cannot be reached: no answer in time\n$/);
  });

  test('at run time: 503 with Retry-After, and everything goes on when it is back', async () => {
    const { device, relay } = await start({ environment: environment() });
    const [first, second] = [makeBlob(100_000), makeBlob(9 * MiB)];
    expect((await put(device, first)).status).toBe(201);
    await bucket.stop();
    for (const answer of [await put(device, second), await get(device, first)]) {
      expect(answer.status).toBe(503);
      expect(answer.headers['retry-after']).toBe('30');
      expect(codeOf(answer)).toBe('E-SYS-UNAVAIL');
      expect(answer.headers.etag).toBeUndefined();
    }
    // What needs no blobs does not notice.
    expect((await relay.ask('/healthz')).status).toBe(200);
    expect(await device.say({ t: 'POST', c: 'still here' })).toMatch(/^a1~/);
    await bucket.start();
    expect((await put(device, second)).status).toBe(201);
    for (const blob of [first, second]) expect((await get(device, blob)).status).toBe(200);
    expect((await stat(bucket.fileOf(second.id))).size).toBe(second.bytes.length);
  });
});

describe('a disk that does not do as it is told', () => {
  test.skipIf(!mayMount)(
    'W5: when it is full: 507 and nothing half written; with room again all goes on',
    async () => {
      const { device, relay, pid } = await start({ wrapper: smallDisk(folder, 12 * MiB) });
      const inside = (...path: string[]) => join(`/proc/${pid}/root`, folder, ...path);
      const kept: string[] = [];
      let full = false;
      for (let i = 0; !full && i < 20; i++) {
        const blob = makeBlob(MiB);
        const answer = await put(device, blob);
        full = answer.status === 507;
        if (full) expect([codeOf(answer), answer.headers['retry-after']]).toEqual(['E-SYS-FULL', '30']);
        else expect(answer.status).toBe(201);
        if (!full) kept.push(blob.id);
      }
      expect(full).toBe(true);
      expect(await readdir(inside('public', 'incoming'))).toEqual([]);
      await fill(inside('filler'));
      const refused = await device.ask(routes.actions, 'POST', {
        drafts: await Promise.all(
          Array.from({ length: 20 }, () => device.draft({ t: 'POST', c: 'x'.repeat(20_000) })),
        ),
      });
      expect(refused.status).toBeGreaterThanOrEqual(503);
      expect(refused.headers['retry-after']).toBe('30');
      await rm(inside('filler'));
      await rm(inside('public', 'blobs', kept[0]!.slice(3, 5), kept[0]!));
      const blob = makeBlob(MiB / 2);
      expect((await put(device, blob)).status).toBe(201);
      expect(await device.say({ t: 'POST', c: 'room again' })).toMatch(/^a1~/);
      expect((await relay.ask('/healthz')).status).toBe(200);
    },
    60_000,
  );

  test.skipIf(!mayMount)(
    'W5: when it is full, the inbox says 503 with an empty body, and takes the same later',
    async () => {
      const neighbours = await mkdtemp(join(tmpdir(), 'islet-faults-bob-'));
      const environment = { ISLET_NEIGHBOURS_DIR: neighbours };
      const { relay, pid, device: mine } = await start({ wrapper: smallDisk(folder, 8 * MiB), environment });
      const bob = await startRelay({ name: 'bob.localhost', folder: join(neighbours, 'bob'), environment });
      running.push(bob);
      const device = await bob.enrol();
      const send = (token: string) =>
        relay.ask(routes.inbox, { method: 'POST', headers: json, body: JSON.stringify({ token }) });
      const write = async () => {
        const [receipt] = await device.submit(await device.draft({ t: 'POST', c: 'x'.repeat(50_000) }));
        if (receipt?.status !== 'accepted') throw new Error(JSON.stringify(receipt));
        return receipt.token;
      };
      await mine.say({ t: 'FLLW', aud: bob.relay.idTag });
      expect((await send(await write())).status).toBe(202);
      const filler = join(`/proc/${pid}/root`, folder, 'filler');
      await fill(filler);
      const later: string[] = [];
      for (let i = 0, status = 202; status === 202; i++) {
        expect(i).toBeLessThan(100);
        later.push(await write());
        const answer = await send(later.at(-1)!);
        status = answer.status;
        if (status !== 202)
          expect([status, answer.text, answer.headers['retry-after']]).toEqual([503, '', '30']);
      }
      await rm(filler);
      for (const token of later) expect((await send(token)).status).toBe(202);
      await bob.kill();
      await rm(neighbours, { recursive: true, force: true });
    },
    60_000,
  );

  test.skipIf(!mayLimit)(
    'W5: a file that may not grow: 507, nothing half written, and recovery',
    async () => {
      const { device, pid } = await start();
      const blob = makeBlob(3 * MiB);
      await run('prlimit', ['--pid', String(pid), `--fsize=${MiB}:unlimited`]);
      expect(codeOf(await put(device, blob))).toBe('E-SYS-FULL');
      expect(await readdir(join(folder, 'public', 'incoming'))).toEqual([]);
      expect((await get(device, blob)).status).toBe(404);
      await run('prlimit', ['--pid', String(pid), '--fsize=unlimited:unlimited']);
      expect((await put(device, blob)).status).toBe(201);
      expect((await get(device, blob)).status).toBe(200);
    },
    60_000,
  );

  test.skipIf(!mayLimit)(
    'no more open files: 503, and recovery',
    async () => {
      const { device, pid, port } = await start();
      const blob = makeBlob(1000);
      expect((await put(device, blob)).status).toBe(201);
      const headers = { host: 'cl-o.me.localhost', authorization: `Bearer ${await device.accessToken()}` };
      // One connection that stays: another could not be taken.
      const client = new Client(`http://127.0.0.1:${port}`);
      const ask = async () => {
        const path = `${routes.variant}/${blob.id}`;
        const { statusCode, body } = await client.request({ method: 'GET', path, headers });
        return [statusCode, await body.text()] as const;
      };
      await client.request({ method: 'GET', path: '/healthz', headers }).then(({ body }) => body.dump());
      await run('prlimit', ['--pid', String(pid), '--nofile=3:20000']);
      const [status, words] = await ask();
      await run('prlimit', ['--pid', String(pid), '--nofile=20000:20000']);
      expect(status).toBe(503);
      expect(words).toContain('E-SYS-UNAVAIL');
      expect((await ask())[0]).toBe(200);
      await client.close();
    },
    60_000,
  );

  test('a folder that is gone: 503, and recovery when it is back', async () => {
    const { device } = await start();
    const [one, other] = [makeBlob(1000), makeBlob(1000)];
    expect((await put(device, one)).status).toBe(201);
    await rename(join(folder, 'public'), join(folder, 'away'));
    const expectFaults = async () => {
      for (const answer of [await put(device, other), await get(device, one)])
        expect([answer.status, codeOf(answer), answer.headers['retry-after']]).toEqual([
          ...[503, 'E-SYS-UNAVAIL', '30'],
        ]);
    };
    await expectFaults();
    await writeFile(join(folder, 'public'), 'not a folder');
    await expectFaults();
    await rm(join(folder, 'public'));
    await rename(join(folder, 'away'), join(folder, 'public'));
    expect((await put(device, other)).status).toBe(201);
    expect((await get(device, one)).status).toBe(200);
  });

  test('W6: a damaged blob is answered with 410 and nothing that a cache would keep', async () => {
    const { device } = await start();
    const blob = makeBlob(70_000);
    await put(device, blob);
    await writeFile(join(folder, 'public', 'blobs', blob.id.slice(3, 5), blob.id), randomBytes(70_000));
    for (const headers of [{}, { range: 'bytes=5-9' }]) {
      const token = await device.accessToken();
      const answer = await device.relay.ask(`${routes.variant}/${blob.id}`, {
        headers: { ...json, ...headers, authorization: `Bearer ${token}` },
      });
      expect([answer.status, codeOf(answer)]).toEqual([410, 'E-BLOB-DAMAGED']);
      for (const name of ['etag', 'cache-control', 'content-range', 'content-disposition'])
        expect(answer.headers[name]).toBeUndefined();
    }
    expect((await put(device, blob)).status).toBeLessThan(300);
    expect((await get(device, blob)).status).toBe(200);
  });
});

/** Takes what is left of a disk, to the last block. */
async function fill(file: string): Promise<void> {
  for (const size of [MiB, 4096, 1]) {
    const room = async (): Promise<boolean> =>
      writeFile(file, Buffer.alloc(size, 1), { flag: 'a' }).then(
        () => true,
        () => false,
      );
    for (let i = 0; i < 5000 && (await room()); i++);
  }
}
