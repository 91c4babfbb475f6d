import { ownDelegationSchema, readmissionSchema, renewedSchema } from '../../../shared/api/devices.ts';
import { bytesToBase64url, type Random } from '../../../shared/bytes.ts';
import { signAssertion } from '../../../shared/device/assertion.ts';
import { parseDelegation } from '../../../shared/device/delegation.ts';
import {
  continuesPinned,
  type DeviceLog,
  findDevice,
  signLogEntry,
  verifyDeviceLog,
} from '../../../shared/device/device-log.ts';
import { renewalTime } from '../../../shared/device/renewal.ts';
import { type ErrorCode, IsletError } from '../../../shared/errors.ts';
import type { Did } from '../../../shared/identity/did.ts';
import { deviceLogSchema, routes } from '../../../shared/routes.ts';
import { createRelayApi } from '../relay/relay-api.ts';
import { storageName } from '../spaces.ts';
import type { Speaker } from './access.ts';
import type { DeviceKeys, KeyStore, Membership } from './key-store.ts';
import type { LiveKeys } from './live-keys.ts';

/**
 * Where this device stands with its identity. `away`: it was away too long, and a person is to let it in again. `suspended`: its keys were
 * used in two places; `did` names those of this browser, once the log could be read. `wipe`: it was removed as lost.
 */
export type Standing =
  | { kind: 'in' }
  | { kind: 'away' }
  | { kind: 'suspended'; did?: Did | undefined }
  | { kind: 'removed'; wipe: boolean };

export interface RenewalOptions {
  store: KeyStore;
  keys: LiveKeys;
  /** Milliseconds since 1970. */
  now: () => number;
  random: Random;
  /** What the old key has said is sent before it gives way. May fail. */
  prepare: () => Promise<void>;
  onStanding: (standing: Standing) => void;
}

/** Keeps this device in: new keys in time, and coming back (SPEC G8–G13). One tab at a time does it (Web Lock `islet-renewal`). */
export interface Renewal {
  /** Who speaks by now, whichever tab has renewed the keys. */
  read(): Promise<Speaker>;
  /** Renews when it is time to, and looks what became of a device that is not in. @throws RelayUnreachable, IsletError */
  tend(): Promise<Standing>;
  /** The relay gives no access: true when this device can speak again. */
  mend(code: ErrorCode): Promise<boolean>;
}

/** Entries of other devices that may come in between before a renewal is given up for now. */
const tries = 5;
const worthMending: readonly ErrorCode[] = [
  'E-DELEGATION-EXPIRED',
  'E-DELEGATION-REVOKED',
  'E-DELEGATION-SUSPENDED',
  'E-DELEGATION-SCOPE',
  'E-DELEGATION-INVALID',
];

/** A renewal that comes too late; why, is asked. */
const hasEnded: readonly ErrorCode[] = ['E-DELEGATION-REVOKED', 'E-DELEGATION-EXPIRED'];

export function createRenewal(options: RenewalOptions): Renewal {
  const { store, keys, now, prepare, onStanding } = options;
  let standing: Standing = { kind: 'in' };

  const tell = (next: Standing): Standing => {
    standing = next;
    onStanding(next);
    return next;
  };
  const alone = <T>(work: () => Promise<T>): Promise<T> =>
    navigator.locks.request(storageName('islet-renewal'), work);

  async function read(): Promise<Speaker> {
    const [membership, current] = await Promise.all([store.membership(), store.existingKeys()]);
    if (!membership || !current) throw new IsletError('E-AUTH-UNAUTH', 'this browser is not enrolled');
    if (current.did !== keys.did) keys.replace(current);
    return { keys: current, membership };
  }

  async function adopt(next: { membership: Membership; did: DeviceKeys['did'] }): Promise<Standing> {
    const log = await verifyDeviceLog(next.membership.idTag, next.membership.entries);
    const origin = findDevice(log, next.did)?.origin;
    if (!origin) throw new IsletError('E-LOG-INVALID', 'the relay answered with another device log');
    keys.replace(await store.adoptNext(next.membership, origin));
    return tell({ kind: 'in' });
  }

  async function renew(speaker: Speaker): Promise<Standing> {
    const next = await store.nextKeys();
    for (let left = tries; ; left--) {
      try {
        return await adopt({ membership: await sendRenewal(speaker, next, now()), did: next.did });
      } catch (error) {
        // Another device wrote into the log meanwhile: signed again over that.
        if (!(error instanceof IsletError) || error.code !== 'E-LOG-FORK' || left === 0) throw error;
      }
    }
  }

  /** What the relay says this device is, and what can be done about it. */
  async function lookAgain(speaker: Speaker): Promise<Standing> {
    const { membership } = speaker;
    const next = await store.existingNext();
    const log = await readLog(membership);
    if (next && findDevice(log, next.did))
      return adopt({ membership: await askDelegation({ membership, keys: next }, options), did: next.did });
    // Somebody has renewed these keys, and it was not this browser: saying so is what stops both.
    if (log.devices.get(speaker.keys.did)?.renewedBy) return renew(speaker);
    const held = await askDelegation(speaker, options).catch(whenRefused);
    if (held && parseDelegation(held.delegations[0] ?? '').exp > now() / 1000) {
      await store.changeMembership({ delegations: held.delegations, entries: held.entries });
      return tell({ kind: 'in' });
    }
    const { state, wipe = false } = await askReadmission(speaker, options);
    if (state === 'granted') return renew(speaker);
    if (state === 'suspended') return tell({ kind: state, did: findClaim(log, speaker.keys.did, next?.did) });
    return tell(state === 'removed' ? { kind: state, wipe } : { kind: 'away' });
  }

  /** The keys by which this browser claims to be the device; undefined while the relay does not answer. */
  async function readClaim(): Promise<Did | undefined> {
    const [{ membership, keys: own }, next] = await Promise.all([read(), store.existingNext()]);
    const log = await readLog(membership).catch(() => undefined); // offline: asked again
    return log && findClaim(log, own.did, next?.did);
  }

  /** A refusal that says where this device stands is an answer. */
  async function settle(work: () => Promise<Standing>): Promise<Standing> {
    try {
      return await work();
    } catch (error) {
      const code = error instanceof IsletError ? error.code : undefined;
      if (code === 'E-DELEGATION-SUSPENDED') return tell({ kind: 'suspended', did: await readClaim() });
      if (code === 'E-DELEGATION-REVOKED') return tell({ kind: 'removed', wipe: false });
      throw error;
    }
  }

  /** Whether it is time for new keys, while the old ones hold; those that were made and not confirmed are overdue. */
  async function isDue({ membership }: Speaker): Promise<boolean> {
    const delegation = parseDelegation(membership.delegations[0] ?? '');
    const seconds = now() / 1000;
    if (standing.kind !== 'in' || seconds > delegation.exp) return false;
    return seconds >= renewalTime(delegation) || (await store.existingNext()) !== undefined;
  }

  async function tendNow(): Promise<Standing> {
    const speaker = await read();
    const { exp } = parseDelegation(speaker.membership.delegations[0] ?? '');
    if (standing.kind !== 'in' || now() / 1000 > exp) return lookAgain(speaker);
    if (!(await isDue(speaker))) return standing;
    try {
      return await renew(speaker);
    } catch (error) {
      // All were signed out meanwhile: that is not removed yet.
      if (error instanceof IsletError && hasEnded.includes(error.code)) return lookAgain(speaker);
      throw error;
    }
  }

  return {
    read,
    tend: async () => {
      // Before the lock is held: sending may come to wait for it.
      if (await isDue(await read())) await prepare();
      return alone(() => settle(tendNow));
    },
    mend: async (code) => {
      if (!worthMending.includes(code)) return false;
      const before = keys.did;
      const after = await alone(() =>
        settle(async () => {
          const speaker = await read();
          // Another tab has renewed the keys while this one waited.
          return speaker.keys.did === before ? lookAgain(speaker) : tell({ kind: 'in' });
        }),
      );
      return after.kind === 'in';
    },
  };
}

