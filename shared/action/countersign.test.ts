import { beforeAll, describe, expect, it } from 'vitest';
import { bytesToBase64url, textToBytes } from '../bytes.ts';
import type { Capability } from '../device/capability.ts';
import {
  createDelegation,
  delegationLifetime,
  lateDraftWindow,
  signDelegation,
} from '../device/delegation.ts';
import { createTestKey, listKey, type TestKey } from '../test/keys.ts';
import { addition, alice, appendOperation, bob, type GrowingLog, noon, startLog } from '../test/log.ts';
import { codeOf } from '../test/vectors.ts';
import {
  actionId,
  parseCompact,
  signCompact,
  signSigningInput,
  statementId,
  verifyCompact,
} from '../token/compact.ts';
import { formatPayload, parseAction, type Statement } from './action.ts';
import { assertMayCountersign, countersign, type CountersignContext, signDraft } from './countersign.ts';

const commentsOnly: readonly Capability[] = [{ act: 'action/create', res: 'type:CMNT' }];
const statement: Statement = { t: 'POST', iat: noon, c: 'Hello', v: 'P', _: 'A'.repeat(22) };

let relay: TestKey;
let laptop: TestKey;
let phone: TestKey;
let grown: GrowingLog;
let context: CountersignContext;

async function delegate(log: GrowingLog['log'], device: TestKey): Promise<string> {
  const issue = { k: '261121', jti: 'J'.repeat(22), now: noon };
  return signDelegation(createDelegation(log, device.did, issue), relay.sign);
}

beforeAll(async () => {
  [relay, laptop, phone] = await Promise.all([createTestKey(), createTestKey(), createTestKey()]);
  grown = await appendOperation(await startLog(laptop), laptop, addition(phone, commentsOnly));
  const chain = [await delegate(grown.log, laptop)];
  context = { tenant: alice, keys: [listKey(relay)], log: grown.log, chain, now: noon };
});

const draft = (change: Partial<Statement> = {}, by = laptop, iss = alice, k = '261121') =>
  signDraft(iss, k, { ...statement, ...change }, by.sign);
const judge = async (text: string, change: Partial<CountersignContext> = {}) =>
  codeOf(async () => assertMayCountersign(await parseAction(text), { ...context, ...change }));

describe('D1, D3: one payload, two signatures', () => {
  it('D3: the token is the same bytes under the identity key', async () => {
    const text = await draft();
    const parsed = await parseAction(text);
    const grant = await assertMayCountersign(parsed, context);
    const token = parseCompact(await countersign(parsed, relay.sign));
    expect(grant.did).toBe(laptop.did);
    expect(token.signingInput).toBe(parsed.token.signingInput);
    expect(await statementId(token)).toBe(parsed.statementId);
    expect(await actionId(token.text)).not.toBe(await actionId(text));
    await verifyCompact(token, 'JWT', relay.verifyingKey);
    expect(await codeOf(() => verifyCompact(token, 'JWT', laptop.verifyingKey))).toBe('E-TOKEN-SIGNATURE');
  });
});

