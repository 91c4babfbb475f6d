import * as v from 'valibot';
import {
  challengeSchema,
  doorSchema,
  openedSchema,
  type Purpose,
  type ShownWay,
  verifiedSchema,
  type Way,
  waysRoutes,
  waysSchema,
} from '../../../shared/api/ways.ts';
import { type Bytes, bytesToBase64url, type Random } from '../../../shared/bytes.ts';
import type { DeviceLog, LogOperation } from '../../../shared/device/device-log.ts';
import { createEnrolmentKey, sealEnrolmentKey } from '../../../shared/device/sealed-key.ts';
import { IsletError } from '../../../shared/errors.ts';
import type { Did } from '../../../shared/identity/did.ts';
import type { IdTag } from '../../../shared/identity/id-tag.ts';
import { routes } from '../../../shared/routes.ts';
import { type RelayApi, segment } from '../relay/relay-api.ts';
import { makePasskey, showPasskey } from './passkey.ts';
import { derivePassword } from './password.ts';

const nothing = v.unknown();

/** Passwords and passkeys, for a device that is in. What may need a fresh verification rejects with E-VERIFY-NEEDED. */
export interface Ways {
  list(): Promise<Way[]>;
  setPassword(password: string): Promise<void>;
  /** @returns false when this passkey only shows that its person is there: it has no secret to seal a key under. @throws PasskeyRefused */
  addPasskey(name: string): Promise<boolean>;
  remove(way: Way): Promise<void>;
  /** @throws IsletError E-VERIFY-FAILED, E-VERIFY-LIMIT */
  verifyByPassword(password: string): Promise<void>;
  /** @throws IsletError E-VERIFY-FAILED; PasskeyRefused */
  verifyByPasskey(): Promise<void>;
}

export interface WaysOptions {
  readonly api: RelayApi;
  readonly idTag: IdTag;
  readonly random: Random;
  /** Enters something into the device log. */
  readonly enter: (op: LogOperation) => Promise<void>;
  readonly readLog: () => Promise<DeviceLog>;
}

/** A challenge of the relay, for one use. */
export function askChallenge(api: RelayApi, purpose: Purpose) {
  return api.post(waysRoutes.challenge, { purpose }, challengeSchema);
}

/** SPEC P6: the salt of the identity. @throws IsletError E-VERIFY-FAILED when there is no password */
export async function readSalt(api: RelayApi): Promise<string> {
  const { password } = await api.get(waysRoutes.door, doorSchema);
  if (!password) throw new IsletError('E-VERIFY-FAILED', 'there is no password here');
  return password.salt;
}

/** SPEC P6, P8: what a way hands over to who is outside; undefined when it opens nothing. */
export async function openWay(api: RelayApi, shown: ShownWay) {
  return (await api.post(waysRoutes.open, shown, openedSchema)).key;
}

export function createWays({ api, idTag, random, enter, readLog }: WaysOptions): Ways {
  const list = async () => (await api.get(waysRoutes.list, waysSchema)).ways;

  /** Keys that no way opens any more, as when a way was changed half: they would stay for ever. */
  async function removeUnusedKeys(kept: readonly string[]): Promise<void> {
    const { keys } = await readLog();
    const ours = [...keys.values()].filter(
      ({ kind, removedAt }) => kind !== 'recovery' && removedAt === undefined,
    );
    for (const { did } of ours) if (!kept.includes(did)) await enter({ t: 'unkey', did });
  }

  async function settle(): Promise<void> {
    const ways = await list();
    await removeUnusedKeys(ways.flatMap(({ did }) => did ?? []));
  }

  async function addKey(kind: 'password' | 'passkey', name: string, secret: Bytes) {
    const pair = await createEnrolmentKey(kind, name);
    const { length, head } = await readLog();
    const sealed = await sealEnrolmentKey(pair, { idTag, length, head }, secret, random);
    await enter({ t: 'key', key: pair.description });
    return { did: pair.description.did, sealed };
  }

  async function verify(shown: ShownWay): Promise<void> {
    await api.post(routes.verify, shown, verifiedSchema);
  }

  return {
    list,
    setPassword: async (password) => {
      const salt = bytesToBase64url(random(16));
      const { auth, sealing } = await derivePassword(password, idTag, salt);
      const key = await addKey('password', 'password', sealing);
      await api.set(waysRoutes.password, { salt, auth, ...key }, nothing);
      await settle();
    },
    addPasskey: async (name) => {
      const challenge = await askChallenge(api, 'register');
      const made = await makePasskey(challenge, idTag);
      // Some authenticators give their secret only when they are asked a second time.
      const secret = made.secret ?? (await readLater(api, idTag, made.response.id));
      const key = secret && (await addKey('passkey', name, secret));
      await api.post(waysRoutes.passkeys, { name, response: made.response, key }, nothing);
      await settle();
      return key !== undefined;
    },
    remove: async ({ id, did }) => {
      if (!(await api.remove(waysRoutes.list + segment(id)))) return;
      if (did && (await readLog()).keys.get(did)?.removedAt === undefined)
        await enter({ t: 'unkey', did: did as Did });
    },
    verifyByPassword: async (password) =>
      verify({ password: (await derivePassword(password, idTag, await readSalt(api))).auth }),
    verifyByPasskey: async () =>
      verify({ passkey: (await showPasskey(await askChallenge(api, 'verify'), idTag)).response }),
  };
}

async function readLater(api: RelayApi, idTag: IdTag, id: string): Promise<Bytes | undefined> {
  const { secret } = await showPasskey(await askChallenge(api, 'verify'), idTag, id);
  return secret;
}
