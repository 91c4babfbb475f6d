import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { Presentation, Purpose, RegistrationResponse, ShownWay } from '../../shared/api/ways.ts';
import { base64urlToBytes, bytesToBase64url, hashText, type Random } from '../../shared/bytes.ts';
import { parseDelegation } from '../../shared/device/delegation.ts';
import { findEnrolmentKey } from '../../shared/device/device-log.ts';
import { IsletError } from '../../shared/errors.ts';
import type { Did } from '../../shared/identity/did.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import type { Database } from '../store/database.ts';
import type { WayRow } from '../store/tables-ways.ts';
import {
  deleteWay,
  findVerification,
  insertWay,
  listWays,
  noteUse,
  replaceVerification,
  replaceWay,
} from '../store/ways.ts';
import { createChallenges } from './challenges.ts';
import type { Session } from './access.ts';
import type { Devices } from './devices.ts';
import { type RelyingParty, verifyNewPasskey, verifyPasskey } from './passkeys.ts';
import { createTries } from './tries.ts';

/** SPEC P10, milliseconds. */
export const verifiedFor = 5 * 60_000;
/** Of one identity. */
const mostPasskeys = 20;

interface SealedKey {
  readonly did: Did;
  readonly sealed: string;
}

export interface NewPassword extends SealedKey {
  readonly salt: string;
  readonly auth: string;
}

export interface NewPasskey {
  readonly name: string;
  readonly response: RegistrationResponse;
  readonly key?: SealedKey | undefined;
}

/** Passwords and passkeys of one identity (SPEC P6–P11). Neither opens anything by itself but an enrolment key that the browser sealed. */
export interface Ways {
  /** Those whose key was not taken out of the log, oldest first. */
  list(): Promise<WayRow[]>;
  /** Base64url, and for whom. */
  challenge(purpose: Purpose, by: string): Promise<string>;
  /** The 32 bytes by which an authenticator tells this identity's passkeys from others, base64url. */
  handle(): Promise<string>;
  /** Who sets it has shown it. @param by the device. @throws IsletError E-CORE-CONFLICT */
  setPassword(password: NewPassword, by: string): Promise<void>;
  /** @throws IsletError E-VERIFY-FAILED, E-CORE-CONFLICT */
  addPasskey(passkey: NewPasskey, by: string, party: RelyingParty): Promise<void>;
  /** @throws IsletError E-CORE-NOTFOUND */
  remove(id: string): Promise<void>;
  /** For who is outside: what the way opens. @throws IsletError E-VERIFY-FAILED, E-VERIFY-LIMIT */
  open(shown: ShownWay, party: RelyingParty): Promise<SealedKey | undefined>;
  /** Notes that the person at this device is them. @returns until when, milliseconds. @throws IsletError E-VERIFY-FAILED, E-VERIFY-LIMIT */
  verify(session: Session, shown: ShownWay, party: RelyingParty): Promise<number>;
  /** @throws IsletError E-VERIFY-NEEDED */
  assertVerified(did: string): Promise<void>;
}

/** What is shown for what, by whom, and where tries are counted if not there. */
interface Use {
  readonly purpose: Purpose;
  readonly by: string;
  readonly door?: string;
}

