import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { parseIdTag } from '../../identity/id-tag.ts';
import { noon } from '../../test/log.ts';
import { codeOf, errorCode, readVectors } from '../../test/vectors.ts';
import { formatSigningInput } from '../../token/compact.ts';
import { parseAction } from '../action.ts';
import { baseType } from '../define.ts';
import { actionTypes } from '../types.ts';

const payload = v.record(v.string(), v.unknown());
const schema = v.object({
  valid: v.array(v.object({ why: v.string(), payload })),
  invalid: v.array(v.object({ why: v.string(), payload, code: errorCode })),
});

/** Only the form is judged here, so any 96 bytes do for a signature. */
function read(claims: object) {
  const stated = { iss: 'alice.test', k: '261121', iat: noon, ...claims };
  return parseAction(`${formatSigningInput('JWT', stated)}.${'A'.repeat(128)}`);
}

describe.each(actionTypes.map(({ type }) => type))('A1, A2: %s', (type) => {
  const { valid, invalid } = readVectors(`action/types/${type.toLowerCase()}/vectors.json`, schema);

  it.each(valid)('A2: takes $why', async ({ payload: claims }) => {
    const action = await read(claims);
    expect(action.type.type).toBe(type);
    expect(action.payload).toMatchObject(claims);
    expect(baseType(action.payload.t)).toBe(type);
  });

  it.each(invalid)('A2: refuses $why', async ({ payload: claims, code }) => {
    expect(await codeOf(() => read(claims))).toBe(code);
  });

  it('A2: the longest words are taken and one character more is not', async () => {
    const longest = { POST: 50_000, MSG: 50_000, CMNT: 10_000, REPOST: 1000, FLLW: 500, CONN: 500 }[type];
    if (longest === undefined) return;
    const claims = valid[0]!.payload;
    expect(await codeOf(() => read({ ...claims, c: 'x'.repeat(longest) }))).toBe('accepted');
    expect(await codeOf(() => read({ ...claims, c: 'x'.repeat(longest + 1) }))).toBe('E-ACTION-FIELDS');
  });

  it('V1: has a voice, and every subtype has the form of the type', () => {
    const found = actionTypes.find((candidate) => candidate.type === type);
    expect(found?.voice).toBe(['STAT', 'PRES', 'PROXY', 'ACK', 'IDP'].includes(type) ? 'relay' : 'device');
    for (const subtype of found?.subtypes ?? [])
      expect(`${type}:${subtype}`).toMatch(/^[A-Z]{2,12}:[A-Z]{2,12}$/);
  });
});

describe('V2: what may be said under a standing order', () => {
  it('V2: agreement, approval and vouching, and nothing else', () => {
    const about = { iss: parseIdTag('alice.test'), k: '1', iat: noon };
    const ordered = actionTypes.flatMap(({ type, subtypes, order }) =>
      [type, ...subtypes.map((subtype) => `${type}:${subtype}`)].map(
        (t) => [t, order?.({ ...about, t })] as const,
      ),
    );
    expect(ordered.filter(([, order]) => order !== undefined)).toEqual([
      ['CONN:ACC', 'connect'],
      ['APRV', 'approve'],
    ]);
    const aprv = actionTypes.find(({ type }) => type === 'APRV');
    expect(aprv?.order?.({ ...about, t: 'APRV', p: `a1~${'A'.repeat(43)}` })).toBe('vouch');
  });
});

describe('A1: kinds of token', () => {
  it('T5: a delegation is no action', async () => {
    const text = `${formatSigningInput('delegation+jwt', { t: 'POST', c: 'x' })}.${'A'.repeat(128)}`;
    expect(await codeOf(() => parseAction(text))).toBe('E-TOKEN-TYPE');
  });
});
