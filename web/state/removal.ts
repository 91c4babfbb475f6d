import { createSignal } from 'solid-js';
import * as v from 'valibot';
import type { Account } from '../client/account.ts';
import type { KeyStore } from '../client/device/key-store.ts';
import { findOwnPlace, refuseWaiting } from '../client/device/removal.ts';
import type { Standing } from '../client/device/renewal.ts';
import type { Documents } from '../client/documents/documents.ts';
import { RelayUnreachable } from '../client/relay/relay-api.ts';
import { storageName } from '../client/spaces.ts';
import type { Database } from '../client/store/database.ts';
import { t } from '../i18n/devices/translate.ts';
import { formatDay } from '../i18n/translate.ts';
import { setRelaySync } from './chip.ts';
import { random } from './documents.ts';
import { removeOwnSpace } from './spaces.ts';

const wipedSchema = v.object({
  kind: v.literal('wiped'),
  idTag: v.string(),
  /** Milliseconds. */
  at: v.number(),
  documents: v.number(),
  drafts: v.number(),
  files: v.number(),
  changes: v.number(),
  left: v.number(),
});

/** What becomes of this browser as a lost device. */
export type Removal =
  /** It was lost: what only it has goes to the relay, then everything is deleted. */
  | { kind: 'handing'; done: number; total: number }
  /** Told in the space that comes after. */
  | v.InferOutput<typeof wipedSchema>;

const wipedKey = 'islet:wiped';

function readWiped(): Removal | undefined {
  const stored = sessionStorage.getItem(wipedKey);
  sessionStorage.removeItem(wipedKey);
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), wipedSchema), stored);
  return parsed.success ? parsed.output : undefined;
}

const [removal, setRemoval] = createSignal<Removal | undefined>(readWiped());
export { removal };

export interface RemovalParts {
  readonly db: Database;
  readonly documents: Documents;
  readonly store: KeyStore;
  readonly now: () => number;
  /** Undefined until it speaks. */
  readonly account: () => Account | undefined;
}

/**
 * What a device does that the relay says is removed: it believes the device log alone (SPEC L12). Asked again while that lasts.
 * @returns what hears of it
 */
export function createRemoval(parts: RemovalParts): (standing: Standing) => void {
  let looking = false;
  return (standing) => {
    if (standing.kind !== 'removed' || looking) return;
    looking = true;
    look(parts)
      .catch((error: unknown) => {
        if (error instanceof RelayUnreachable) return; // asked again
        setRelaySync({ kind: 'attention', message: error instanceof Error ? error.message : String(error) });
      })
      .finally(() => (looking = false));
  };
}

async function look(parts: RemovalParts): Promise<void> {
  const [membership, keys] = await Promise.all([parts.store.membership(), parts.store.existingKeys()]);
  if (!membership || !keys) return;
  const place = await findOwnPlace(membership, keys.did);
  if (place.kind === 'in') return;
  const at = place.at * 1000;
  if (!place.lost) {
    await refuseWaiting(parts.db, t('removed.refused', { date: formatDay(at) }));
    return;
  }
  // One tab does it; the others leave when the space is gone.
  await navigator.locks.request(storageName('islet-lost'), { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    const onProgress = (progress: { done: number; total: number }): void => {
      setRemoval({ kind: 'handing', ...progress });
      setRelaySync({ kind: 'attention', message: t('handing', { ...progress }) });
    };
    const { handOver } = await import('../client/device/hand-over.ts');
    const handed = await handOver({ ...parts, keys, membership, random, onProgress });
    parts.account()?.close();
    await removeOwnSpace({ leaveList: false });
    const wiped: Removal = { kind: 'wiped', idTag: membership.idTag, at, ...handed };
    sessionStorage.setItem(wipedKey, JSON.stringify(wiped));
    location.replace('/settings');
  });
}
