import { strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { LIMITS, readArchive, unpackArchives } from './unpack.ts';

const file = (path: string, bytes: BlobPart) => ({ path, file: new Blob([bytes]) });

/** Changes a number in the directory entry of the first file of an archive. */
function patch(zip: Uint8Array<ArrayBuffer>, field: number, value: number): Uint8Array<ArrayBuffer> {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  for (let at = 0; at < zip.length - 4; at++)
    if (view.getUint32(at, true) === 0x02014b50) {
      view.setUint32(at + field, value, true);
      return zip;
    }
  throw new Error('no directory');
}

const size = 24;
const bomb = () => zipSync({ 'a.md': new Uint8Array(LIMITS.free * 2) });

test('archives in archives are opened once; files that systems put there are passed over', async () => {
  const inner = zipSync({
    'x/a.md': strToU8('# A'),
    'x/b.md': strToU8('# B'),
    '__MACOSX/x/._a.md': strToU8('?'),
  });
  const deepest = zipSync({ 'c.zip': zipSync({ 'd.md': strToU8('d') }) });
  const { files, refused } = await unpackArchives([
    file('one.zip', zipSync({ 'part.zip': inner, 'notes.md': strToU8('n') })),
    file('two.zip', zipSync({ 'deep.zip': deepest })),
    file('three.md', '# three'),
  ]);
  expect(files.map(({ path }) => path)).toEqual(['one/x/a.md', 'one/x/b.md', 'one/notes.md', 'three.md']);
  expect(new TextDecoder().decode(await files[0]!.file.arrayBuffer())).toBe('# A');
  expect(refused).toEqual([{ name: 'c.zip', reason: 'unknown-kind' }]);
});

test.each([
  ['../up.md', 'bad-path'],
  ['a/../../up.md', 'bad-path'],
  ['/etc/passwd.md', 'bad-path'],
  ['C:/x.md', 'bad-path'],
  ['..\\up.md', 'bad-path'],
])('a path that leads out is refused: %s', async (name, reason) => {
  const { files, refused } = await unpackArchives([file('a.zip', zipSync({ [name]: strToU8('x') }))]);
  expect(files).toEqual([]);
  expect(refused).toMatchObject([{ name: `a.zip/${name}`, reason }]);
});

test('a bomb is refused, whether it says so or not', async () => {
  expect((await unpackArchives([file('a.zip', bomb())])).refused).toMatchObject([{ reason: 'bomb' }]);
  const lying = patch(bomb(), size, 100);
  const { files, refused } = await unpackArchives([file('b.zip', lying)]);
  expect(refused).toEqual([]);
  await expect(files[0]!.file.arrayBuffer()).rejects.toMatchObject({ reason: 'bomb' });
  await expect(readArchive(new Blob([patch(bomb(), size, 100)]))).rejects.toMatchObject({ reason: 'bomb' });
  const many = Object.fromEntries(
    Array.from({ length: LIMITS.entries + 1 }, (_, i) => [`${i}`, new Uint8Array()]),
  );
  const { refused: tooMany } = await unpackArchives([file('c.zip', zipSync(many, { level: 0 }))]);
  expect(tooMany).toEqual([{ name: 'c.zip', reason: 'too-many' }]);
});

test('10,000 files are listed without being read', async () => {
  const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`n/${i}.md`, strToU8(`# ${i}`)]));
  const { files } = await unpackArchives([file('many.zip', zipSync(many, { level: 0 }))]);
  expect(files).toHaveLength(10_000);
  expect(new TextDecoder().decode(await files[9_999]!.file.arrayBuffer())).toBe('# 9999');
});

test('what is broken or locked is refused by its name', async () => {
  const good = zipSync({ 'a.md': strToU8('hello hello hello') });
  const { refused } = await unpackArchives([
    file('text.zip', 'no archive at all'),
    file('cut.zip', good.slice(0, good.length - 30)),
    file('locked.zip', patch(zipSync({ 'a.md': strToU8('x') }), 8, 1)),
  ]);
  expect(refused.map(({ name, reason }) => [name, reason])).toEqual([
    ['text.zip', 'broken'],
    ['cut.zip', 'broken'],
    ['locked.zip/a.md', 'encrypted'],
  ]);
  const { files } = await unpackArchives([file('moved.zip', patch(good.slice(), 42, 7))]);
  await expect(files[0]!.file.arrayBuffer()).rejects.toMatchObject({ reason: 'broken' });
});
