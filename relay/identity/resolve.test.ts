import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDnsResolve, type Resolve, resolveBySystem } from './resolve.ts';

const four = 1;
const six = 28;
/** Name and type → what the name server has: the bytes of addresses. */
const records = new Map<string, readonly (readonly number[])[]>([
  [`cl-o.both.test ${four}`, [[93, 184, 216, 34]]],
  [`cl-o.both.test ${six}`, [[0x20, 1, ...Array.from({ length: 13 }, () => 0), 1]]],
  [
    `cl-o.four.test ${four}`,
    [
      [1, 1, 1, 1],
      [10, 0, 0, 1],
    ],
  ],
  [`cl-o.six.test ${six}`, [[0x26, 6, ...Array.from({ length: 14 }, () => 0)]]],
]);

/** RFC 1035 §4: the question again, and an answer for each record; without any, no such name. */
function answerQuestion(question: Buffer): Buffer {
  const labels: string[] = [];
  let at = 12;
  for (let length = question[at] ?? 0; length > 0; length = question[at] ?? 0) {
    labels.push(question.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const name = labels.join('.').toLowerCase();
  const type = question.readUInt16BE(at + 1);
  const found = records.get(`${name} ${type}`) ?? [];
  const isKnown = [four, six].some((each) => records.has(`${name} ${each}`));
  const header = Buffer.from(question.subarray(0, 12));
  header.writeUInt16BE(isKnown ? 0x8180 : 0x8183, 2);
  header.set([0, 1, 0, found.length, 0, 0, 0, 0], 4);
  const answers = found.map((bytes) =>
    Buffer.from([0xc0, 0x0c, 0, type, 0, 1, 0, 0, 0, 60, 0, bytes.length, ...bytes]),
  );
  return Buffer.concat([header, question.subarray(12, at + 5), ...answers]);
}

describe('looking up a name', () => {
  let server: Socket;
  let resolve: Resolve;
  const asked = new Set<string>();

  beforeAll(async () => {
    server = createSocket('udp4', (question, from) => {
      asked.add(question.toString('latin1', 12).toLowerCase());
      server.send(answerQuestion(question), from.port, from.address);
    }).bind(0, '127.0.0.1');
    await once(server, 'listening');
    resolve = createDnsResolve([`127.0.0.1:${server.address().port}`]);
  });
  afterAll(async () => {
    await once(server.close(), 'close');
  });

  test('gives addresses of both families, and what there is when one has none', async () => {
    expect(await resolve('cl-o.both.test')).toEqual(['93.184.216.34', '2001::1']);
    expect(await resolve('cl-o.four.test')).toEqual(['1.1.1.1', '10.0.0.1']);
    expect(await resolve('cl-o.six.test')).toEqual(['2606::']);
  });

  test('a name that is not there is an error, and it is not completed to another one', async () => {
    asked.clear();
    await expect(resolve('cl-o.none.test')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    expect([...asked].filter((question) => !question.startsWith('\u0004cl-o\u0004none\u0004test\0'))).toEqual(
      [],
    );
  });

  test('as the system does: with its hosts file', async () => {
    expect(await resolveBySystem('localhost')).toContainEqual(expect.stringMatching(/^(127\.0\.0\.1|::1)$/));
  });
});
