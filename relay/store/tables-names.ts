/** A name that was given here, and stays given when its identity is gone. */
export interface NameRow {
  id_tag: string;
  type: 'person' | 'community';
  /** Who invited or asked for it: an identity here, or the one that registered it from elsewhere. */
  by_id_tag: string | null;
  /** Where its identity is, when that is not here: an address or a host. */
  address: string | null;
  /** Hash of the key with which its owner says where it is. */
  key_hash: string | null;
  registered_at: number;
  /** Milliseconds; null while it is in use. */
  ended_at: number | null;
}

/** One person may come. */
export interface InvitationRow {
  code_hash: string;
  by_id_tag: string;
  /** For whom, as the inviter calls them. */
  note: string;
  made_at: number;
  expires_at: number;
  used_by: string | null;
}