export interface WaysParts {
  readonly db: Database;
  readonly idTag: IdTag;
  readonly devices: Pick<Devices, 'log'>;
  /** 256 bits of this relay alone. */
  readonly secret: Uint8Array;
  readonly random: Random;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createWays({ db, idTag, devices, secret, random, now }: WaysParts): Ways {
  const tries = createTries(db, idTag, now);
  const challenges = createChallenges({ db, idTag, secret, random, now });

  const list = async (): Promise<WayRow[]> => {
    const [rows, log] = await Promise.all([listWays(db, idTag), devices.log()]);
    return rows.filter(({ did }) => did === null || (log && findEnrolmentKey(log, did)));
  };

  const assertKey = async (did: string, kind: WayRow['kind']): Promise<void> => {
    const log = await devices.log();
    if (!log || findEnrolmentKey(log, did)?.kind !== kind)
      throw new IsletError('E-CORE-CONFLICT', `the device log has no such ${kind} key`, did);
  };

  const checkPassword = async (auth: string, door: string): Promise<WayRow> => {
    const way = (await list()).find(({ kind }) => kind === 'password');
    if (!way?.hash) throw new IsletError('E-VERIFY-FAILED', 'there is no password here');
    const { hash } = way;
    return tries(door, async () => {
      if (await isHashOf(hash, auth)) return way;
      throw new IsletError('E-VERIFY-FAILED', 'this is not the password');
    });
  };

  const checkPasskey = async (
    shown: Presentation,
    use: { purpose: Purpose; by: string },
    party: RelyingParty,
  ) => {
    const way = (await list()).find(({ kind, id }) => kind === 'passkey' && id === shown.id);
    const handle = shown.response.userHandle;
    if (!way || (handle && handle !== (await hashText(userText(idTag)))))
      throw new IsletError('E-VERIFY-FAILED', 'this passkey is not known here');
    const counter = await verifyPasskey(shown, way, party, (challenge) => challenges.use(challenge, use));
    return { ...way, counter };
  };

  /** New keys, and keys that a device has handed something on to, are no new tries. */
  const doorOf = async ([root = '']: readonly string[]): Promise<string> => {
    const { sub } = parseDelegation(root);
    return (await devices.log())?.devices.get(sub as Did)?.origin ?? sub;
  };

  const check = async (shown: ShownWay, use: Use, party: RelyingParty) => {
    const way =
      'password' in shown
        ? await checkPassword(shown.password, use.door ?? use.by)
        : await checkPasskey(shown.passkey, use, party);
    await noteUse(db, way, { counter: way.counter, used_at: now() });
    return way;
  };

  const blank = { id_tag: idTag, salt: null, hash: null, public_key: null, counter: 0, used_at: null };
  return {
    list,
    challenge: (purpose, by) => challenges.create({ purpose, by }),
    handle: () => hashText(userText(idTag)),
    async setPassword({ salt, auth, did, sealed }, by) {
      await assertKey(did, 'password');
      const hash = await hashSecret(auth);
      const named = { id: 'password', kind: 'password' as const, name: '', created_at: now() };
      await replaceWay(db, { ...blank, ...named, did, sealed, salt, hash });
      await replaceVerification(db, { id_tag: idTag, did: by, at: now() });
    },
    async addPasskey({ name, response, key }, by, party) {
      if (key) await assertKey(key.did, 'passkey');
      if ((await list()).length >= mostPasskeys)
        throw new IsletError('E-CORE-CONFLICT', `an identity has at most ${mostPasskeys} passkeys`);
      const use = { purpose: 'register' as const, by };
      const { id, publicKey, counter } = await verifyNewPasskey(response, party, (challenge) =>
        challenges.use(challenge, use),
      );
      const named = { id, kind: 'passkey' as const, name, created_at: now() };
      const opens = { did: key?.did ?? null, sealed: key?.sealed ?? null };
      if (!(await insertWay(db, { ...blank, ...named, ...opens, public_key: publicKey, counter })))
        throw new IsletError('E-CORE-CONFLICT', 'this passkey is there already');
    },
    async remove(id) {
      if (!(await deleteWay(db, idTag, id))) throw new IsletError('E-CORE-NOTFOUND', 'no such way in', id);
    },
    async open(shown, party) {
      const { did, sealed } = await check(shown, { purpose: 'open', by: 'door' }, party);
      return did !== null && sealed !== null ? { did: did as Did, sealed } : undefined;
    },
    async verify({ grant: { did }, chain }, shown, party) {
      await check(shown, { purpose: 'verify', by: did, door: await doorOf(chain) }, party);
      await replaceVerification(db, { id_tag: idTag, did, at: now() });
      return now() + verifiedFor;
    },
    async assertVerified(did) {
      const ways = await list();
      if (ways.length === 0) return;
      const last = await findVerification(db, idTag, did);
      // A clock that was set back makes nothing fresh again.
      if (last && last.at <= now() && now() - last.at <= verifiedFor) return;
      const has = (kind: WayRow['kind']) => ways.some((way) => way.kind === kind);
      const details = { password: has('password'), passkey: has('passkey') };
      throw new IsletError('E-VERIFY-NEEDED', 'show by password or passkey that it is you', did, details);
    },
  };
}

function userText(idTag: string): string {
  return `islet passkey user ${idTag}`;
}

/** What is hashed has 256 bits that cost the browser much already; the cost here is small. */
function derive(secret: string, salt: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) =>
    scrypt(secret, salt, 32, { N: 2 ** 14, r: 8, p: 1 }, (error, key) =>
      error ? reject(error) : resolve(key),
    ),
  );
}

async function hashSecret(secret: string): Promise<string> {
  const salt = randomBytes(16);
  return `${bytesToBase64url(salt)}.${bytesToBase64url(await derive(secret, salt))}`;
}

async function isHashOf(hash: string, secret: string): Promise<boolean> {
  const [salt = '', wanted = ''] = hash.split('.');
  return timingSafeEqual(base64urlToBytes(wanted), await derive(secret, base64urlToBytes(salt)));
}
