import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import { parseHeader } from '../archive/tar.ts';
import { routes } from '../../shared/routes.ts';
import { fetchArchive, makeArchive, Mover } from './archives.ts';
import { codeOf, TestDevice } from './device.ts';
import { createNetwork, type Network, type TestRelay } from './network.ts';
import { sendFile } from './send-file.ts';
import { counted } from '../../shared/test/counted.ts';

interface Part {
  name: string;
  bytes: Buffer;
  flag?: string;
}

/** Takes an archive apart. */
function split(archive: Buffer): Part[] {
  const parts: Part[] = [];
  for (let at = 0; ;) {
    const header = parseHeader(archive.subarray(at, at + 512));
    if (!header) return parts;
    const start = at + 512;
    parts.push({ name: header.name, bytes: archive.subarray(start, start + header.size) });
    at = start + Math.ceil(header.size / 512) * 512;
  }
}

/** Puts one together, whatever it holds. */
function join512(parts: readonly Part[]): Buffer {
  const blocks = parts.flatMap(({ name, bytes, flag = '0' }) => {
    const header = Buffer.alloc(512);
    header.write(name, 0, 'latin1');
    header.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write(flag, 156);
    header.write('ustar\x0000', 257);
    header.fill(' ', 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

const change =
  (name: string | RegExp, to: (part: Part) => Part | undefined) =>
  (parts: Part[]): Part[] =>
    parts.flatMap((part) =>
      (typeof name === 'string' ? part.name === name : name.test(part.name)) ? (to(part) ?? []) : part,
    );

/** The same with a manifest that fits it again; what signed the old one did not sign this. */
function remanifest(parts: Part[]): Part[] {
  return change('manifest.json', (part) => {
    const manifest = JSON.parse(part.bytes.toString('utf8')) as object;
    const entries = parts.slice(0, -2).map(({ name, bytes }) => ({
      ...{ name, size: bytes.length, hash: createHash('sha256').update(bytes).digest('base64url') },
    }));
    return { ...part, bytes: Buffer.from(JSON.stringify({ ...manifest, entries })) };
  })(parts);
}

const edit = (from: string, to: string) => (part: Part) => ({
  ...part,
  bytes: Buffer.from(part.bytes.toString('utf8').replace(from, to)),
});
const insert =
  (...more: Part[]) =>
  (parts: Part[]): Part[] => [...parts.slice(0, -2), ...more, ...parts.slice(-2)];
const nothing = Buffer.from('x');

const cases: [why: string, make: (parts: Part[]) => Part[] | Buffer, says: RegExp][] = [
  ['a name that leads out of a folder', insert({ name: '../../etc/passwd', bytes: nothing }), /no place/],
  ['an absolute name', insert({ name: '/tmp/x', bytes: nothing }), /no place/],
  ['a blob whose name leads elsewhere', insert({ name: 'blobs/../../x', bytes: nothing }), /no place/],
  ['a link', insert({ name: 'tables/actions.jsonl', bytes: Buffer.alloc(0), flag: '2' }), /no plain file/],
  ['a folder', insert({ name: 'tables/', bytes: Buffer.alloc(0), flag: '5' }), /no plain file/],
  ['a name twice', (parts) => [parts[0]!, parts[1]!, parts[1]!, ...parts.slice(2)], /twice/],
  ['something behind its end', (parts) => Buffer.concat([join512(parts), nothing]), /behind it/],
  ['its end cut off', (parts) => join512(parts).subarray(0, -700), /early|end/],
  ['a header that was changed', (parts) => join512(parts).fill('7', 124, 126), /header cannot be read/],
  ['no archive at all', () => Buffer.from('PK\x03\x04'.padEnd(5000, 'z')), /header cannot be read/],
  ['a table is missing', change('tables/actions.jsonl', () => undefined), /list of contents/],
  [
    'a row was changed',
    change('tables/relations.jsonl', edit('"following":1', '"following":0')),
    /not what it was/,
  ],
  [
    'a row was changed, and the manifest with it',
    (parts) => remanifest(change('tables/actions.jsonl', edit('POST', 'FLLW'))(parts)),
    /did not sign|not the one/,
  ],
  [
    'a byte of a blob was changed',
    change(/^blobs/, ({ name, bytes }) => ({ name, bytes: Buffer.from(bytes).fill('!', 0, 1) })),
    /not what it was/,
  ],
  ['a manifest of another form', change('manifest.json', edit('"v":1', '"v":2')), /v/],
  ['no signature', change('signature.jwt', ({ name }) => ({ name, bytes: nothing })), /token|signature/],
  [
    'it is of somebody else',
    change('identity.json', edit('"idTag":"alice.test"', '"idTag":"mallory.test"')),
    /of mallory.test/,
  ],
  [
    'it was made by a newer version',
    change('identity.json', edit('"schema":"', '"schema":"9')),
    /newer version/,
  ],
  [
    'a deep and long identity',
    change('identity.json', ({ name }) => ({ name, bytes: Buffer.alloc(2 * 1024 * 1024, '[') })),
    /too large/,
  ],
];

describe('W10: an archive that is not whole is refused whole', () => {
  let network: Network;
  let relay: TestRelay;
  let parts: Part[];
  beforeAll(async () => {
    network = await createNetwork('alice.test');
    relay = network.relays[0]!;
    const alice = await TestDevice.enrolFirst(network, relay);
    await alice.say({ t: 'POST', c: 'hello', v: 'P' });
    await alice.ask(`${routes.people}/bob.test`, 'PUT', { muted: true });
    await sendFile(alice, [{ bytes: new Uint8Array(10_000).fill(7) }]);
    await alice.say({ t: 'FLLW', aud: parseIdTag('carol.test'), v: 'D' });
    const made = await makeArchive(alice);
    parts = split(await fetchArchive(alice, made.id));
    await relay.stop();
    await relay.start({ DATA_DIR: join(relay.folder, '..', 'fresh') });
  });
  afterAll(() => network.close());

  test.each(cases)('W10: refused: %s', async (_, make, says) => {
    const made = make(parts.map((part) => ({ ...part })));
    const bytes = Buffer.isBuffer(made) ? made : join512(made);
    const mover = new Mover(relay, bytes);
    await mover.send();
    const { state, reason } = await mover.until('refused', 'checked');
    expect([state, reason]).toEqual(['refused', expect.stringMatching(says)]);
    expect(codeOf(await mover.ask(`${mover.path}/take`, 'POST', { keys: [] }))).toBe('E-CORE-CONFLICT');
    counted('hostile archives', 1);
  });

  test('W10: after all of them the relay is as fresh as before, and takes the true one', async () => {
    const mover = new Mover(relay, join512(parts));
    await mover.send();
    expect(await mover.until('checked', 'refused')).toMatchObject({ state: 'checked' });
    const wrong = Buffer.from('no key').toString('base64url');
    const answer = await mover.ask(`${mover.path}/take`, 'POST', { keys: [{ keyId: '1', pkcs8: wrong }] });
    expect(codeOf(answer)).toBe('E-KEY-UNKNOWN');
    expect(await mover.take([])).toMatchObject({ state: 'done' });
    expect(codeOf(await mover.begin())).toBe('E-SETUP-UNKNOWN');
  });
});
