import * as v from 'valibot';
import type { Random } from '../../../shared/bytes.ts';
import {
  type DeviceLog,
  type EnrolmentKey,
  type LogOperation,
  signLogEntry,
} from '../../../shared/device/device-log.ts';
import { IsletError } from '../../../shared/errors.ts';
import { type Did, jwkToDid, jwkToPublic } from '../../../shared/identity/did.ts';
import { profileSchema } from '../../../shared/identity/key-set.ts';
import {
  describeRecoveryKey,
  type RecoveryPairs,
  sealRecoveryKey,
} from '../../../shared/identity/recovery-key.ts';
import { formatKit, openKit, parseKit } from '../../../shared/identity/recovery-kit.ts';
import { deviceLogSchema, routes } from '../../../shared/routes.ts';
import type { DeviceKeys } from '../device/key-store.ts';
import type { RelayApi } from '../relay/relay-api.ts';
import type { Database } from '../store/database.ts';

/** A kit that was just made: what is to be saved, and what is to be printed. */
export interface MadeKit {
  readonly did: Did;
  readonly idTag: string;
  readonly fileName: string;
  readonly file: string;
  /** The text of the QR code. */
  readonly code: string;
}

/** The kit that holds now, as the device log tells. */
export interface KitState {
  /** Milliseconds. */
  readonly madeAt: number;
  /** The file was not opened again after it was saved: nobody knows whether it can be. */
  readonly unproven: boolean;
  /** Devices came, went or changed since: the log in the kit is an older one. */
  readonly older: boolean;
}

export interface Kits {
  state(): Promise<KitState | undefined>;
  /** @throws RelayUnreachable; IsletError E-VERIFY-NEEDED, E-LOG-PERMISSION */
  make(passphrase: string, about: readonly string[]): Promise<MadeKit>;
  /**
   * Opens what was saved; only then the key of the kit before is taken away (SPEC X15).
   * @throws IsletError E-KIT-INVALID, with `details.reason` `other` when it is another kit
   */
  prove(did: Did, text: string, passphrase: string): Promise<void>;
}

export interface KitParts {
  db: Database;
  api: RelayApi;
  keys: Pick<DeviceKeys, 'did' | 'sign'>;
  /** From the relay, verified and compared with what is pinned. */
  readLog: () => Promise<DeviceLog>;
  random: Random;
  /** Milliseconds since 1970. */
  now: () => number;
}

const unprovenSchema = v.object({ space: v.literal('kit'), did: v.string() });

export function createKits(parts: KitParts): Kits {
  const { db, api, readLog, random, now } = parts;
  return {
    state: async () => {
      const log = await readLog();
      const key = listKits(log).at(-1);
      if (!key) return undefined;
      const unproven = v.safeParse(unprovenSchema, await db.cursors.get('kit'));
      return {
        madeAt: key.addedAt * 1000,
        unproven: unproven.success && unproven.output.did === key.did,
        older: hasMovedOn(log, key),
      };
    },
    make: async (passphrase, about) => {
      const pairs = await createPairs();
      const jwk = jwkToPublic(pairs.signing);
      const did = jwkToDid(jwk);
      const before = await db.cursors.get('kit');
      // First, so that a key whose kit nobody got is never taken for one that is safe.
      await db.cursors.put({ space: 'kit', did });
      try {
        await enter({ t: 'key', key: describeRecoveryKey(did, jwk, jwkToPublic(pairs.sealing)) }, parts);
      } catch (error) {
        if (before && error instanceof IsletError) await db.cursors.put(before);
        throw error;
      }
      const { idTag } = await readLog();
      const createdAt = Math.floor(now() / 1000);
      const code = await sealRecoveryKey({ idTag, createdAt, pairs }, passphrase, random);
      const { entries } = await api.get(routes.deviceLog, deviceLogSchema);
      const { keys } = await api.get(routes.me, profileSchema);
      const kit = { key: code, keys, entries: entries.map(({ entry }) => entry) };
      return { did, idTag, code, file: await formatKit(kit, about), fileName: nameFile(idTag, now()) };
    },
    prove: async (did, text, passphrase) => {
      const { key } = await openKit(await parseKit(text), passphrase);
      if (key.description.did !== did)
        throw new IsletError('E-KIT-INVALID', 'this is another recovery kit', undefined, { reason: 'other' });
      await db.cursors.delete('kit');
      for (const before of listKits(await readLog()))
        if (before.did !== did) await enter({ t: 'unkey', did: before.did }, parts);
    },
  };
}

/** Keys of recovery kits that hold, oldest first. */
function listKits(log: DeviceLog): EnrolmentKey[] {
  return [...log.keys.values()].filter(
    ({ kind, removedAt }) => kind === 'recovery' && removedAt === undefined,
  );
}

/** Whether a device came or went, or a key did, after the kit was made. Renewals by themselves happen all the time. */
function hasMovedOn(log: DeviceLog, { did, addedAt }: EnrolmentKey): boolean {
  const keys = [...log.keys.values()].filter((key) => key.did !== did);
  const changes = [
    ...[...log.devices.values()].map((device) => (device.did === device.origin ? device.addedAt : 0)),
    ...[...log.devices.values()].map(({ removedAt = 0, renewedBy }) => (renewedBy ? 0 : removedAt)),
    ...keys.filter(({ kind }) => kind !== 'recovery').map((key) => Math.max(key.addedAt, key.removedAt ?? 0)),
  ];
  return changes.some((at) => at > addedAt);
}

async function enter(op: LogOperation, { api, keys, readLog, now }: KitParts): Promise<void> {
  const log = await readLog();
  const said = { iss: log.idTag, iat: Math.floor(now() / 1000), by: keys.did, op };
  await api.post(routes.deviceLog, { entry: await signLogEntry(log, said, keys.sign) }, v.unknown());
}

/** They leave this function once, into the seal. */
async function createPairs(): Promise<RecoveryPairs> {
  const { subtle } = crypto;
  const curve = { namedCurve: 'P-384' };
  const signing = await subtle.generateKey({ name: 'ECDSA', ...curve }, true, ['sign', 'verify']);
  const sealing = await subtle.generateKey({ name: 'ECDH', ...curve }, true, ['deriveBits']);
  return {
    signing: await subtle.exportKey('jwk', signing.privateKey),
    sealing: await subtle.exportKey('jwk', sealing.privateKey),
  };
}

function nameFile(idTag: string, now: number): string {
  return `islet-recovery-kit-${idTag}-${new Date(now).toISOString().slice(0, 10)}.json`;
}
