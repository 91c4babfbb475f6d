import * as v from 'valibot';
import { ownDelegationSchema } from '../../../shared/api/devices.ts';
import { bytesToBase64url } from '../../../shared/bytes.ts';
import { signAssertion } from '../../../shared/device/assertion.ts';
import { everything } from '../../../shared/device/capability.ts';
import {
  appendLogEntry,
  continuesPinned,
  findDevice,
  findEnrolmentKey,
  signLogEntry,
  verifyDeviceLog,
} from '../../../shared/device/device-log.ts';
import { openEnrolmentKey, type OpenedKey } from '../../../shared/device/sealed-key.ts';
import { IsletError } from '../../../shared/errors.ts';
import type { IdTag } from '../../../shared/identity/id-tag.ts';
import { deviceLogSchema, routes } from '../../../shared/routes.ts';
import { createRelayApi, type RelayApi } from '../relay/relay-api.ts';
import { describe, type EnrolmentOptions, type Home, joinIdentity, readWantedHome } from './enrolment.ts';
import type { DeviceKeys, Membership } from './key-store.ts';
import { showPasskey } from './passkey.ts';
import { derivePassword } from './password.ts';
import { askChallenge, openWay, readSalt } from './ways.ts';

const addedSchema = v.object({ ...deviceLogSchema.entries, delegation: v.string() });

/** The passkey is right, and opens nothing: a device that is in has to let this one in. */
export class PasskeyOpensNothing extends Error {
  override readonly name = 'PasskeyOpensNothing';
}

async function readLog(api: RelayApi, { profile }: Home, { did, log: pin }: OpenedKey) {
  const { entries } = await api.get(routes.deviceLog, deviceLogSchema);
  const log = await verifyDeviceLog(
    profile.idTag,
    entries.map(({ entry }) => entry),
  );
  if (!continuesPinned(log, pin) || !findEnrolmentKey(log, did))
    throw new IsletError(
      'E-LOG-FORK',
      'the relay shows another device log than the one that this way was made for',
    );
  return log;
}

/** What this browser was granted, when the answer that said so was lost. */
async function readOwn(api: RelayApi, idTag: IdTag, keys: DeviceKeys, { now }: EnrolmentOptions) {
  const jti = bytesToBase64url(crypto.getRandomValues(new Uint8Array(16)));
  const said = { did: keys.did, aud: idTag, jti, now: Math.floor(now() / 1000) };
  const assertion = await signAssertion(said, keys.sign);
  return api.post(routes.delegation, { assertion }, ownDelegationSchema);
}

/** The opened key lets this browser in (SPEC L9). Repeated, it finds itself in already. */
async function enter(home: Home, options: EnrolmentOptions, key: OpenedKey): Promise<Membership> {
  const { store, now } = options;
  const api = createRelayApi(home.apiBase);
  const { idTag } = home.profile;
  const keys = await store.deviceKeys();
  const log = await readLog(api, home, key);
  if (findDevice(log, keys.did)) return joinIdentity(store, home, await readOwn(api, idTag, keys, options));
  const op = { t: 'add' as const, device: describe(keys, options), cap: [...everything] };
  const said = { iss: idTag, iat: Math.floor(now() / 1000), by: key.did, op };
  const entry = await signLogEntry(log, said, key.sign);
  const { head } = await appendLogEntry(idTag, log, entry);
  const answer = await api.post(routes.deviceLog, { entry }, addedSchema);
  const after = await verifyDeviceLog(
    idTag,
    answer.entries.map(({ entry: text }) => text),
  );
  if (!continuesPinned(after, { length: log.length + 1, head }) || !findDevice(after, keys.did))
    throw new IsletError('E-LOG-INVALID', 'the relay answered with another device log');
  return joinIdentity(store, home, answer);
}

/** SPEC P6: a password lets this browser in. @throws IsletError E-VERIFY-FAILED, E-VERIFY-LIMIT, E-LOG-FORK; RelayUnreachable */
export async function enrolByPassword(password: string, options: EnrolmentOptions): Promise<Membership> {
  const home = await readWantedHome(options);
  const api = createRelayApi(home.apiBase);
  const { idTag } = home.profile;
  const { auth, sealing } = await derivePassword(password, idTag, await readSalt(api));
  const key = await openWay(api, { password: auth });
  if (!key) throw new IsletError('E-VERIFY-FAILED', 'this password opens nothing');
  return enter(home, options, await openEnrolmentKey(key.sealed, { idTag, did: key.did }, sealing));
}

/**
 * SPEC P8: a passkey lets this browser in.
 * @throws IsletError E-VERIFY-FAILED, E-LOG-FORK; PasskeyRefused, PasskeyOpensNothing, RelayUnreachable
 */
export async function enrolByPasskey(options: EnrolmentOptions): Promise<Membership> {
  const home = await readWantedHome(options);
  const api = createRelayApi(home.apiBase);
  const { idTag } = home.profile;
  const { response, secret } = await showPasskey(await askChallenge(api, 'open'), idTag);
  const key = await openWay(api, { passkey: response });
  if (!key || !secret) throw new PasskeyOpensNothing('This passkey cannot let a device in by itself.');
  return enter(home, options, await openEnrolmentKey(key.sealed, { idTag, did: key.did }, secret));
}
