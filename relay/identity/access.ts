import { jwtVerify, SignJWT } from 'jose';
import * as v from 'valibot';
import { hashText } from '../../shared/bytes.ts';
import { verifyAssertion } from '../../shared/device/assertion.ts';
import { allows } from '../../shared/device/capability.ts';
import { type Grant, lateDraftWindow, parseDelegation, verifyChain } from '../../shared/device/delegation.ts';
import { findFolder, mayReadSpace, mayWriteFolder, mayWriteSpace } from '../../shared/device/presets.ts';
import type { DeviceLog } from '../../shared/device/device-log.ts';
import { IsletError } from '../../shared/errors.ts';
import { parse, parseJson } from '../../shared/parse.ts';
import type { Database } from '../store/database.ts';
import { findChain, insertAssertion, insertChain } from '../store/access.ts';
import { listRevoked } from '../store/device-log.ts';
import type { Devices } from './devices.ts';
import type { NodeKeys } from './node-keys.ts';

/** In seconds. */
export const accessLifetime = 600;
/** The `typ` of access tokens of devices. */
export const deviceTokenTyp = 'at+jwt';

const claimsSchema = v.object({ iss: v.string(), sub: v.string(), dev: v.string(), dlg: v.string() });
const chainSchema = v.array(v.string());

/** A device that has shown who it is. */
export interface Session {
  readonly grant: Grant;
  /** Its delegations, the one from the identity first. */
  readonly chain: readonly string[];
}

/** Access of devices to one identity. */
export interface Access {
  /** SPEC X1, G7. @throws IsletError E-ASSERTION-*, E-DELEGATION-*, E-TOKEN-* */
  exchange(assertion: string, chain: readonly string[]): Promise<string>;
  /**
   * Delegation, log and withdrawals are looked at every time.
   * @param use `drafts`: a delegation that ended at most 7 days ago will do (SPEC G7); each draft is judged by its date
   * @throws IsletError E-AUTH-UNAUTH, E-DELEGATION-*
   */
  verify(token: string, use?: 'drafts'): Promise<Session>;
  /** The same for a session that lasts. @throws IsletError E-DELEGATION-* */
  recheck(session: Session): Promise<Grant>;
  /** By the clock alone: a session that lasts is looked at often (SPEC C12). */
  hasEnded(session: Session): boolean;
}

