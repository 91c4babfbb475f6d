import type { Random } from '../../../shared/bytes.ts';
import type { DeviceLog } from '../../../shared/device/device-log.ts';
import type { IdentityKey } from '../../../shared/identity/key-set.ts';
import type { DeviceKeys, Membership } from '../device/key-store.ts';
import type { AccessToken, RelayApi } from '../relay/relay-api.ts';
import type { Database } from '../store/database.ts';
import type { Scope } from './scope.ts';
import type { Presence } from './state-link.ts';
import type { SyncDocuments } from './sync-documents.ts';
import type { SyncState } from './sync-state.ts';

export interface SyncOptions {
  db: Database;
  documents: SyncDocuments;
  keys: DeviceKeys;
  membership: Membership;
  accessToken: AccessToken;
  /** The relay, asked for what comes before the log. */
  api: Pick<RelayApi, 'get' | 'download'>;
  /** Else nothing is sent (SPEC C11). */
  mayWrite: boolean;
  /** What of it is pushed by a device that has not all documents (SPEC C15). */
  scope?: Scope | undefined;
  readLog: () => Promise<DeviceLog>;
  /** The identity keys, as the relay tells them now. */
  readKeys: () => Promise<readonly IdentityKey[]>;
  now: () => number;
  random: Random;
  onState: (state: SyncState) => void;
  /** The relay says that something besides documents changed. */
  onWake: (topic: string) => void;
  /** Somebody is there, or writes. */
  onPresence: (presence: Presence) => void;
}

export interface Sync {
  /** Tries at once instead of waiting for the next attempt. */
  wake(): void;
  close(): void;
}
