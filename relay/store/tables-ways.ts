/** A password or a passkey of an identity. */
export interface WayRow {
  id_tag: string;
  /** `password`, or the id of the credential. */
  id: string;
  kind: 'password' | 'passkey';
  name: string;
  /** The enrolment key that it opens (SPEC L9); null when it only shows that its person is there. */
  did: string | null;
  /** The private halves of that key, sealed by the browser. */
  sealed: string | null;
  /** Of a password: salt of the browser, and `salt.hash` of what it derives. */
  salt: string | null;
  hash: string | null;
  /** Of a passkey: COSE key, and how often its authenticator says that it was used. */
  public_key: Uint8Array | null;
  counter: number;
  /** Milliseconds. */
  created_at: number;
  used_at: number | null;
}

/** Wrong passwords in a row. */
export interface TryRow {
  id_tag: string;
  /** `door`, or the device that verifies its person. */
  door: string;
  failures: number;
  /** Milliseconds; before it nothing is looked at. */
  next_at: number;
}

/** When the person at a device last showed that it is them, milliseconds. */
export interface VerificationRow {
  id_tag: string;
  did: string;
  at: number;
}