export interface AccessParts {
  readonly db: Database;
  readonly keys: NodeKeys;
  readonly devices: Devices;
  /** 256 bits of this relay alone. */
  readonly secret: Uint8Array;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createAccess({ db, keys, devices, secret, now }: AccessParts): Access {
  const { idTag } = keys;
  const seconds = () => Math.floor(now() / 1000);

  const assertNotSuspended = async (log: DeviceLog, [root]: readonly string[]): Promise<void> => {
    if (root !== undefined) await devices.assertNotSuspended(log, parseDelegation(root).sub);
  };

  const judge = async (chain: readonly string[], at = seconds()): Promise<Grant> => {
    const log = await devices.log();
    if (!log) throw new IsletError('E-DELEGATION-INVALID', 'no device is enrolled here');
    const [revoked] = await Promise.all([listRevoked(db, idTag), assertNotSuspended(log, chain)]);
    const { proven } = devices;
    return verifyChain(chain, { idTag, keys: keys.list(now()), log, at, revoked, proven });
  };

  const formatToken = (did: string, dlg: string): Promise<string> =>
    new SignJWT({ dev: did, dlg })
      .setProtectedHeader({ alg: 'HS256', typ: deviceTokenTyp })
      .setIssuer(idTag)
      .setSubject(idTag)
      .setIssuedAt(seconds())
      .setExpirationTime(seconds() + accessLifetime)
      .sign(secret);

  return {
    async exchange(assertion, chain) {
      const { did, jwk, exp } = await judge(chain, lateMoment(chain, seconds()));
      const shown = await verifyAssertion(assertion, { aud: idTag, did, jwk, now: seconds() });
      const fresh = { id_tag: idTag, did, jti: shown.jti, exp: shown.exp };
      if (!(await insertAssertion(db, fresh, seconds())))
        throw new IsletError('E-ASSERTION-REPLAYED', 'this assertion was used already');
      await devices.seen(did);
      const id = await hashText(chain.join(' '));
      await insertChain(db, { id, id_tag: idTag, chain: JSON.stringify(chain), exp });
      return formatToken(did, id);
    },
    async verify(token, use) {
      const claims = await readClaims(token, secret, idTag, new Date(now()));
      const row = await findChain(db, idTag, claims.dlg);
      if (!row)
        throw new IsletError('E-AUTH-UNAUTH', 'the delegation of this access token is not known here');
      const chain = parseJson(chainSchema, row.chain);
      const grant = await judge(chain, use === 'drafts' ? lateMoment(chain, seconds()) : seconds());
      if (grant.did !== claims.dev)
        throw new IsletError('E-AUTH-UNAUTH', 'the access token is of another device');
      return { grant, chain };
    },
    async recheck({ chain }) {
      const grant = await judge(chain);
      await devices.seen(grant.did);
      return grant;
    },
    hasEnded: ({ grant }) => seconds() > grant.exp,
  };
}

/** SPEC G7: until 7 days after its end, a chain is judged as of that end. No other link ends earlier (SPEC G4). */
function lateMoment(chain: readonly string[], now: number): number {
  const last = chain.at(-1);
  const exp = last === undefined ? now : parseDelegation(last).exp;
  return now <= exp + lateDraftWindow ? Math.min(now, exp) : now;
}

async function readClaims(token: string, secret: Uint8Array, idTag: string, currentDate: Date) {
  try {
    const names = { typ: deviceTokenTyp, issuer: idTag, subject: idTag };
    const options = { ...names, algorithms: ['HS256'], requiredClaims: ['exp', 'iat'], currentDate };
    const { payload } = await jwtVerify(token, secret, options);
    return parse(claimsSchema, payload, 'E-AUTH-UNAUTH');
  } catch {
    throw new IsletError('E-AUTH-UNAUTH', 'the access token is not valid or has expired');
  }
}

/** SPEC C11: what a device of the identity may do with its documents. @throws IsletError E-DELEGATION-SCOPE */
export function readSpaceLevel({ cap }: Grant): 'R' | 'W' {
  if (mayWriteSpace(cap)) return 'W';
  if (mayReadSpace(cap)) return 'R';
  throw new IsletError('E-DELEGATION-SCOPE', 'this device may not read documents');
}

/** SPEC C13: the same, and the one folder of a device that has no other documents. @throws IsletError E-DELEGATION-SCOPE */
export function readSpaceAccess(grant: Grant): { level: 'R' | 'W'; folder: string | undefined } {
  const folder = findFolder(grant.cap);
  if (folder === undefined) return { level: readSpaceLevel(grant), folder };
  return { level: mayWriteFolder(grant.cap) ? 'W' : 'R', folder };
}

/**
 * Bytes have no folder: a device with one reads those whose hash it knows (SPEC C16).
 * @throws IsletError E-DELEGATION-SCOPE
 */
export function assertBytes({ cap }: Grant, act: 'file/read' | 'file/create'): void {
  const folder = findFolder(cap);
  if (!allows(cap, act, '*') && !(folder !== undefined && allows(cap, act, `folder:${folder}`)))
    throw new IsletError('E-DELEGATION-SCOPE', `this device may not ${act}`);
}

/** @throws IsletError E-DELEGATION-SCOPE */
export function assertAllowed({ cap }: Grant, act: string, res = '*'): void {
  if (!allows(cap, act, res)) throw new IsletError('E-DELEGATION-SCOPE', `this device may not ${act}`);
}
