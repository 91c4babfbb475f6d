import { type Capability, everything } from '../device/capability.ts';
import {
  createDelegation,
  type Delegation,
  delegationLifetime,
  delegationTyp,
  signDelegation,
} from '../device/delegation.ts';
import { signCompact, statementId, parseCompact } from '../token/compact.ts';
import { listKey, type TestKey } from './keys.ts';
import { addition, alice, appendOperation, bob, type GrowingLog, noon, startLog } from './log.ts';

interface Keys {
  readonly identity: TestKey;
  readonly laptop: TestKey;
  readonly phone: TestKey;
  readonly stranger: TestKey;
}

const jti = 'AAAAAAAAAAAAAAAAAAAAAA';
const posts: readonly Capability[] = [{ act: 'action/create', res: 'type:POST' }];
const later = noon + 3600;

interface Case {
  readonly why: string;
  readonly chain: readonly string[];
  readonly at?: number;
  readonly revoked?: readonly string[];
  readonly entries?: readonly string[];
  readonly code?: string;
}

/** What the laptop's delegation says, and how a child of it is signed. */
async function start(keys: Keys) {
  const grown = await appendOperation(
    await startLog(keys.laptop),
    keys.laptop,
    addition(keys.phone, posts, 'phone'),
  );
  const rootClaims: Delegation = {
    ...createDelegation(grown.log, keys.laptop.did, { k: '261121', jti, now: noon }),
    dep: 3,
  };
  const root = (change: Partial<Delegation> = {}, sign = keys.identity.sign) =>
    signDelegation({ ...rootClaims, ...change }, sign);
  const child = async (above: string, by: TestKey, to: TestKey, change: Partial<Delegation> = {}) => {
    const { nbf, exp, gen, dep } = rootClaims;
    const prf = await statementId(parseCompact(above));
    const claims = {
      iss: by.did,
      sub: to.did,
      cnf: { jwk: to.jwk },
      cap: [...posts],
      dep: dep - 1,
      gen,
      nbf,
      exp,
      jti,
      prf,
    };
    return signDelegation({ ...claims, ...change }, by.sign);
  };
  return { grown, rootClaims, root, child };
}

type Start = Awaited<ReturnType<typeof start>>;

async function validChains(
  { laptop, phone, stranger }: Keys,
  { root, child, rootClaims }: Start,
): Promise<Case[]> {
  const first = await root();
  const second = await child(first, laptop, stranger);
  const third = await child(second, stranger, phone, { dep: 1 });
  const fourth = await child(third, phone, stranger, { dep: 0 });
  return [
    { why: 'G2: the laptop, from the identity', chain: [first] },
    { why: 'G6: the first second of the window', chain: [first], at: rootClaims.nbf },
    { why: 'G6: the last second of the window', chain: [first], at: rootClaims.exp },
    { why: 'G2: less than the log grants', chain: [await root({ cap: [...posts] })] },
    { why: 'G4: handed on once', chain: [first, second] },
    { why: 'G4: a chain of four', chain: [first, second, third, fourth] },
  ];
}

async function badRoots(
  { laptop, phone, stranger }: Keys,
  { root, rootClaims, grown }: Start,
): Promise<Case[]> {
  const invalid = 'E-DELEGATION-INVALID';
  const { exp, nbf } = rootClaims;
  const phoneEntry = grown.log.devices.get(phone.did)!.entry;
  const ofPhone = { sub: phone.did, cnf: { jwk: phone.jwk }, prf: phoneEntry };
  const extra = { ...rootClaims, aud: 'bob.test' };
  const typ = await signCompact('JWT', rootClaims, stranger.sign);
  return [
    { why: 'G4: no delegation at all', chain: [], code: invalid },
    { why: 'G6: a second too early', chain: [await root()], at: nbf - 1, code: 'E-DELEGATION-EXPIRED' },
    { why: 'G6: a second too late', chain: [await root()], at: exp + 1, code: 'E-DELEGATION-EXPIRED' },
    { why: 'G6: withdrawn', chain: [await root()], revoked: [jti], code: 'E-DELEGATION-REVOKED' },
    {
      why: 'G5: of a generation that is not yet',
      chain: [await root({ gen: 1 })],
      code: 'E-DELEGATION-REVOKED',
    },
    { why: 'G2: of another identity', chain: [await root({ iss: bob })], code: invalid },
    {
      why: 'G2: issued by the device itself',
      chain: [await root({ iss: laptop.did }, laptop.sign)],
      code: invalid,
    },
    { why: 'G2: signed by a stranger', chain: [await root({}, stranger.sign)], code: 'E-TOKEN-SIGNATURE' },
    { why: 'K2: a key that is not listed', chain: [await root({ k: '250101' })], code: 'E-KEY-UNKNOWN' },
    {
      why: 'G2: a device that is not in the log',
      chain: [await root({ sub: stranger.did, cnf: { jwk: stranger.jwk } })],
      code: invalid,
    },
    { why: 'G2: the entry of another device', chain: [await root({ prf: phoneEntry })], code: invalid },
    {
      why: 'G2: more than the log grants',
      chain: [await root({ ...ofPhone, cap: [...everything] })],
      code: 'E-DELEGATION-SCOPE',
    },
    {
      why: 'G1: the key of another device',
      chain: [await root({ cnf: { jwk: stranger.jwk } })],
      code: invalid,
    },
    {
      why: 'G3: a second longer than 30 days',
      chain: [await root({ exp: nbf + delegationLifetime + 1 })],
      code: invalid,
    },
    {
      why: 'G1: a member nobody knows',
      chain: [await signCompact(delegationTyp, extra, stranger.sign)],
      code: invalid,
    },
    { why: 'G1: no capabilities', chain: [await root({ cap: [] })], code: invalid },
    { why: 'G4: deeper than a chain can be', chain: [await root({ dep: 4 })], code: invalid },
    { why: 'T5: another kind of signed thing', chain: [typ], code: 'E-TOKEN-TYPE' },
  ];
}