describe('D4: what is not countersigned', () => {
  it('D4: a good draft is', async () => {
    expect(await judge(await draft())).toBe('accepted');
    expect(
      await judge(await draft({ exp: noon + 1, f: 'r', a: [`f1~${'A'.repeat(43)}`], c: 'Grüße 👋 \u2028' })),
    ).toBe('accepted');
  });

  it('D4: one that speaks for another identity', async () => {
    expect(await judge(await draft({}, laptop, bob))).toBe('E-ACTION-ISSUER');
  });

  it('D4: under a key that the relay does not list', async () => {
    expect(await judge(await draft({}, laptop, alice, '250101'))).toBe('E-KEY-UNKNOWN');
    expect(await judge(await draft(), { keys: [listKey(relay, '261121', noon - 1)] })).toBe('E-KEY-UNKNOWN');
  });

  it('D2: without v, without _, with a short _', async () => {
    for (const left of ['v', '_']) {
      const claims = Object.entries(formatPayload(alice, '261121', statement)).filter(
        ([name]) => name !== left,
      );
      const text = await signCompact('JWT', Object.fromEntries(claims), laptop.sign);
      expect(await judge(text)).toBe('E-ACTION-FIELDS');
    }
    expect(await judge(await draft({ _: 'A'.repeat(21) }))).toBe('E-ACTION-FIELDS');
    expect(await judge(await draft({ _: 'A'.repeat(23) }))).toBe('E-ACTION-FIELDS');
  });

  it('D2: members in another order, unknown, or with white space; twice is no token at all (T3)', async () => {
    const header = bytesToBase64url(textToBytes('{"typ":"JWT","alg":"ES384"}'));
    const written = JSON.stringify(formatPayload(alice, '261121', statement));
    const texts = [
      JSON.stringify(Object.fromEntries(Object.entries(formatPayload(alice, '261121', statement)).reverse())),
      written.replace('}', ',"x":1}'),
      written.replace('{', '{ '),
      written.replace(String(noon), `${noon}.0`),
      written.replace('Hello', '\\u0048ello'),
    ];
    for (const text of texts) {
      const signed = await signSigningInput(`${header}.${bytesToBase64url(textToBytes(text))}`, laptop.sign);
      expect(await judge(signed), text).toBe('E-ACTION-FIELDS');
    }
    const twice = written.replace('"c":"Hello"', '"c":"Bye","c":"Hello"');
    const signedTwice = await signSigningInput(
      `${header}.${bytesToBase64url(textToBytes(twice))}`,
      laptop.sign,
    );
    expect(await judge(signedTwice)).toBe('E-TOKEN-GRAMMAR');
    expect(
      await judge(await signSigningInput(`${header}.${bytesToBase64url(textToBytes(written))}`, laptop.sign)),
    ).toBe('accepted');
  });

  it('A3: dated in the future, or ended', async () => {
    expect(await judge(await draft({ iat: noon + 300 }))).toBe('accepted');
    expect(await judge(await draft({ iat: noon + 301 }))).toBe('E-TOKEN-TIME');
    expect(await judge(await draft({ exp: noon - 1 }))).toBe('E-TOKEN-TIME');
  });

  it('A2, V1: a type that nobody here knows, and what only the relay says', async () => {
    expect(await judge(await draft({ t: 'FUTURE' }))).toBe('E-ACTION-TYPE');
    expect(await judge(await draft({ t: 'POST:POEM' }))).toBe('E-ACTION-TYPE');
    const stat = { t: 'STAT', p: `a1~${'A'.repeat(43)}`, c: { r: '0' } };
    expect(await judge(await draft(stat))).toBe('E-ACTION-VOICE');
  });

  it('D4: signed by another device, by the identity key, or by nobody', async () => {
    expect(await judge(await draft({}, phone))).toBe('E-TOKEN-SIGNATURE');
    expect(await judge(await draft({}, relay))).toBe('E-TOKEN-SIGNATURE');
    const [header, payload] = (await draft()).split('.');
    expect(await judge(`${header}.${payload}.${'A'.repeat(128)}`)).toBe('E-TOKEN-SIGNATURE');
  });

  it('D4: a type the device may not create', async () => {
    const chain = [await delegate(grown.log, phone)];
    const about = { t: 'CMNT', p: `a1~${'A'.repeat(43)}` };
    expect(await judge(await draft({}, phone), { chain })).toBe('E-DELEGATION-SCOPE');
    expect(await judge(await draft(about, phone), { chain })).toBe('accepted');
    expect(await judge(await draft({ ...about, t: 'CMNT:DEL', sub: about.p }, phone), { chain })).toBe(
      'accepted',
    );
  });

  it('D4: by a delegation that was withdrawn, of a removed device, of an older generation', async () => {
    const chain = [await delegate(grown.log, phone)];
    const text = await draft({ t: 'CMNT', p: `a1~${'A'.repeat(43)}` }, phone);
    const removed = await appendOperation(grown, laptop, { t: 'remove', did: phone.did }, noon + 10);
    const raised = await appendOperation(grown, laptop, { t: 'gen', gen: 1 }, noon + 10);
    expect(await judge(text, { chain, revoked: new Set(['J'.repeat(22)]) })).toBe('E-DELEGATION-REVOKED');
    expect(await judge(text, { chain, log: removed.log })).toBe('E-DELEGATION-REVOKED');
    expect(await judge(text, { chain, log: raised.log })).toBe('E-DELEGATION-REVOKED');
  });
});

describe('D7: references', () => {
  it('D7: a draft that still points to something without an identifier is refused, and its final form is taken', async () => {
    const about = { t: 'CMNT', c: 'On my unsent post' };
    for (const p of ['', 'local:1', 'outbox-7', '@1'])
      expect(await judge(await draft({ ...about, p }))).toBe('E-ACTION-FIELDS');
    const post = await countersign(await parseAction(await draft()), relay.sign);
    expect(await judge(await draft({ ...about, p: await actionId(post) }))).toBe('accepted');
  });
});

describe('G7: late drafts', () => {
  it('G7: dated inside the window, taken for seven days after its end and no longer', async () => {
    const end = noon - 300 + delegationLifetime;
    const text = await draft({ iat: end });
    expect(await judge(text, { now: end + lateDraftWindow })).toBe('accepted');
    expect(await judge(text, { now: end + lateDraftWindow + 1 })).toBe('E-DELEGATION-EXPIRED');
    expect(await judge(await draft({ iat: end + 1 }), { now: end + 1 })).toBe('E-DELEGATION-EXPIRED');
    expect(await judge(await draft({ iat: noon - 301 }))).toBe('E-DELEGATION-EXPIRED');
  });
});
