import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { idTagSchema } from '../identity/id-tag.ts';
import { identityKeySchema } from '../identity/key-set.ts';
import { createTestKey, listKey } from '../test/keys.ts';
import { addition, alice, appendOperation, noon, startLog } from '../test/log.ts';
import { codeOf, errorCode, readVectors } from '../test/vectors.ts';
import { covers, everything } from './capability.ts';
import {
  createDelegation,
  createProven,
  delegationLifetime,
  parseDelegation,
  signDelegation,
  verifyChain,
} from './delegation.ts';
import { verifyDeviceLog } from './device-log.ts';

const texts = v.array(v.string());
const row = { why: v.string(), chain: texts, at: v.optional(v.number()) };
const vectors = readVectors(
  'vectors/delegations.json',
  v.object({
    idTag: idTagSchema,
    keys: v.array(identityKeySchema),
    entries: texts,
    at: v.number(),
    valid: v.array(v.object(row)),
    invalid: v.array(
      v.object({ ...row, code: errorCode, revoked: v.optional(texts), entries: v.optional(texts) }),
    ),
  }),
);
const { idTag, keys } = vectors;

describe('G1–G6: the vectors', () => {
  it.each(vectors.valid)('$why', async ({ chain, at }) => {
    const log = await verifyDeviceLog(idTag, vectors.entries);
    const grant = await verifyChain(chain, { idTag, keys, log, at: at ?? vectors.at });
    const last = parseDelegation(chain.at(-1)!);
    expect(grant).toMatchObject({ did: last.sub, jwk: last.cnf.jwk, cap: last.cap, exp: last.exp });
  });

  it.each(vectors.invalid)('$code $why', async ({ chain, at, code, revoked, entries }) => {
    const log = await verifyDeviceLog(idTag, entries ?? vectors.entries);
    const context = { idTag, keys, log, at: at ?? vectors.at, revoked: new Set(revoked) };
    expect(await codeOf(() => verifyChain(chain, context))).toBe(code);
  });

  it('G1: whoever remembers which signatures fitted takes and refuses the same chains', async () => {
    const proven = createProven();
    const log = await verifyDeviceLog(idTag, vectors.entries);
    for (const { chain, at } of vectors.valid)
      await verifyChain(chain, { idTag, keys, log, at: at ?? vectors.at, proven });
    for (const { chain, at, code, revoked, entries } of vectors.invalid) {
      const own = await verifyDeviceLog(idTag, entries ?? vectors.entries);
      const context = { idTag, keys, log: own, at: at ?? vectors.at, revoked: new Set(revoked), proven };
      expect(await codeOf(() => verifyChain(chain, context))).toBe(code);
    }
    const { chain } = vectors.valid[0]!;
    const others = await Promise.all(
      keys.map(async ({ keyId }) => ({ ...listKey(await createTestKey()), keyId })),
    );
    expect(await codeOf(() => verifyChain(chain, { idTag, keys: others, log, at: vectors.at, proven }))).toBe(
      'E-TOKEN-SIGNATURE',
    );
  });

  it('K2: an identity key that had ended before the delegation began signs none', async () => {
    const log = await verifyDeviceLog(idTag, vectors.entries);
    const { chain } = vectors.valid[0]!;
    const { nbf } = parseDelegation(chain[0]!);
    const ended = (expiresAt: number) => ({
      idTag,
      log,
      at: vectors.at,
      keys: keys.map((key) => ({ ...key, expiresAt })),
    });
    expect(await codeOf(() => verifyChain(chain, ended(nbf)))).toBe('accepted');
    expect(await codeOf(() => verifyChain(chain, ended(nbf - 1)))).toBe('E-KEY-UNKNOWN');
  });
});

describe('G2, G3: what a relay issues', () => {
  it('G3: holds at once for a slow clock, for 30 days, and with what the log grants', async () => {
    const [relay, laptop, phone] = await Promise.all([createTestKey(), createTestKey(), createTestKey()]);
    const first = await startLog(laptop);
    const { log } = await appendOperation(first, laptop, addition(phone, [{ act: 'doc/*', res: '*' }]));
    const delegation = createDelegation(log, phone.did, { k: '261121', jti: 'A'.repeat(22), now: noon });
    const text = await signDelegation(delegation, relay.sign);
    const holdsAt = (at: number) =>
      codeOf(() => verifyChain([text], { idTag: alice, keys: [listKey(relay)], log, at }));
    expect(delegation.exp - delegation.nbf).toBe(delegationLifetime);
    expect(delegation.cap).toEqual([{ act: 'doc/*', res: '*' }]);
    expect(everything.every((all) => delegation.cap.every((own) => covers(all, own)))).toBe(true);
    expect(await holdsAt(noon - 299)).toBe('accepted');
    expect(await holdsAt(noon - 301)).toBe('E-DELEGATION-EXPIRED');
    expect(await holdsAt(noon + 29 * 86_400)).toBe('accepted');
    expect(await holdsAt(noon + 31 * 86_400)).toBe('E-DELEGATION-EXPIRED');
    expect(parseDelegation(text)).toEqual(delegation);
  });

  it('G2: none for a device that is not in the log or was removed', async () => {
    const [laptop, phone, stranger] = await Promise.all([createTestKey(), createTestKey(), createTestKey()]);
    const two = await appendOperation(await startLog(laptop), laptop, addition(phone));
    const { log } = await appendOperation(two, laptop, { t: 'remove', did: phone.did });
    const issue = { k: '261121', jti: 'A'.repeat(22), now: noon };
    expect(await codeOf(() => createDelegation(log, stranger.did, issue))).toBe('E-DELEGATION-INVALID');
    expect(await codeOf(() => createDelegation(log, phone.did, issue))).toBe('E-DELEGATION-INVALID');
  });
});
