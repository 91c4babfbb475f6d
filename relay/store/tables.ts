import type { Generated } from 'kysely';
import type { ArchiveTables } from './tables-archives.ts';
import type { DeviceTables } from './tables-devices.ts';
import type { IdentityTables } from './tables-identity.ts';
import type { AllowanceRow } from './tables-limits.ts';
import type { InvitationRow, NameRow } from './tables-names.ts';
import type { QuarantineBlobRow, QuarantineRow } from './tables-quarantine.ts';
import type { TryRow, VerificationRow, WayRow } from './tables-ways.ts';

/** Times named `*_at` are milliseconds since 1970 by the relay's clock; `iat` and `exp` are seconds, as signed. */
export interface Tables extends ArchiveTables, DeviceTables, IdentityTables {
  identities: IdentityRow;
  identity_keys: IdentityKeyRow;
  setups: SetupRow;
  device_log: DeviceLogRow;
  delegations: DelegationRow;
  chains: ChainRow;
  links: LinkRow;
  assertions: AssertionRow;
  actions: ActionRow;
  deliveries: DeliveryRow;
  absences: AbsenceRow;
  twins: TwinRow;
  relations: RelationRow;
  profiles: ProfileRow;
  pins: PinRow;
  histories: HistoryRow;
  files: FileRow;
  file_blobs: FileBlobRow;
  attachments: AttachmentRow;
  holdings: HoldingRow;
  uploads: UploadRow;
  quotas: QuotaRow;
  unreferenced: UnreferencedRow;
  damages: DamageRow;
  chores: ChoreRow;
  sync_batches: SyncBatchRow;
  room_rows: RoomRowRow;
  room_states: RoomStateRow;
  ways: WayRow;
  tries: TryRow;
  verifications: VerificationRow;
  quarantine: QuarantineRow;
  quarantine_blobs: QuarantineBlobRow;
  names: NameRow;
  invitations: InvitationRow;
  probes: ProbeRow;
  allowances: AllowanceRow;
}

export interface IdentityRow {
  id_tag: string;
  name: string;
  /** Names the tenant's sync log; other data, other name (SPEC S4). */
  log_id: string;
  /** `f1~` of the pictures that it shows of itself. */
  profile_pic: string | null;
  cover_pic: string | null;
  created_at: number;
}

export interface IdentityKeyRow {
  id_tag: string;
  key_id: string;
  /** Base64 of the SPKI. */
  public_key: string;
  /** PKCS#8 sealed under KEYS_SECRET. */
  sealed: Uint8Array;
  created_at: number;
  /** Seconds; set when its end is known: another key is planned, or it was revoked. */
  expires: number | null;
  /** It is listed from the beginning and signs from then on. */
  used_from: number;
  revoked_at: number | null;
}

/** At most one open setup token an identity; the token itself is never stored. */
export interface SetupRow {
  id_tag: string;
  token_hash: string;
  expires_at: number;
  /** Hash of the entry that used it. */
  used_entry: string | null;
}

export interface DeviceLogRow {
  id_tag: string;
  seq: number;
  hash: string;
  entry: string;
  /** Countersignature: key id and token. */
  k: string;
  token: string;
  received_at: number;
}

export interface DelegationRow {
  jti: string;
  id_tag: string;
  did: string;
  token: string;
  exp: number;
  revoked_at: number | null;
}

/** A chain of delegations that was shown for an access token, under its hash. */
export interface ChainRow {
  id: string;
  id_tag: string;
  /** JSON list of tokens. */
  chain: string;
  exp: number;
}

export interface LinkRow {
  id: string;
  id_tag: string;
  expires_at: number;
  /** Request of the new device, JSON. */
  request: string | null;
  /** The device that was enrolled over this link. */
  did: string | null;
  /** What the enrolling device tells the new one (SPEC P3). */
  confirmation: string | null;
}

/** What was shown once for an access token. */
export interface AssertionRow {
  id_tag: string;
  /** Of a neighbour: `@<id tag>`. */
  did: string;
  jti: string;
  exp: number;
}

export interface ActionRow {
  /** Order in which devices pull; a changed row takes a new one. */
  seq: number;
  id_tag: string;
  statement_id: string;
  action_id: string;
  iss: string;
  /** `_` of our own drafts: one token each. */
  nonce: string | null;
  type: string;
  /** Database key of an upsert. */
  key: string | null;
  visibility: string;
  iat: number;
  token: string;
  /** JSON: device signature and delegations of our own, the whole proof of a neighbour's; null when there is none. */
  proof: string | null;
  /** When the issuer was last asked for the proof. */
  proof_asked_at: number;
  origin: 'own' | 'received';
  /** `confirm`: a person is to decide; `waiting`: came as `related` and is not taken yet; `deleted`: taken back. */
  state: 'active' | 'confirm' | 'waiting' | 'superseded' | 'deleted';
  received_at: number;
  aud: string | null;
  /** What `p` and `sub` name, and what the action is about. */
  parent: string | null;
  subject: string | null;
  about: string | null;
}

