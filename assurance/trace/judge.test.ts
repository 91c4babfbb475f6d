import { describe, expect, test } from 'vitest';
import { parseTrace, pathsOf, subjectOf } from './calls.ts';
import { judgeTrace, type Told } from './judge.ts';

const socket = '30<TCP:[127.0.0.1:4000->127.0.0.1:5555]>';
const wal = '22</d/islet.db-wal>';
const part = '24</d/incoming/u.part>';

/** As strace wrote it of a relay, shortened: a blob that comes in one request, in a folder that is new. */
const blob = `
70 openat(AT_FDCWD</>, "/d/islet.db-wal", O_RDWR|O_CREAT|O_NOFOLLOW|O_CLOEXEC, 0600) = 22</d/islet.db-wal>
70 fsync(23</d>)                     = 0
71 openat(AT_FDCWD</>, "/d/incoming/u.part", O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, 0600) = 24</d/incoming/u.part>
71 writev(${part}, [{iov_base="the bytes of it", iov_len=15}], 1 <unfinished ...>
70 write(20<anon_inode:[eventfd]>, "\\1\\0\\0\\0", 8) = 8
71 <... writev resumed>)             = 15
72 fsync(${part} <unfinished ...>
72 <... fsync resumed>)              = 0
71 mkdir("/d/blobs/ab", 0700)        = 0
71 fsync(25</d/blobs>)               = 0
71 rename("/d/incoming/u.part", "/d/blobs/ab/b1~abc") = 0
72 fsync(25</d/blobs/ab>)            = 0
70 pwrite64(${wal}, "\\0\\0\\0b1~abc\\0", 4096, 56) = 4096
70 fsync(${wal})                     = 0
70 writev(${socket}, [{iov_base="HTTP/1.1 201 Created\\r\\n", iov_len=22}], 1) = 22
71 +++ killed by SIGKILL +++
`.trim();

const put: Told = {
  ...{ name: 'put', answer: { port: 5555, text: 'HTTP/1.1 2' }, record: 'b1~abc' },
  file: { text: 'the bytes', name: 'b1~abc' },
};
const failuresOf = (trace: string, told: Told = put) => judgeTrace(parseTrace(trace), [told]);
const lines = blob.split('\n');
const without = (part_: string) => lines.filter((line) => !line.includes(part_)).join('\n');
/** The line is moved to behind another one. */
const moved = (what: string, behind: string) => {
  const line = lines.find((one) => one.includes(what))!;
  return lines.flatMap((one) => (one === line ? [] : one.includes(behind) ? [one, line] : [one])).join('\n');
};

test('a call that is interrupted by others is one call', () => {
  const calls = parseTrace(blob);
  const writev = calls.find(({ name }) => name === 'writev')!;
  expect(writev).toMatchObject({ thread: 71, began: 3, done: 5, result: 15 });
  expect(calls.find(({ name }) => name === 'rename')).toMatchObject({ began: 10, done: 10, result: 0 });
  expect(subjectOf(writev)).toBe('/d/incoming/u.part');
  expect(subjectOf(calls.at(-1)!)).toBe('TCP:[127.0.0.1:4000->127.0.0.1:5555]');
  expect(pathsOf(calls.find(({ name }) => name === 'rename')!)).toEqual([
    ...['/d/incoming/u.part', '/d/blobs/ab/b1~abc'],
  ]);
  expect(parseTrace('7 fsync(1</a>) = -1 EIO (Input/output error) (INJECTED)')[0]!.result).toBe(-1);
  for (const end of [' <unfinished ...>', ')                 = ?'])
    expect(parseTrace(`7 fsync(1</a>${end}`)[0]).toMatchObject({
      ...{ name: 'fsync', done: Infinity, result: undefined },
    });
});

test('what was on the disk before it was answered is all right', () => {
  expect(failuresOf(blob)).toEqual([]);
  // Killed when the answer was on its way, and whoever asked already had it.
  expect(failuresOf(blob.replace(/1\) = 22$/m, '1) = ?'))).toEqual([]);
  const { file: _, ...record } = put;
  expect(failuresOf(blob, record)).toEqual([]);
  expect(failuresOf(without('mkdir'))).toEqual([]);
});

describe('what is noticed', () => {
  test.each<[string, string, RegExp]>([
    ['no sync of the database', without(`fsync(${wal})`), /before \/d\/islet.db-wal was synced/],
    ['the answer first', moved('HTTP/1.1', 'openat(AT_FDCWD</>, "/d/islet'), /bytes were written to a file/],
    ['the answer before the write', moved('HTTP/1.1', 'ab>)'), /before it was written to the database/],
    ['the answer before the sync', moved('HTTP/1.1', 'pwrite64'), /before \/d\/islet.db-wal was synced/],
    [
      'the sync before the write',
      moved(`fsync(${wal})`, 'fsync(25</d/blobs/ab>)'),
      /islet.db-wal was synced/,
    ],
    [
      'a sync that fails',
      blob.replace(/(fsync\(22.*)= 0/, '$1= -1 EIO (Input/output error)'),
      /islet.db-wal was synced/,
    ],
    ['a sync of another file', blob.replace(`fsync(${wal})`, 'fsync(23</d/islet.db>)'), /wal was synced/],
    [
      'a sync that is not done yet',
      blob.replace(/fsync\(22.*/, `fsync(${wal} <unfinished ...>`).concat('\n70 <... fsync resumed>) = 0'),
      /wal was synced/,
    ],
    [
      'a write behind the sync',
      moved('fsync(22', 'pwrite64').replace(
        `70 writev(${socket}`,
        `70 pwrite64(${wal}, "more", 4, 4152) = 4\n70 writev(${socket}`,
      ),
      /wal was synced/,
    ],
    ['no sync of the folder of the database', without('fsync(23</d>)'), /before \/d was synced, in which/],
    ['no sync of the file', without(`fsync(${part}`), /u.part got its name before it was synced/],
    ['no sync of the folder', without('fsync(25</d/blobs/ab>)'), /\/d\/blobs\/ab was synced, in which/],
    ['no sync of the folder above', without('fsync(25</d/blobs>)'), /before \/d\/blobs was synced, in which/],
    ['the folder first', moved('fsync(25</d/blobs/ab>)', 'mkdir'), /\/d\/blobs\/ab was synced, in which/],
    ['no name', without('rename('), /before it was called b1~abc/],
    [
      'another file under the name',
      blob.replace('rename("/d/incoming/u', 'rename("/d/incoming/v'),
      /bytes are/,
    ],
    ['a record before the file', moved('rename(', `fsync(${wal})`), /speaks of the file before/],
    ['no answer', without('HTTP'), /no answer/],
    ['an answer to somebody else', blob.replaceAll('5555', '5556'), /no answer/],
  ])('%s', (_what, trace, expected) => {
    expect(failuresOf(trace).join('\n')).toMatch(expected);
  });

  test('a piece of a file that is not synced', () => {
    const piece: Told = { name: 'piece', answer: put.answer, file: { text: 'the bytes' } };
    const synced = blob.replace('72 fsync(24', '72 fsync(26</d/incoming>) = 0\n72 fsync(24');
    expect(failuresOf(synced, piece)).toEqual([]);
    expect(failuresOf(blob, piece).join()).toMatch(/before \/d\/incoming was synced/);
    expect(failuresOf(without(`fsync(${part}`), piece).join()).toMatch(
      /before \/d\/incoming\/u.part was synced/,
    );
  });
});
