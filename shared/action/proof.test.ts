import { beforeAll, describe, expect, it } from 'vitest';
import type { Capability } from '../device/capability.ts';
import { createDelegation, type Delegation, signDelegation } from '../device/delegation.ts';
import { countersignLogEntry } from '../device/device-log.ts';
import { createTestKey, describeDevice, listKey, type TestKey } from '../test/keys.ts';
import { addition, alice, appendOperation, type GrowingLog, noon, startLog } from '../test/log.ts';
import { flipS } from '../test/signatures.ts';
import { codeOf } from '../test/vectors.ts';
import { signCompact, signSigningInput } from '../token/compact.ts';
import { parseAction } from './action.ts';
import { countersign, signDraft } from './countersign.ts';
import { type ActionProof, verifyProof } from './proof.ts';

const said = noon + 1000;
const commentsOnly: readonly Capability[] = [{ act: 'action/create', res: 'type:CMNT' }];

let relay: TestKey;
let laptop: TestKey;
let phone: TestKey;
let grown: GrowingLog;

beforeAll(async () => {
  [relay, laptop, phone] = await Promise.all([createTestKey(), createTestKey(), createTestKey()]);
  grown = await appendOperation(await startLog(laptop), laptop, addition(phone));
});

const delegate = (device: TestKey, change: Partial<Delegation> = {}) =>
  signDelegation(
    {
      ...createDelegation(grown.log, device.did, { k: '261121', jti: 'J'.repeat(22), now: noon }),
      ...change,
    },
    relay.sign,
  );

/** A token with its proof, as a relay serves it that had `log` at the time of asking. */
async function prove(
  by: TestKey,
  { log = grown, delegation }: { log?: GrowingLog; delegation?: string } = {},
) {
  const statement = { t: 'POST', iat: said, c: 'Hello', v: 'P', _: 'A'.repeat(22) } as const;
  const draft = await parseAction(await signDraft(alice, '261121', statement, by.sign));
  const token = await countersign(draft, relay.sign);
  const entries = log.entries.map(async (entry) => ({
    entry,
    countersignature: await countersignLogEntry(entry, '261121', relay.sign),
  }));
  const proof = {
    signature: draft.token.text.split('.')[2]!,
    delegations: [delegation ?? (await delegate(by))],
    log: await Promise.all(entries),
  };
  return { token, proof };
}

const keys = () => [listKey(relay)];
const judge = (token: string, proof: ActionProof, listed = keys()) =>
  codeOf(() => verifyProof(token, proof, listed));

describe('F2: the proof holds', () => {
  it('F2: token, device signature, delegation and log belong together', async () => {
    const { token, proof } = await prove(phone);
    const { device, grant, logHead, logLength } = await verifyProof(token, proof, keys());
    expect(device).toMatchObject({ did: phone.did, seq: 1 });
    expect(grant?.did).toBe(phone.did);
    expect([logHead, logLength]).toEqual([grown.log.head, 2]);
  });

  it('F2: after its device was removed, and after the generation was raised', async () => {
    const removed = await appendOperation(grown, laptop, { t: 'remove', did: phone.did }, said + 1);
    const raised = await appendOperation(removed, laptop, { t: 'gen', gen: 1 }, said + 1);
    const { token, proof } = await prove(phone, { log: raised });
    expect(await judge(token, proof)).toBe('accepted');
  });

  it('G14, L10: after its keys were renewed; and by the new key, but not by the old one any more', async () => {
    const next = await createTestKey();
    const device = { ...describeDevice(next, 'phone'), ecdh: phone.jwk };
    const before = await appendOperation(grown, phone, { t: 'renew', device }, said - 1);
    const after = await appendOperation(grown, phone, { t: 'renew', device }, said + 1);
    const old = await prove(phone, { log: after });
    expect(await judge(old.token, old.proof)).toBe('accepted');
    const claims = createDelegation(before.log, next.did, { k: '261121', jti: 'N'.repeat(22), now: noon });
    const fresh = await prove(next, { log: before, delegation: await signDelegation(claims, relay.sign) });
    expect((await verifyProof(fresh.token, fresh.proof, keys())).device).toMatchObject({ origin: phone.did });
    const late = await prove(phone, { log: before });
    expect(await judge(late.token, late.proof)).toBe('E-DELEGATION-REVOKED');
  });

  it('G14, L11: by what it was granted then, whether it was narrowed before or after', async () => {
    const change = { t: 'change' as const, did: phone.did, cap: [...commentsOnly] };
    const after = await appendOperation(grown, laptop, change, said + 1);
    const before = await appendOperation(grown, laptop, change, said - 1);
    const whole = await prove(phone, { log: after });
    expect(await judge(whole.token, whole.proof)).toBe('accepted');
    const narrowed = await prove(phone, { log: before });
    expect(await judge(narrowed.token, narrowed.proof)).toBe('E-DELEGATION-SCOPE');
  });

  it('F2: after the identity key has ended', async () => {
    const { token, proof } = await prove(phone);
    expect(await judge(token, proof, [listKey(relay, '261121', said)])).toBe('accepted');
  });

  it('I1: whichever of its two signatures the token carries', async () => {
    const { token, proof } = await prove(phone);
    expect(await judge(flipS(token), proof)).toBe('accepted');
  });
});

