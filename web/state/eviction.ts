import type { Documents } from '../client/documents/documents.ts';
import { storageName } from '../client/spaces.ts';
import type { Database } from '../client/store/database.ts';
import { formatHoldings, type Holdings, parseHoldings, wasEvicted } from '../client/store/eviction.ts';
import { setNotice } from './chip.ts';
import { showFollowed } from './followed.ts';
import { identityState } from './identity.ts';
import { readStored, writeStored } from './stored.ts';

const heldKey = storageName('islet:held-here');
const evictedKey = storageName('islet:evicted');
/** Pause between a change and the note of it, milliseconds. */
const pause = 500;

/** What was here before the browser cleared it, until somebody has read that. */
export function readEvicted(): Holdings | undefined {
  return parseHoldings(readStored(evictedKey));
}

/** It was read. */
export function putAsideEvicted(): void {
  writeStored(evictedKey, null);
  setNotice('evicted', false);
}

/** Says what the browser threw away since the last visit, and from now on notes what is here. */
export function watchHoldings(documents: Documents, db: Database): void {
  const before = readStored(heldKey);
  if (wasEvicted(parseHoldings(before), documents.tree.rows().size)) writeStored(evictedKey, before);
  if (readEvicted()) setNotice('evicted', true);

  let unsent: string[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const claimed = identityState.identity.kind === 'claimed';
    const entries = documents.tree.rows().size;
    writeStored(heldKey, formatHoldings({ entries, claimed, unsent, at: Date.now() }));
  };
  const soon = (): void => {
    // Somebody emptied it: that must not look like a loss.
    if (documents.tree.rows().size === 0) write();
    else timer ??= setTimeout(write, pause);
  };
  const titleOf = (id: string): string => documents.tree.rows().get(id)?.title ?? '';
  documents.tree.onChange(soon);
  showFollowed(
    () => db.sync.filter(({ since }) => since !== undefined).primaryKeys(),
    (ids) => {
      unsent = ids.map(titleOf).filter((title) => title !== '');
      soon();
    },
  );
  addEventListener('pagehide', write);
}
