import { isErrorCode, IsletError } from '../../shared/errors.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import { parseKit, type RecoveryKit } from '../../shared/identity/recovery-kit.ts';
import { kitRounds, shortestPassphrase } from '../../shared/identity/recovery-key.ts';
import { relaySchema, routes } from '../../shared/routes.ts';
import * as v from 'valibot';
import { createDoorkeeper } from '../client/device/enrolment.ts';
import { openKeyStore } from '../client/device/key-store.ts';
import { createRelayApi, RelayUnreachable } from '../client/relay/relay-api.ts';
import { createKits, type Kits } from '../client/restore/kit.ts';
import { readLoss } from '../client/restore/losses.ts';
import { suggestPassphrase } from '../client/restore/passphrase.ts';
import { goOnAtNewRelay, recoverWithKit } from '../client/restore/recover.ts';
import { database, random } from './documents.ts';
import { openFiles } from './files-client.ts';
import { join, joining } from './joining.ts';
import { createLive } from './live.ts';
import { verified } from './verify.ts';

export type { MadeKit, KitState } from '../client/restore/kit.ts';

const now = (): number => Date.now();

/** The kits of this space. @throws RelayUnreachable while it does not speak with a relay */
async function openKits(): Promise<Kits> {
  const { account } = await openFiles();
  const store = await openKeyStore();
  const keys = await store.existingKeys();
  if (!account || !keys) throw new RelayUnreachable('This space has no name yet.');
  const { api } = account;
  const { readLog } = createDoorkeeper({ api, keys, store, now, random });
  return createKits({ db: await database(), api, keys, readLog, random, now });
}

/** What Settings can do about the kit. Each may reject with RelayUnreachable or IsletError. */
export const kits: Kits = {
  state: async () => (await openKits()).state(),
  make: (passphrase, about) => verified(async () => (await openKits()).make(passphrase, about)),
  prove: (did, text, passphrase) => verified(async () => (await openKits()).prove(did, text, passphrase)),
};

/** What a guess costs, and the fewest characters. */
export const kitCost = { rounds: kitRounds, shortest: shortestPassphrase };

export function suggest(): Promise<string> {
  return suggestPassphrase(random);
}

export { parseKit, type RecoveryKit };

/** Why it did not work, in a word that has a sentence. */
export type RecoveryFailure = { reason: string; message: string };

const reasonSchema = v.object({ reason: v.string() });
const reasons: Partial<Record<string, string>> = {
  'E-LOG-FORK': 'fork',
  'E-SETUP-USED': 'setup',
  'E-SETUP-UNKNOWN': 'setup',
};

export function toFailure(error: unknown): RecoveryFailure {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof RelayUnreachable) return { reason: 'unreachable', message };
  if (!(error instanceof IsletError)) return { reason: 'refused', message };
  const details = v.safeParse(reasonSchema, error.details);
  if (error.code === 'E-KIT-INVALID')
    return { reason: details.success ? details.output.reason : 'form', message };
  return { reason: (isErrorCode(error.code) && reasons[error.code]) || 'refused', message };
}

/** Comes in by a kit; progress is told as by the other ways in. @returns what was wrong, or undefined */
export async function recover(
  kit: RecoveryKit,
  by: { passphrase: string; setup: string | undefined; deviceName: string },
): Promise<RecoveryFailure | undefined> {
  let failure: RecoveryFailure | undefined;
  await join((source) =>
    source.enter(async (parts) => {
      try {
        return await recoverWithKit(kit, by.passphrase, { ...parts, ...by });
      } catch (error) {
        failure = toFailure(error);
        throw error;
      }
    }),
  );
  // What went wrong before the kit was opened, or after this browser was in.
  const now = joining();
  return failure ?? (now.kind === 'failed' ? { reason: now.reason, message: now.message } : undefined);
}

/** The identity that this browser speaks for, and whether its relay knows nothing of it. */
export interface Standing {
  readonly idTag: string | undefined;
  readonly empty: boolean;
}

/** @throws RelayUnreachable */
export async function readStanding(): Promise<Standing> {
  const membership = await (await openKeyStore()).membership();
  if (!membership) return { idTag: undefined, empty: false };
  const { claimed } = await readRelay(membership.idTag);
  return { idTag: membership.idTag, empty: !claimed };
}

function readRelay(idTag: IdTag) {
  return createRelayApi(location.origin).get(`${routes.relay}?idTag=${idTag}`, relaySchema);
}

/** This browser goes on at a relay that has nothing; the page is loaded anew, to speak there. @throws IsletError, RelayUnreachable */
export async function fillNewRelay(setup: string): Promise<void> {
  const store = await openKeyStore();
  await goOnAtNewRelay(setup, { store, appOrigin: location.origin, now, db: await database() });
  // The token is used up, and what runs here still speaks as it did before.
  history.replaceState(null, '', '/recover#filling');
  location.reload();
}

/** What is still on its way to a relay that is being filled; call inside an owner. */
export function createFilling() {
  const opening = database();
  return {
    /** True while something that was said or heard is to be brought. */
    actions: createLive(opening, async (db) => (await readLoss(db)) !== undefined, true),
    documents: createLive(opening, (db) => db.sync.where('dirty').equals(1).count(), 1),
    files: createLive(opening, (db) => db.uploads.where('id').notEqual('').count(), 0),
  };
}

/** The token of a setup link, whole or only what stands behind its `#`; undefined when it is none. */
export function readSetup(text: string): string | undefined {
  return /(?:^|#)([\w-]{16,100})(?:&[\w.-]*)?$/.exec(text.trim())?.[1];
}
