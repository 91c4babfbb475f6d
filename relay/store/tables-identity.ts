/** What a contact was told last of keys and devices: a hash of both. */
export interface TellingRow {
  id_tag: string;
  neighbour: string;
  told: string;
}

/** A `service` entry of the did document. */
export interface ServiceRow {
  id_tag: string;
  kind: 'relay' | 'app' | 'site';
  url: string;
}

/** Another name of the identity: `dns:`, `https:`, `did:key:`, `did:pkh:`. */
export interface LinkedRow {
  id_tag: string;
  uri: string;
  /** The signature, where the other side signs. */
  proof: string | null;
  added_at: number;
  checked_at: number;
  /** When it last held; null when it has not for too long. */
  proven_at: number | null;
  /** Why the last look failed. */
  reason: string | null;
}

/** What this relay found when it checked the names of a neighbour itself. */
export interface SeenLinksRow {
  id_tag: string;
  /** JSON. */
  links: string;
  checked_at: number;
}

export interface IdentityTables {
  tellings: TellingRow;
  services: ServiceRow;
  linked: LinkedRow;
  seen_links: SeenLinksRow;
}
