import * as v from 'valibot';
import { IsletError } from '../errors.ts';
import {
  type Did,
  importDeviceKey,
  jwkToDid,
  publicJwkSchema,
  type PublicJwk,
  type Signer,
} from '../identity/did.ts';
import type { IdTag } from '../identity/id-tag.ts';
import { findKey, type IdentityKey, importIdentityKey } from '../identity/key-set.ts';
import { parse } from '../parse.ts';
import {
  type CompactToken,
  parseCompact,
  signCompact,
  statementId,
  verifyCompact,
} from '../token/compact.ts';
import { capabilitiesSchema, type Capability, coversAll, isNeverHandedOn } from './capability.ts';
import { type DeviceLog, findDevice } from './device-log.ts';

export const delegationTyp = 'delegation+jwt';
/** SPEC G3, in seconds. */
export const delegationLifetime = 30 * 86_400;
/** SPEC G7: how long after `exp` a draft dated inside the window is still taken, in seconds. */
export const lateDraftWindow = 7 * 86_400;
/** A new device whose clock is a little behind the relay's may speak at once, in seconds (SPEC G3). */
const clockTolerance = 300;
const maxChain = 4;

const seconds = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** SPEC G1. `iss` is the identity for the first of a chain, the parent's did:key for every other one. */
const delegationSchema = v.strictObject({
  iss: v.pipe(v.string(), v.maxLength(200)),
  k: v.optional(v.pipe(v.string(), v.maxLength(64))),
  sub: v.pipe(v.string(), v.startsWith('did:key:z'), v.maxLength(200)),
  cnf: v.strictObject({ jwk: publicJwkSchema }),
  cap: capabilitiesSchema,
  dep: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(maxChain - 1)),
  gen: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  nbf: seconds,
  exp: seconds,
  jti: v.pipe(v.string(), v.regex(/^[\w-]{22}$/, 'not a 128-bit identifier')),
  prf: v.pipe(v.string(), v.regex(/^[\w-]{43}$/, 'not a hash')),
});

export type Delegation = v.InferOutput<typeof delegationSchema>;

export function signDelegation(delegation: Delegation, sign: Signer): Promise<string> {
  const { iss, k, sub, cnf, cap, dep, gen, nbf, exp, jti, prf } = delegation;
  return signCompact(delegationTyp, { iss, k, sub, cnf, cap, dep, gen, nbf, exp, jti, prf }, sign);
}

/**
 * What the relay issues to a device that the log has (SPEC G2, G3).
 * @throws IsletError E-DELEGATION-INVALID; E-DELEGATION-EXPIRED when the device was let in for a time that is over
 */
export function createDelegation(
  log: DeviceLog,
  did: Did,
  issue: { k: string; jti: string; now: number },
): Delegation {
  const device = findDevice(log, did);
  if (!device) throw new IsletError('E-DELEGATION-INVALID', 'the device log does not have this device', did);
  const from = issue.now - clockTolerance;
  const exp = Math.min(from + delegationLifetime, device.until ?? Infinity);
  if (exp <= issue.now) throw new IsletError('E-DELEGATION-EXPIRED', 'the device was let in for a time', exp);
  return {
    iss: log.idTag,
    k: issue.k,
    sub: did,
    cnf: { jwk: device.jwk },
    cap: [...device.cap],
    dep: 1,
    gen: log.gen,
    nbf: from,
    exp,
    jti: issue.jti,
    prf: device.entry,
  };
}

/** Form only: a browser reads its own delegation with it. @throws IsletError E-DELEGATION-INVALID */
export function parseDelegation(text: string): Delegation {
  return readDelegation(parseCompact(text));
}

function readDelegation(token: CompactToken): Delegation {
  if (token.typ !== delegationTyp) throw new IsletError('E-TOKEN-TYPE', 'not a delegation', token.typ);
  return parse(delegationSchema, token.payload, 'E-DELEGATION-INVALID');
}

/** Texts of delegations with the key under which their signature fitted: it fits for ever. */
export interface Proven {
  has(name: string): boolean;
  add(name: string): void;
}

/** @param most of them that are remembered; then it begins anew */
export function createProven(most = 1_000): Proven {
  const names = new Set<string>();
  return {
    has: (name) => names.has(name),
    add(name) {
      if (names.size >= most) names.clear();
      names.add(name);
    },
  };
}

export interface ChainContext {
  readonly idTag: IdTag;
  readonly keys: readonly IdentityKey[];
  readonly log: DeviceLog;
  /** When the thing that is judged was said, in seconds: now for access, `iat` for a draft. */
  readonly at: number;
  /** Identifiers of delegations that were withdrawn. */
  readonly revoked?: ReadonlySet<string>;
  /** Signatures that fitted before are not computed again; those that fit now are added. */
  readonly proven?: Proven;
}

/** Who speaks at the end of a chain, and what it may do. */
export interface Grant {
  readonly did: Did;
  readonly jwk: PublicJwk;
  readonly cap: readonly Capability[];
  readonly exp: number;
}

