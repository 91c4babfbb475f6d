import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { fileMetadataSchema, routes } from '../../shared/routes.ts';
import { createDice } from '../../shared/test/seeded.ts';
import { codeOf, dataOf, type TestDevice } from './device.ts';
import { createBombPng, createPicture } from './pictures.ts';
import { type RelayProcess, startRelay } from './relay-process.ts';
import { sendFile, trySendFile } from './send-file.ts';
import { patience, sized } from './sizes.ts';
import { counted } from '../../shared/test/counted.ts';

const mebibyte = 1024 * 1024;
const text = (words: string) => Buffer.from(words);
const svg = text(
  '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>',
);
const html = text('<!doctype html><script>alert(document.domain)</script>');

let folder: string;
let relay: RelayProcess;
let alice: TestDevice;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'islet-hostile-'));
  relay = await startRelay({ folder });
  alice = await relay.enrol();
});
afterEach(({ task }) => {
  if (task.result?.state !== 'fail') counted('stories of hostile files', 1);
});
afterAll(async () => {
  await relay.kill();
  await rm(folder, { recursive: true, force: true });
});

const isAlive = async () => (await alice.relay.ask(routes.health)).status === 200;
/** As who opens the address in a browser, without a token: what is public is all there is. */
const open = (id: string, variant: string) => alice.relay.ask(`${routes.files}/${id}?variant=${variant}`);

describe('pictures that are none, or too much (B8)', () => {
  test.each([
    ['SVG named .png', { bytes: svg, name: 'vis.orig', format: 'png', width: 9, height: 9 }],
    ['SVG as a rendition', { bytes: svg, name: 'vis.tn', format: 'svg', width: 9, height: 9 }],
    ['HTML named .jpg', { bytes: html, name: 'vis.orig', format: 'jpeg', width: 9, height: 9 }],
    ['nothing named .webp', { bytes: new Uint8Array(), name: 'vis.md', format: 'webp', width: 1, height: 1 }],
    [
      '50,000 × 50,000 pixels',
      {
        bytes: createBombPng(50_000, 50_000),
        name: 'vis.orig',
        format: 'png',
        width: 50_000,
        height: 50_000,
      },
    ],
    [
      'a rendition that promises more than comes',
      { bytes: createBombPng(900, 13_000), name: 'vis.md', format: 'png', width: 900, height: 13_000 },
    ],
  ])('B8: %s is refused', async (_what, piece) => {
    const { answer } = await trySendFile(alice, [piece], { contentType: 'image/png', fileName: 'cat.png' });
    expect([answer.status, codeOf(answer)]).toEqual([400, 'E-FILE-INVALID']);
    expect(answer.text).toContain(piece.name);
    expect(await isAlive()).toBe(true);
  });

  test.skipIf(process.platform !== 'linux')(
    'B8: a bomb of 121 megapixels is not opened by the relay itself, which stays small',
    async () => {
      const piece = { name: 'vis.orig', format: 'png', width: 11_000, height: 11_000 };
      await sendFile(alice, [{ bytes: await createPicture('png', 9, 9), ...piece, width: 9, height: 9 }]);
      const before = await readPeak(relay.pid);
      const { answer } = await trySendFile(alice, [{ bytes: createBombPng(11_000, 11_000), ...piece }]);
      expect([201, 400]).toContain(answer.status);
      expect((await readPeak(relay.pid)) - before).toBeLessThan(40 * mebibyte);
      expect(await readFile(`/proc/${relay.pid}/maps`, 'utf8')).not.toMatch(/libvips|sharp/);
      expect(await isAlive()).toBe(true);
    },
  );

  test('B8: an original of a kind that is not opened here is kept as it is, and never shown', async () => {
    const piece = { name: 'vis.orig', format: 'heic', width: 9, height: 9 };
    for (let tries = 0; tries < 2; tries++) {
      const bytes = text('\0\0\0\x18ftypheic\0\0\0\0 and nothing that could be read');
      const { id, completed } = await sendFile(alice, [{ ...piece, bytes }], { visibility: 'P' });
      expect(completed).toBeUndefined();
      const { headers } = await open(id, 'vis.orig');
      expect(headers['content-type']).toBe('application/octet-stream');
      expect(headers['content-disposition']).toMatch(/^attachment/);
    }
  });

  test(
    'B8: pictures with bytes that were changed by chance are taken or refused, and nothing breaks',
    { timeout: patience },
    async () => {
      const dice = createDice();
      const below = (n: number) => Math.floor(dice() * n);
      const codes: string[] = [];
      for (const format of ['jpeg', 'png', 'webp', 'gif', 'avif'] as const) {
        const whole = await createPicture(format, 48, 32);
        for (let round = 0; round < sized(12, 1000); round++) {
          const bytes = Uint8Array.from(whole);
          for (let i = 0; i < 1 + below(8); i++) bytes[below(bytes.length)] = below(256);
          const name = below(2) === 0 ? 'vis.orig' : 'vis.sd';
          const { answer } = await trySendFile(alice, [{ bytes, name, format, width: 48, height: 32 }]);
          codes.push(answer.status === 201 ? 'accepted' : codeOf(answer));
        }
      }
      expect(new Set(codes)).toEqual(new Set(['accepted', 'E-FILE-INVALID']));
      expect(await isAlive()).toBe(true);
      counted('pictures with changed bytes', codes.length);
    },
  );
});

