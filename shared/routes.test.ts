import { describe, expect, it } from 'vitest';
import { IsletError, isErrorCode } from './errors.ts';
import { parse, parseJson } from './parse.ts';
import { draftsSchema, isAppRoute, limits, newLinkSchema, receiptSchema } from './routes.ts';
import { codeOf } from './test/vectors.ts';

describe('H1: paths of the app', () => {
  it.each([
    '/',
    '/home',
    '/feed',
    '/people',
    '/settings',
    '/setup',
    '/enrol',
    `/d/${'a'.repeat(24)}`,
    '/messages',
    '/messages/bob.localhost',
    `/messages/a1~${'a'.repeat(43)}`,
  ])('H1: %s is one', (path) => {
    expect(isAppRoute(path)).toBe(true);
  });

  it.each([
    '',
    '/home/',
    '/d/',
    `/d/${'a'.repeat(23)}`,
    `/d/${'a'.repeat(24)}/x`,
    `/d/${'a'.repeat(23)}.`,
    '/messages/',
    '/messages/a/b',
    '/api/me',
    '/assets/x.js',
    '//',
    '/toString',
  ])('H1: %s is none', (path) => {
    expect(isAppRoute(path)).toBe(false);
  });
});

describe('H1: bodies', () => {
  it('H1: 1 to 100 drafts', async () => {
    expect(await codeOf(() => parse(draftsSchema, { drafts: [] }))).toBe('E-VAL-INVALID');
    expect(await codeOf(() => parse(draftsSchema, { drafts: ['a.b.c'] }))).toBe('accepted');
    expect(await codeOf(() => parse(draftsSchema, { drafts: Array(limits.drafts + 1).fill('a.b.c') }))).toBe(
      'E-VAL-INVALID',
    );
    expect(await codeOf(() => parse(draftsSchema, { drafts: ['a.b.c'], more: 1 }))).toBe('E-VAL-INVALID');
  });

  it('D6: a receipt has one of three results', async () => {
    const result = (fields: object) => codeOf(() => parse(receiptSchema, { results: [fields] }));
    expect(await result({ status: 'accepted', actionId: 'a1~x', token: 'x', seq: 1 })).toBe('accepted');
    expect(await result({ status: 'superseded', actionId: 'a1~x' })).toBe('accepted');
    expect(await result({ status: 'refused', code: 'E-TOKEN-TIME', message: 'late' })).toBe('accepted');
    expect(await result({ status: 'accepted', actionId: 'a1~x' })).toBe('E-VAL-INVALID');
    expect(await result({ status: 'maybe' })).toBe('E-VAL-INVALID');
  });

  it('P2: a link has 128 bits and an end', async () => {
    expect(await codeOf(() => parse(newLinkSchema, { id: 'A'.repeat(22), expiresAt: 1 }))).toBe('accepted');
    expect(await codeOf(() => parse(newLinkSchema, { id: 'A'.repeat(21), expiresAt: 1 }))).toBe(
      'E-VAL-INVALID',
    );
    expect(await codeOf(() => parse(newLinkSchema, { id: 'A'.repeat(22), expiresAt: 1.5 }))).toBe(
      'E-VAL-INVALID',
    );
  });
});

describe('H1: refusals', () => {
  it('H1: a refusal names its path, its status and the code it was asked for', () => {
    const refuse = () => parse(newLinkSchema, { id: 'x', expiresAt: 1 }, 'E-LINK-UNKNOWN');
    expect(refuse).toThrow(IsletError);
    expect(refuse).toThrow(/^id: /);
    expect(new IsletError('E-LINK-UNKNOWN', '').status).toBe(404);
    expect(new IsletError('E-CORE-HOST', '').status).toBe(421);
  });

  it('H1: text that is not JSON', async () => {
    expect(await codeOf(() => parseJson(newLinkSchema, '{', 'E-FRAME-INVALID'))).toBe('E-FRAME-INVALID');
  });

  it('H1: only our codes are codes', () => {
    expect(isErrorCode('E-TOKEN-TIME')).toBe(true);
    for (const code of ['toString', '__proto__', '', undefined, 'e-token-time'])
      expect(isErrorCode(code)).toBe(false);
  });
});