/** Of a browser whose keys were renewed by another one, those that it made itself. */
function findClaim(log: DeviceLog, own: Did, next: Did | undefined): Did {
  return findDevice(log, own) ? own : (next ?? own);
}

function whenRefused(error: unknown): undefined {
  if (error instanceof IsletError && error.code.startsWith('E-DELEGATION')) return undefined;
  throw error;
}

/** The log as the relay has it: verified, and continuing the one that is known here. */
async function readLog({ apiBase, idTag, entries }: Membership): Promise<DeviceLog> {
  const answer = await createRelayApi(apiBase).get(routes.deviceLog, deviceLogSchema);
  return verifyContinuing(
    { idTag, entries },
    answer.entries.map(({ entry }) => entry),
  );
}

async function verifyContinuing(
  { idTag, entries }: Pick<Membership, 'idTag' | 'entries'>,
  told: readonly string[],
): Promise<DeviceLog> {
  const log = await verifyDeviceLog(idTag, told);
  if (!continuesPinned(log, await verifyDeviceLog(idTag, entries)))
    throw new IsletError('E-LOG-FORK', 'the relay shows another device log than before');
  return log;
}

/** SPEC G8. @param at milliseconds since 1970 */
async function sendRenewal(
  { keys, membership }: Speaker,
  { did, jwk, ecdh }: DeviceKeys,
  at: number,
): Promise<Membership> {
  const log = await readLog(membership);
  const device = log.devices.get(keys.did);
  if (!device) throw new IsletError('E-LOG-INVALID', 'the relay answered with another device log');
  const { name, kind } = device;
  const op = { t: 'renew' as const, device: { did, jwk, ecdh, name, ...(kind && { kind }) } };
  // What the old key has said in this second stays before its end (SPEC G14).
  const said = { iss: membership.idTag, iat: Math.floor(at / 1000) + 1, by: keys.did, op };
  const entry = await signLogEntry(log, said, keys.sign);
  const answer = await createRelayApi(membership.apiBase).post(routes.renew, { entry }, renewedSchema);
  return withAnswer(membership, answer);
}

async function withAnswer(
  membership: Membership,
  { delegation, entries }: { delegation: string; entries: readonly { entry: string }[] },
): Promise<Membership> {
  const texts = entries.map(({ entry }) => entry);
  await verifyContinuing(membership, texts);
  return { ...membership, delegations: [delegation], entries: texts };
}

type Clock = Pick<RenewalOptions, 'now' | 'random'>;

function assertion({ keys, membership }: Speaker, { now, random }: Clock): Promise<string> {
  const jti = bytesToBase64url(random(16));
  return signAssertion(
    { did: keys.did, aud: membership.idTag, jti, now: Math.floor(now() / 1000) },
    keys.sign,
  );
}

async function askDelegation(speaker: Speaker, clock: Clock): Promise<Membership> {
  const { membership } = speaker;
  const body = { assertion: await assertion(speaker, clock) };
  const answer = await createRelayApi(membership.apiBase).post(routes.delegation, body, ownDelegationSchema);
  return withAnswer(membership, answer);
}

async function askReadmission(speaker: Speaker, clock: Clock) {
  const body = { assertion: await assertion(speaker, clock) };
  return createRelayApi(speaker.membership.apiBase).post(routes.readmission, body, readmissionSchema);
}
