import { describe, expect, test } from 'vitest';
import { judge } from './answers.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const say = (status: number, body: string, headers: Record<string, string> = {}) =>
  judge({ status, headers, bytes: Buffer.from(body) }, now);
const error = (code: string, message: string, details?: unknown) =>
  JSON.stringify({ error: { code, message, details } });

describe('what an answer means', () => {
  test.each([
    [200, '{}'],
    [201, '{"data":null,"time":"2026-11-21T12:00:00Z"}'],
    [202, '{"data":{"status":"stored"}}'],
    [200, error('E-AUTH-NOPERM', 'no, but with 200')],
    [201, 'null'],
  ])('Q1: %i with JSON is delivered', (status, body) => {
    expect(say(status, body)).toEqual({ kind: 'delivered' });
  });

  test.each([
    [400, error('E-VAL-INVALID', 'what?'), 'E-VAL-INVALID: what?'],
    [401, error('E-AUTH-UNAUTH', 'who?'), 'E-AUTH-UNAUTH: who?'],
    [403, error('E-AUTH-NOPERM', 'x'.repeat(1000)), `E-AUTH-NOPERM: ${'x'.repeat(285)}`],
    [404, '{}', 'answered 404'],
    [410, '"gone"', 'answered 410'],
    [421, error('E-CORE-HOST', 'not here'), 'E-CORE-HOST: not here'],
  ])('Q1: %i with JSON is refused, with the reason', (status, body, reason) => {
    expect(say(status, body)).toEqual({ kind: 'refused', reason });
  });

  test.each([
    [200, ''],
    [201, '<html>'],
    [204, ''],
    [302, '{}'],
    [403, ''],
    [400, 'not the JSON error shape'],
    [408, '{}'],
    [425, '{}'],
    [500, error('E-CORE-DBERR', 'internal')],
    [503, ''],
    [507, ''],
  ])('Q1: %i with %j is tried again; the neighbour was reached', (status, body) => {
    const again = { kind: 'later', reason: `answered ${status}`, reached: true, rest: false };
    expect(say(status, body)).toEqual({ ...again, after: undefined });
  });

  test('Q1: a key that is not known yet is told three times more before that is a refusal', () => {
    const answer = {
      status: 400,
      headers: {},
      bytes: Buffer.from(error('E-KEY-UNKNOWN', 'the issuer does not list this key')),
    };
    for (const tries of [0, 1, 2])
      expect(judge(answer, now, tries)).toMatchObject({ kind: 'later', reached: true, after: 12_000 });
    expect(judge(answer, now, 3)).toMatchObject({ kind: 'refused' });
  });

  test('Q3: 429 wants to be left alone; 502 and 504 come from a proxy before a neighbour that is away', () => {
    expect(say(429, '{}', { 'retry-after': '7' })).toMatchObject({ reached: true, rest: true, after: 7_000 });
    expect(say(502, '<html>')).toMatchObject({ kind: 'later', reached: false });
    expect(say(504, '')).toMatchObject({ kind: 'later', reached: false });
  });

  test('Q2: Retry-After is read in seconds and as a date', () => {
    expect(say(503, '', { 'retry-after': '120' })).toMatchObject({ after: 120_000 });
    expect(say(503, '', { 'retry-after': 'Sat, 21 Nov 2026 12:01:00 GMT' })).toMatchObject({ after: 60_000 });
    expect(say(503, '', { 'retry-after': '999999999' })).toMatchObject({ after: 12 * 3_600_000 });
  });

  test.each([
    [error('E-POW-REQUIRED', 'Proof of work required', { required: 2, postfix: 'AA' }), 2],
    [error('E-POW-REQUIRED', "Proof of work required: token must end with 'A' (1 chars)"), 1],
    [error('E-POW-REQUIRED', "token must end with 'AAAAAAAAAA' (10 chars)"), 10],
    [error('E-POW-REQUIRED', 'work harder'), undefined],
    ['{}', undefined],
  ])('Q5: 428 demands work: %s', (body, letters) => {
    expect(say(428, body)).toMatchObject({ kind: 'work', letters });
  });
});