/** Another identifier of a stored action: anybody can make a second signature of the first one. */
export interface TwinRow {
  id_tag: string;
  action_id: string;
  iss: string;
  statement_id: string;
}

export type DeliveryState = 'waiting' | 'delivered' | 'refused' | 'quarantined';

export interface DeliveryRow {
  id: Generated<number>;
  id_tag: string;
  statement_id: string;
  neighbour: string;
  state: DeliveryState;
  tries: number;
  next_at: number;
  reason: string | null;
}

/** A neighbour that is left alone for a while. */
export interface AbsenceRow {
  neighbour: string;
  /** Times in a row that it did not take anything. */
  failures: number;
  /** It is not asked before this time. */
  until: number;
  /** 1 when it answered, but took nothing. */
  reached: 0 | 1;
}

export interface RelationRow {
  id_tag: string;
  neighbour: string;
  following: 0 | 1;
  follower: 0 | 1;
  /** `asked`: we asked; `asking`: they did. */
  connected: 'none' | 'asked' | 'asking' | 'connected';
  blocked: 0 | 1;
  muted: 0 | 1;
}

/** What a neighbour's `/api/me` said, or that it failed. */
export interface ProfileRow {
  id_tag: string;
  etag: string | null;
  profile: string | null;
  fetched_at: number;
  failed_until: number;
  failure: string | null;
  /** When the failures in a row began; 0 when it answered. */
  failing_since: number;
  /** When it last answered after so long a time that it was suspended. */
  returned_at: number;
}

/** What is known of a neighbour's keys and devices since the first contact (SPEC L6, Y7). */
export interface PinRow {
  id_tag: string;
  neighbour: string;
  /** JSON list of its public identity keys. */
  keys: string;
  /** Newest entry of its device log that was seen; null when it has none. */
  head: string | null;
  length: number;
  changed: 0 | 1;
  forked: 0 | 1;
  /** JSON: what it showed instead, when something does not fit. */
  offered: string | null;
  /** Since when it stands so. */
  since: number;
  looked_at: number;
}

/** The earlier posts of a neighbour, which are asked for when it becomes a contact. */
export interface HistoryRow {
  id_tag: string;
  neighbour: string;
  state: 'waiting' | 'done';
  tries: number;
  next_at: number;
  /** When it was asked last and answered; 0 when never. */
  pulled_at: number;
}

export interface FileRow {
  id: string;
  id_tag: string;
  descriptor: string;
  content_type: string;
  file_name: string;
  /** 'P': open to everybody who knows the id. */
  visibility: 'P' | 'D';
  created_at: number;
}

/** Which blobs a file's descriptor names. */
export interface FileBlobRow {
  id_tag: string;
  file_id: string;
  blob: string;
  format: string;
}

/** A file that an action attaches; fetched from `owner` until it is here. */
export interface AttachmentRow {
  id_tag: string;
  statement_id: string;
  file_id: string;
  owner: string;
  state: 'waiting' | 'stored' | 'failed';
  tries: number;
  next_at: number;
}

/** A blob that an identity has here. It counts while it is loose or a file of the identity names it. */
export interface HoldingRow {
  id_tag: string;
  blob: string;
  size: number;
  /** 1: named by no file, as pictures in documents are; kept until it is taken back. */
  loose: 0 | 1;
  /** The neighbour it was fetched from; null when the identity's own devices brought it. */
  fetched_from: string | null;
  added_at: number;
}

/** A resumable upload, one for a blob; its size is set aside in the quota until it is done or given up. */
export interface UploadRow {
  id: string;
  id_tag: string;
  blob: string;
  size: number;
  /** Bytes that are staged for good; never more than are on the disk. */
  received: number;
  loose: 0 | 1;
  created_at: number;
  touched_at: number;
}

/** An operator's own limit for one identity, in bytes; it wins over `STORAGE_LIMIT`. */
export interface QuotaRow {
  id_tag: string;
  bytes: number;
}

/** A blob that nobody was found to refer to, and since when. */
export interface UnreferencedRow {
  blob: string;
  since: number;
}

/** A blob whose bytes did not have its hash when they were read. */
export interface DamageRow {
  blob: string;
  found_at: number;
}

/** When something that is done now and then was done last. */
export interface ChoreRow {
  name: string;
  done_at: number;
}

/** One batch as a device signed it; its rows have the numbers up to `seq` in the log. */
export interface SyncBatchRow {
  id_tag: string;
  seq: number;
  chain: string;
  device: string;
  session: string;
  first: number;
  last: number;
  batch: Uint8Array;
  received_at: number;
}

/** A batch of the log, by the number of its last row, and a document that it has rows of. */
export interface RoomRowRow {
  id_tag: string;
  doc: string;
  seq: number;
}

/** A document as all its rows up to `seq` make it: a Yjs update (v1), and a cache. */
export interface RoomStateRow {
  id_tag: string;
  doc: string;
  seq: number;
  state: Uint8Array;
}

export interface ProbeRow {
  id: number;
  value: string;
}