describe('F2: unproven', () => {
  it('F2: without the signature of the device', async () => {
    const { token, proof } = await prove(phone);
    const { proof: other } = await prove(laptop);
    expect(await judge(token, { ...proof, signature: token.split('.')[2]! })).toBe('E-TOKEN-SIGNATURE');
    expect(await judge(token, { ...proof, signature: other.signature })).toBe('E-TOKEN-SIGNATURE');
    expect(await judge(token, { ...proof, delegations: other.delegations })).toBe('E-TOKEN-SIGNATURE');
    expect(await judge(token, { ...proof, signature: '='.repeat(128) })).toBe('E-TOKEN-GRAMMAR');
  });

  it('F2: said after its device was removed', async () => {
    const log = await appendOperation(grown, laptop, { t: 'remove', did: phone.did }, said);
    const { token, proof } = await prove(phone, { log });
    expect(await judge(token, proof)).toBe('E-DELEGATION-REVOKED');
  });

  it('F2: said after its generation had ended', async () => {
    const log = await appendOperation(grown, laptop, { t: 'gen', gen: 1 }, said);
    const { token, proof } = await prove(phone, { log });
    expect(await judge(token, proof)).toBe('E-DELEGATION-REVOKED');
  });

  it('F2: by a delegation of a generation that the log does not have', async () => {
    const { token, proof } = await prove(phone, { delegation: await delegate(phone, { gen: 1 }) });
    expect(await judge(token, proof)).toBe('E-DELEGATION-REVOKED');
  });

  it('F2: outside the window, or outside the scope', async () => {
    const ended = await prove(phone, { delegation: await delegate(phone, { exp: said - 1 }) });
    const narrow = await prove(phone, { delegation: await delegate(phone, { cap: [...commentsOnly] }) });
    expect(await judge(ended.token, ended.proof)).toBe('E-DELEGATION-EXPIRED');
    expect(await judge(narrow.token, narrow.proof)).toBe('E-DELEGATION-SCOPE');
  });

  it('F2: a device that the relay made up: the log breaks, or does not have it', async () => {
    const ghost = await createTestKey();
    const delegation = await delegate(laptop, { sub: ghost.did, cnf: { jwk: ghost.jwk } });
    const { token, proof } = await prove(ghost, { delegation });
    expect(await judge(token, proof)).toBe('E-DELEGATION-INVALID');
    const add = {
      v: 1,
      iss: alice,
      seq: 2,
      prev: grown.log.head,
      iat: noon,
      by: laptop.did,
      op: addition(ghost),
    };
    const forged = await signCompact('device-log+jwt', add, relay.sign);
    const countersignature = await countersignLogEntry(forged, '261121', relay.sign);
    const log = [...proof.log, { entry: forged, countersignature }];
    expect(await judge(token, { ...proof, log })).toBe('E-TOKEN-SIGNATURE');
  });

  it('F2: a token that the identity did not sign', async () => {
    const { token, proof } = await prove(phone);
    const input = token.slice(0, token.lastIndexOf('.'));
    expect(await judge(await signSigningInput(input, phone.sign), proof)).toBe('E-TOKEN-SIGNATURE');
    expect(await judge(token, proof, [])).toBe('E-KEY-UNKNOWN');
  });

  it('F2: a log with a hole, a log of nothing', async () => {
    const { token, proof } = await prove(phone);
    expect(await judge(token, { ...proof, log: proof.log.slice(1) })).toBe('E-LOG-FORK');
    expect(await judge(token, { ...proof, log: [] })).toBe('E-LOG-INVALID');
    expect(await judge(token, { ...proof, log: proof.log.slice(0, 1) })).toBe('E-DELEGATION-INVALID');
  });
});

describe('F3: what the relay was told to say', () => {
  /** `CONN:ACC` signed by the identity key alone, with the log as it stood. */
  async function proveOrdered(log: GrowingLog, claims: object = {}) {
    const stated = { iss: alice, k: '261121', t: 'CONN:ACC', iat: said, aud: 'bob.test', v: 'D', ...claims };
    const token = await signCompact('JWT', stated, relay.sign);
    const entries = log.entries.map(async (entry) => ({
      entry,
      countersignature: await countersignLogEntry(entry, '261121', relay.sign),
    }));
    return { token, proof: { order: 'connect' as const, log: await Promise.all(entries) } };
  }
  const order = (on: boolean, at: number, log = grown) =>
    appendOperation(log, laptop, { t: 'order', order: 'connect', on }, at);

  it('F3: holds while the order stands', async () => {
    const { token, proof } = await proveOrdered(await order(true, said - 1));
    const proven = await verifyProof(token, proof, keys());
    expect(proven).toMatchObject({ order: 'connect', logLength: 3 });
    expect(proven.device).toBeUndefined();
    const withdrawn = await order(false, said + 1, await order(true, said - 1));
    const later = await proveOrdered(withdrawn);
    expect(await judge(later.token, later.proof)).toBe('accepted');
  });

  it.each([
    ['before it was given', () => order(true, said + 1)],
    ['when it was withdrawn', async () => order(false, said - 1, await order(true, said - 2))],
    ['when nobody ever gave it', async () => grown],
    [
      'when another one was given',
      () => appendOperation(grown, laptop, { t: 'order', order: 'approve', on: true }, said - 1),
    ],
  ] as const)('F3: does not hold %s', async (_why, log) => {
    const { token, proof } = await proveOrdered(await log());
    expect(await judge(token, proof)).toBe('E-ACTION-VOICE');
  });

  it('F3: an order for one thing is none for another', async () => {
    const log = await order(true, said - 1);
    for (const claims of [{ t: 'CONN' }, { t: 'POST', c: 'x' }, { t: 'FLLW' }]) {
      const { token, proof } = await proveOrdered(log, claims);
      expect(await judge(token, proof)).toBe('E-ACTION-VOICE');
    }
  });
});