async function badChildren(keys: Keys, { root, child, rootClaims }: Start): Promise<Case[]> {
  const { laptop, phone, stranger } = keys;
  const { nbf, exp } = rootClaims;
  const first = await root();
  const limited = await root({ cap: [{ act: 'action/create', res: 'type:POST', lim: { n: 5 } }] });
  const second = await child(first, laptop, stranger);
  const fake = await child(first, phone, stranger, { iss: laptop.did });
  const scope = 'E-DELEGATION-SCOPE';
  const handOn = async (change: Partial<Delegation>) => [first, await child(first, laptop, stranger, change)];
  return [
    { why: 'G4: begins earlier', chain: await handOn({ nbf: nbf - 1 }), code: scope },
    { why: 'G4: ends later', chain: await handOn({ exp: exp + 1 }), code: scope },
    { why: 'G4: dep not smaller', chain: await handOn({ dep: 3 }), code: scope },
    {
      why: 'G4: dep was 0',
      chain: [await root({ dep: 0 }), await child(await root({ dep: 0 }), laptop, stranger, { dep: 0 })],
      code: scope,
    },
    { why: 'C4: hands on everything', chain: await handOn({ cap: [...everything] }), code: scope },
    {
      why: 'C4: hands on device/enrol',
      chain: await handOn({ cap: [{ act: 'device/enrol', res: '*' }] }),
      code: scope,
    },
    {
      why: 'C4: hands on device/*',
      chain: await handOn({ cap: [{ act: 'device/*', res: '*' }] }),
      code: scope,
    },
    {
      why: 'C4: hands on identity/rotate',
      chain: await handOn({ cap: [...posts, { act: 'identity/rotate', res: '*' }] }),
      code: scope,
    },
    { why: 'C2: drops a limit', chain: [limited, await child(limited, laptop, stranger)], code: scope },
    {
      why: 'C2: raises a limit',
      chain: [
        limited,
        await child(limited, laptop, stranger, {
          cap: [{ act: 'action/create', res: 'type:POST', lim: { n: 6 } }],
        }),
      ],
      code: scope,
    },
    { why: 'G4: signed by another device', chain: [first, fake], code: 'E-TOKEN-SIGNATURE' },
    {
      why: 'G4: issued by somebody who is not above it',
      chain: [first, await child(first, phone, stranger)],
      code: 'E-DELEGATION-INVALID',
    },
    {
      why: 'G4: prf of another delegation',
      chain: [first, await child(second, laptop, stranger)],
      code: 'E-DELEGATION-INVALID',
    },
    { why: 'G4: has a k', chain: await handOn({ k: '261121' }), code: 'E-DELEGATION-INVALID' },
    { why: 'G5: of another generation', chain: await handOn({ gen: 1 }), code: 'E-DELEGATION-REVOKED' },
    { why: 'G4: a child alone', chain: [second], code: 'E-DELEGATION-INVALID' },
    { why: 'G4: the wrong way round', chain: [second, first], code: 'E-DELEGATION-INVALID' },
    { why: 'G4: five', chain: [first, second, second, second, second], code: 'E-DELEGATION-INVALID' },
  ];
}

/** The same good chain before a log that has changed since. */
async function laterLogs({ laptop, phone, identity }: Keys, { grown, root, child }: Start): Promise<Case[]> {
  const first = await root();
  const phoneClaims = createDelegation(grown.log, phone.did, { k: '261121', jti, now: noon });
  const ofPhone = await signDelegation(phoneClaims, identity.sign);
  const removed: GrowingLog = await appendOperation(grown, laptop, { t: 'remove', did: phone.did });
  const raised = await appendOperation(grown, laptop, { t: 'gen', gen: 1 });
  const code = 'E-DELEGATION-REVOKED';
  return [
    { why: 'G6: the device was removed', chain: [ofPhone], entries: removed.entries, code },
    {
      why: 'G6: a removed device below another',
      chain: [first, await child(first, laptop, phone)],
      entries: removed.entries,
      code,
    },
    { why: 'G5: the generation was raised', chain: [first], entries: raised.entries, code },
  ];
}

/** `vectors/delegations.json`. */
export async function makeDelegationVectors(keys: Keys): Promise<object> {
  const started = await start(keys);
  const invalid = [
    ...(await badRoots(keys, started)),
    ...(await badChildren(keys, started)),
    ...(await laterLogs(keys, started)),
  ];
  return {
    about:
      'G1–G6, C2–C4: chains of alice.test, judged at `at`, with the log of `entries` unless a case has its own.',
    idTag: alice,
    keys: [listKey(keys.identity)],
    entries: started.grown.entries,
    at: later,
    valid: await validChains(keys, started),
    invalid,
  };
}
