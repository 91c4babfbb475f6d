import { appendedSchema } from '../../../shared/api/devices.ts';
import { everything } from '../../../shared/device/capability.ts';
import {
  continuesPinned,
  type DeviceDescription,
  type DeviceLog,
  findDevice,
  signLogEntry,
  verifyDeviceLog,
} from '../../../shared/device/device-log.ts';
import { IsletError } from '../../../shared/errors.ts';
import { openKit, type OpenKit, type RecoveryKit } from '../../../shared/identity/recovery-kit.ts';
import { deviceLogSchema, enrolledSchema, routes } from '../../../shared/routes.ts';
import { describe, type EnrolmentOptions, type Home, joinIdentity, readHome } from '../device/enrolment.ts';
import type { Membership } from '../device/key-store.ts';
import { createRelayApi } from '../relay/relay-api.ts';
import type { Database } from '../store/database.ts';
import { noteLoss, tablesOfLoss } from './losses.ts';

export interface RecoverOptions extends Omit<EnrolmentOptions, 'onAsked'> {
  /** Of the setup link of a relay that knows nothing of the identity. */
  setup?: string | undefined;
}

/**
 * A browser that has nothing comes in by a recovery kit: with the relay that the identity had, or at one that is new (SPEC X15, X16).
 * @throws IsletError E-KIT-INVALID (`details.reason`, also `older`: a later kit took its place, `log-missing`: the new relay needs the file,
 *   `setup-missing`), E-LOG-FORK, E-SETUP-*; RelayUnreachable
 */
export async function recoverWithKit(
  kit: RecoveryKit,
  passphrase: string,
  options: RecoverOptions,
): Promise<Membership> {
  const open = await openKit(kit, passphrase);
  const keys = await options.store.deviceKeys();
  const home = await readHome(options.appOrigin, kit.key.idTag);
  if (home.profile.idTag !== kit.key.idTag)
    throw new IsletError('E-KIT-INVALID', `this relay is that of ${home.profile.idTag}`, undefined, {
      reason: 'elsewhere',
    });
  const api = createRelayApi(home.apiBase);
  const { entries } = await api.get(routes.deviceLog, deviceLogSchema);
  const told = entries.map(({ entry }) => entry);
  const device = describe(keys, options);
  const answer =
    told.length > 0
      ? await enterLiving({ open, told, device, home }, options)
      : await enterEmpty({ open, kit, device, home }, options);
  const log = await verifyDeviceLog(
    kit.key.idTag,
    answer.entries.map(({ entry }) => entry),
  );
  if (!findDevice(log, keys.did))
    throw new IsletError('E-LOG-INVALID', 'the relay answered with another device log');
  return joinIdentity(options.store, await readHome(options.appOrigin, kit.key.idTag), answer);
}

interface Entering {
  readonly open: OpenKit;
  readonly device: DeviceDescription;
  readonly home: Home;
}

function refuse(reason: string, message: string): never {
  throw new IsletError('E-KIT-INVALID', message, undefined, { reason });
}

/** The relay has the log: the recovery key lets this browser in. */
async function enterLiving(
  { open, told, device, home }: Entering & { told: readonly string[] },
  { now }: RecoverOptions,
) {
  const { key } = open;
  const log = await verifyDeviceLog(key.idTag, told);
  if (open.log && !continuesPinned(log, open.log))
    throw new IsletError('E-LOG-FORK', 'the relay shows another device log than that of the kit');
  const known = log.keys.get(key.description.did);
  if (known?.removedAt !== undefined) refuse('older', 'a later recovery kit took the place of this one');
  if (!known) refuse('unknown', 'the relay does not know this recovery kit');
  const entry = await signAddition(log, { open, device }, now());
  const answer = await createRelayApi(home.apiBase).post(routes.deviceLog, { entry }, appendedSchema);
  if (answer.delegation === undefined)
    throw new IsletError('E-DELEGATION-INVALID', 'the relay gave this browser no delegation');
  return { delegation: answer.delegation, entries: answer.entries };
}

/** The relay has nothing: it gets the log of the kit. */
async function enterEmpty(
  { open, kit, device, home }: Entering & { kit: RecoveryKit },
  { setup, now }: RecoverOptions,
) {
  if (!open.log) refuse('log-missing', 'an empty relay needs the file of the kit, not its code alone');
  if (setup === undefined) refuse('setup-missing', 'an empty relay lets nobody in without its setup link');
  const entry = await signAddition(open.log, { open, device }, now());
  const request = { setup, entries: kit.entries, keys: kit.keys, entry };
  return createRelayApi(home.apiBase).post(routes.restore, request, enrolledSchema);
}

function signAddition(
  log: DeviceLog,
  { open: { key }, device }: Pick<Entering, 'open' | 'device'>,
  now: number,
): Promise<string> {
  const op = { t: 'add' as const, device, cap: [...everything] };
  const said = { iss: key.idTag, iat: Math.floor(now / 1000), by: key.description.did, op };
  return signLogEntry(log, said, key.sign);
}

/**
 * The browser that holds everything goes on at a relay that has nothing (SPEC X17), and notes that it is to fill it.
 * @throws IsletError E-SETUP-*, E-LOG-PERMISSION; RelayUnreachable
 */
export async function goOnAtNewRelay(
  setup: string,
  options: Pick<RecoverOptions, 'store' | 'appOrigin' | 'now'> & { db: Database },
): Promise<Membership> {
  const { store, appOrigin, now, db } = options;
  const [membership, keys] = await Promise.all([store.membership(), store.existingKeys()]);
  if (!membership || !keys) throw new IsletError('E-AUTH-UNAUTH', 'this browser is not enrolled');
  const { idTag, entries } = membership;
  const home = await readHome(appOrigin, idTag);
  if (home.profile.idTag !== idTag)
    throw new IsletError('E-SETUP-USED', `this browser belongs to ${idTag}`, home.profile.idTag);
  const log = await verifyDeviceLog(idTag, entries);
  const op = { t: 'gen' as const, gen: log.gen + 1 };
  const said = { iss: idTag, iat: Math.floor(now() / 1000), by: keys.did, op };
  const request = { setup, entries, keys: membership.keys, entry: await signLogEntry(log, said, keys.sign) };
  const answer = await createRelayApi(home.apiBase).post(routes.restore, request, enrolledSchema);
  const joined = await joinIdentity(store, await readHome(appOrigin, idTag), answer);
  await db.transaction('rw', tablesOfLoss(db), () => noteLoss(db, now()));
  return joined;
}
