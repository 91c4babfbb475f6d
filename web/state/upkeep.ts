import type { Documents } from '../client/documents/documents.ts';
import { storageName } from '../client/spaces.ts';
import type { Database } from '../client/store/database.ts';
import { decideHeld, readHeld } from '../client/sync/mass-deletion.ts';
import { formatPercent, t } from '../i18n/where/translate.ts';
import { formatBytes } from '../i18n/translate.ts';
import { setNotice } from './chip.ts';
import { database } from './documents.ts';
import { watchHoldings } from './eviction.ts';
import { showFollowed } from './followed.ts';
import { persistStorage, readStorage } from './install.ts';
import { readStored, writeStored } from './stored.ts';
import { openText } from './text-app.ts';
import { showToast } from './toasts.ts';

/** Parts of the room that are told, and that need somebody. */
const tell = 0.8;
const alarm = 0.95;
/** Milliseconds between two looks at the room. */
const look = 5 * 60_000;
const askedKey = storageName('islet:persist-asked');

/** What is done for a page beside its work: its storage is watched, and what a person has to know is said. */
export function keepUp(documents: Documents, db: Database): void {
  watchHoldings(documents, db);
  watchVersion(db);
  watchRoom();
  askToPersist(documents);
  showFollowed(
    () => db.held.count(),
    (n) => setNotice('deletions', n > 0),
  );
}

/** A later version opened the database: this page gives way, and stores nothing of which it does not know the form. */
function watchVersion(db: Database): void {
  db.on('versionchange', ({ newVersion }) => {
    if (newVersion !== null) setNotice('newer', true);
    db.close();
  });
}

/** The browser's promise to keep our storage: asked for on the first gesture after there are words, and once. */
export function askToPersist(documents: Pick<Documents, 'tree'>): void {
  if (!('storage' in navigator) || readStored(askedKey) !== null) return;
  const events = ['pointerdown', 'keydown'] as const;
  const onGesture = (): void => {
    if (documents.tree.rows().size === 0) return;
    for (const name of events) removeEventListener(name, onGesture);
    writeStored(askedKey, '1');
    persistStorage().catch(() => undefined); // refused: Settings says how it stands and asks again
  };
  for (const name of events) addEventListener(name, onGesture, { passive: true });
}

/** How full this browser's storage for us is. */
export interface Fullness {
  readonly part: number;
  readonly words: Record<'percent' | 'used' | 'quota', string>;
}

export async function readFullness(): Promise<Fullness | undefined> {
  if (!('storage' in navigator)) return undefined;
  const { used, quota } = await readStorage();
  if (quota === 0) return undefined;
  const part = used / quota;
  return {
    part,
    words: { percent: formatPercent(part), used: formatBytes(used), quota: formatBytes(quota) },
  };
}

function watchRoom(): void {
  let told = false;
  const check = async (): Promise<void> => {
    const fullness = await readFullness();
    if (!fullness) return;
    setNotice('full', fullness.part >= alarm);
    if (fullness.part >= tell && !told) showToast(t('quota', fullness.words));
    told = fullness.part >= tell;
  };
  const checkQuietly = (): void => void check().catch(() => undefined); // a browser that does not tell cannot be told on
  checkQuietly();
  setInterval(checkQuietly, look);
}

/** What another device took away all at once, and that is still here. */
export async function heldDeletions(): Promise<{ id: string; title: string }[]> {
  const [db, { documents }] = await Promise.all([database(), openText()]);
  return readHeld(db, documents.index.doc);
}

/** SPEC S16. @throws Error in words when this device cannot save */
export async function decideDeletions(keep: boolean): Promise<void> {
  const [db, { documents }] = await Promise.all([database(), openText()]);
  await decideHeld({ db, index: documents.index }, keep);
  showToast(t(keep ? 'kept' : 'takenAway'));
}