interface Link {
  readonly text: string;
  readonly token: CompactToken;
  readonly delegation: Delegation;
}

/**
 * SPEC G1–G6: a chain from the identity key over an enrolled device to whoever holds the last key.
 * Pure; every refusal says why.
 * @throws IsletError E-DELEGATION-INVALID, -EXPIRED, -REVOKED, -SCOPE, E-KEY-UNKNOWN, E-TOKEN-SIGNATURE
 */
export async function verifyChain(chain: readonly string[], context: ChainContext): Promise<Grant> {
  if (chain.length === 0 || chain.length > maxChain)
    throw new IsletError('E-DELEGATION-INVALID', `a chain has 1 to ${maxChain} delegations`, chain.length);
  let parent: Link | undefined;
  for (const text of chain) {
    const link: Link = { text, delegation: parseDelegation(text), token: parseCompact(text) };
    assertHolds(link.delegation, context);
    if (jwkToDid(link.delegation.cnf.jwk) !== link.delegation.sub)
      throw new IsletError('E-DELEGATION-INVALID', 'the key is not that of the subject', link.delegation.sub);
    if (parent) await assertChild(parent, link, context);
    else await assertRoot(link, context);
    parent = link;
  }
  const { sub, cnf, cap, exp } = parent!.delegation;
  return { did: sub as Did, jwk: cnf.jwk, cap, exp };
}

/** SPEC G5, G6, for every link: a removed device does not come back below another one. */
function assertHolds({ sub, nbf, exp, jti, gen }: Delegation, { at, revoked, log }: ChainContext): void {
  if (log.devices.get(sub as Did)?.removedAt !== undefined)
    throw new IsletError('E-DELEGATION-REVOKED', 'the device was removed', sub);
  if (revoked?.has(jti)) throw new IsletError('E-DELEGATION-REVOKED', 'the delegation was withdrawn', jti);
  if (gen !== log.gen)
    throw new IsletError('E-DELEGATION-REVOKED', 'the delegation is of an older generation', gen);
  if (at < nbf) throw new IsletError('E-DELEGATION-EXPIRED', 'the delegation does not hold yet', nbf);
  if (at > exp) throw new IsletError('E-DELEGATION-EXPIRED', 'the delegation has ended', exp);
}

async function assertRoot({ text, token, delegation }: Link, context: ChainContext): Promise<void> {
  const { idTag, keys, log } = context;
  const { iss, k, sub, prf, cap, nbf, exp } = delegation;
  if (iss !== idTag || k === undefined)
    throw new IsletError('E-DELEGATION-INVALID', 'the first delegation comes from the identity', iss);
  if (exp - nbf > delegationLifetime)
    throw new IsletError('E-DELEGATION-INVALID', 'a delegation lasts 30 days at most', exp - nbf);
  const device = log.devices.get(sub as Did);
  if (device?.entry !== prf)
    throw new IsletError('E-DELEGATION-INVALID', 'the device log does not have this device', sub);
  if (!coversAll(device.cap, cap) || exp > (device.until ?? Infinity))
    throw new IsletError('E-DELEGATION-SCOPE', 'more than the device log grants', cap);
  const key = findKey(keys, k, nbf);
  await verifyOnce(context, `${key.publicKey} ${text}`, async () =>
    verifyCompact(token, delegationTyp, await importIdentityKey(key)),
  );
}

/** @param name of signature and key */
async function verifyOnce(
  { proven }: ChainContext,
  name: string,
  verify: () => Promise<void>,
): Promise<void> {
  if (proven?.has(name)) return;
  await verify();
  proven?.add(name);
}

async function assertChild(
  parent: Link,
  { text, token, delegation }: Link,
  context: ChainContext,
): Promise<void> {
  const above = parent.delegation;
  if (delegation.iss !== above.sub || delegation.k !== undefined)
    throw new IsletError('E-DELEGATION-INVALID', 'not issued by the subject above it', delegation.iss);
  if (delegation.prf !== (await statementId(parent.token)))
    throw new IsletError('E-DELEGATION-INVALID', 'does not name the delegation above it', delegation.prf);
  if (above.dep === 0 || delegation.dep >= above.dep)
    throw new IsletError('E-DELEGATION-SCOPE', 'may not be handed on further', delegation.dep);
  if (delegation.nbf < above.nbf || delegation.exp > above.exp)
    throw new IsletError('E-DELEGATION-SCOPE', 'reaches beyond the time of the one above it');
  if (!coversAll(above.cap, delegation.cap) || delegation.cap.some(isNeverHandedOn))
    throw new IsletError('E-DELEGATION-SCOPE', 'grants more than may be handed on', delegation.cap);
  await verifyOnce(context, `${above.sub} ${text}`, async () =>
    verifyCompact(token, delegationTyp, await importDeviceKey(above.cnf.jwk)),
  );
}
