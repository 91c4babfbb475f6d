import type { Generated } from 'kysely';

/** Times named `*_at` are milliseconds since 1970 by the relay's clock; `iat` and `exp` are seconds, as signed. */
export interface Tables {
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
  relations: RelationRow;
  profiles: ProfileRow;
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
  probes: ProbeRow;
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
  /** Seconds; set when the key was retired. */
  expires: number | null;
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

export interface AssertionRow {
  id_tag: string;
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
  state: 'active' | 'superseded';
  received_at: number;
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

export interface RelationRow {
  id_tag: string;
  neighbour: string;
  following: 0 | 1;
  follower: 0 | 1;
}

/** What a neighbour's `/api/me` said, or that it failed. */
export interface ProfileRow {
  id_tag: string;
  etag: string | null;
  profile: string | null;
  fetched_at: number;
  failed_until: number;
  failure: string | null;
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

export interface ProbeRow {
  id: number;
  value: string;
}