test('B8, W3: where no room is left for renditions, a picture is taken without them', async () => {
  const bytes = await createPicture('jpeg', 640, 480);
  const small = await mkdtemp(join(tmpdir(), 'islet-small-'));
  const full = await startRelay({ folder: small, environment: { STORAGE_LIMIT: `${bytes.length + 9}B` } });
  const piece = { name: 'vis.orig', format: 'jpeg', bytes, width: 640, height: 480 };
  const sent = await sendFile(await full.enrol(), [piece]);
  expect(sent.completed).toBeUndefined();
  await full.kill();
  await rm(small, { recursive: true, force: true });
});

describe('what is two things at once stays inert (B6)', () => {
  test('B6: a GIF that is a script, a PNG that is a page', async () => {
    const gif = Buffer.concat([await createPicture('gif', 12, 8), text('*/=1;alert(document.domain)//')]);
    const png = Buffer.concat([await createPicture('png', 12, 8), html]);
    const shown = { visibility: 'P' as const, fileName: 'cat.html', contentType: 'text/html' };
    for (const [format, bytes] of [
      ['gif', gif],
      ['png', png],
    ] as const) {
      const piece = { name: 'vis.orig', format, bytes, width: 12, height: 8 };
      const { id } = await sendFile(alice, [piece], shown);
      const { headers } = await open(id, 'vis.orig');
      expect(headers['content-type']).toBe(`image/${format}`);
      expectInert(headers);
    }
  });

  test('B6: SVG, HTML, scripts and what lies about itself are handed over, never shown', async () => {
    const kinds: [string, string, Buffer][] = [
      ['image/svg+xml', 'svg', svg],
      ['text/html', 'html', html],
      ['application/xhtml+xml', 'xhtml', html],
      ['text/javascript', 'js', text('alert(1)')],
      ['image/png', 'png', html],
      ['video/mp4', 'mp4', html],
      ['application/pdf', 'pdf', text('%PDF-1.7 /JS (app.alert(1))')],
    ];
    for (const [contentType, format, bytes] of kinds) {
      const { id } = await sendFile(alice, [{ bytes, format }], { contentType, visibility: 'P' });
      const { headers } = await open(id, 'raw.orig');
      expect(headers['content-disposition']).toMatch(/^attachment/);
      expect(headers['content-type']).toBe(format === 'pdf' ? 'application/pdf' : 'application/octet-stream');
      expectInert(headers);
    }
  });
});

describe('names that are traps (B6)', () => {
  test.each([
    ['../../../etc/cron.d/evil', 'etccron.devil'],
    ['..\\..\\evil.lnk', 'evil.lnk'],
    ['cat\0.png', 'cat.png'],
    ['cat\r\nset-cookie: a=b.png', 'catset-cookie a=b.png'],
    ['cat\u202egpj.exe', 'catgpj.exe'],
    ['\u202e\u0000/', 'file'],
    ['"; filename="evil.exe', '; filename=evil.exe'],
  ])('B6: %j is kept as %j', async (fileName, kept) => {
    const piece = { bytes: text(`content of ${JSON.stringify(fileName)}`) };
    const { id } = await sendFile(alice, [piece], { fileName, visibility: 'P' });
    const metadata = await alice.relay.ask(`${routes.files}/${id}/metadata`);
    expect(dataOf(metadata, fileMetadataSchema).fileName).toBe(kept);
    const { headers } = await open(id, 'raw.orig');
    expect(headers['content-disposition']).toBe(`attachment; filename="${kept}"`);
  });

  test('B6: 300 letters, none at all, and types that break out of their header are refused', async () => {
    for (const sent of [
      { fileName: 'x'.repeat(300) },
      { fileName: '' },
      { contentType: 'text/html\r\nx: y' },
    ])
      expect(codeOf((await trySendFile(alice, [{ bytes: text('name') }], sent)).answer)).toBe(
        'E-VAL-INVALID',
      );
  });
});

function expectInert(headers: Readonly<Record<string, string | string[] | undefined>>): void {
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['content-security-policy']).toContain("sandbox; default-src 'none'");
}

/** Most memory that the process has had, in bytes. */
async function readPeak(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}
