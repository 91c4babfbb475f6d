import type { ParsedAction } from '../../shared/action/action.ts';
import type { Random } from '../../shared/bytes.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import type { Devices } from '../identity/devices.ts';
import { createLock } from '../identity/lock.ts';
import type { NodeKeys } from '../identity/node-keys.ts';
import type { SafeFetch } from '../identity/safe-fetch.ts';
import type { Database } from '../store/database.ts';
import { createAcceptOne } from './accept.ts';
import { type Adopt, createAdopt } from './adopt.ts';
import type { Verify } from './keys.ts';
import type { SaidAction } from './own.ts';
import { createTellPresence, type Presence } from './presence.ts';
import type { StoredAction } from './record.ts';
import { type Accept, createAccept } from './related.ts';
import { createRelatedOf, type RelatedOf } from './related-of.ts';
import { createStats } from './stats.ts';
import { createSubmit, type Submit } from './submit.ts';
import { createWaiting } from './waiting.ts';

export interface TalkParts {
  readonly db: Database;
  readonly keys: NodeKeys;
  readonly devices: Devices;
  readonly verify: Verify;
  /** The same for what was taken before: by a key that may have been retired since. */
  readonly verifyPast: Verify;
  readonly fetch: SafeFetch;
  readonly random: Random;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Something new waits for these neighbours. */
  readonly queued: (neighbours: readonly IdTag[]) => void;
  /** Something of this issuer was stored. */
  readonly accepted: (iss: IdTag) => void;
  /** An action of the identity's own or from outside was stored. */
  readonly actionStored: (stored: StoredAction) => void;
  /** It passes by and is not stored. */
  readonly passed: (action: ParsedAction) => void;
  /** The identity's devices have something to fetch. */
  readonly changed: () => void;
  readonly report: (error: unknown) => void;
}

/** What an identity says and hears. */
export interface Talk {
  readonly submit: Submit;
  readonly accept: Accept;
  readonly adopt: Adopt;
  readonly relatedOf: RelatedOf;
  /** Does not wait for anybody. */
  readonly tellPresence: (presence: Presence) => void;
  /** Looks at the clock and at what waits. */
  wake(): Promise<void>;
  close(): Promise<void>;
}

export function createTalk(parts: TalkParts): Talk {
  const { db, keys, changed } = parts;
  const common = { ...parts, idTag: keys.idTag, lock: createLock() };

  const said = (action: SaidAction): void => {
    parts.queued(action.recipients);
    parts.actionStored(action);
    if (action.recounts !== undefined) stats.mark(action.recounts);
  };
  const stats = createStats({ ...common, said });
  const received = (stored: StoredAction, recounts: string | undefined): void => {
    changed();
    parts.actionStored(stored);
    parts.accepted(stored.action.payload.iss);
    waiting.wake(stored.action.payload.iss);
    if (recounts !== undefined) stats.mark(recounts);
  };
  const acceptOne = createAcceptOne({ ...common, received, said });
  const waiting = createWaiting({ ...common, acceptOne });
  const tellPresence = createTellPresence(parts);
  return {
    submit: createSubmit({ ...common, said }),
    accept: createAccept({ ...common, acceptOne, waiting }),
    adopt: createAdopt(common),
    relatedOf: createRelatedOf(db),
    tellPresence: (presence) => void tellPresence(presence).catch(parts.report),
    wake: async () => void (await Promise.all([stats.wake(), waiting.wakeAll()])),
    close: async () => void (await Promise.all([stats.close(), waiting.close()])),
  };
}
