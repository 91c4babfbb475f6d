import type { KeptProof } from '../../../shared/api/kept-proof.ts';
import type { Statement } from '../../../shared/action/action.ts';

/** Where an action of one's own stands with one receiver. */
export interface DeliveryRow {
  to: string;
  state: 'waiting' | 'delivered' | 'refused' | 'quarantined';
  reason?: string;
}

/** A file that an action attaches: enough to show it and to upload it. */
export interface AttachedFile {
  id: string;
  descriptor: string;
}

/** A file of one's own on its way to the relay. */
export interface Upload {
  fileId: string;
  descriptor: string;
  contentType: string;
  fileName: string;
}

/**
 * Where an action is. `waiting`: only on this device. `accepted`: countersigned, or received. `confirm`: received, and somebody is to decide.
 * `superseded`: a later one with the same key holds. `deleted`: taken back. `refused`: by the relay, with the reason.
 */
export type ActionState = 'waiting' | 'accepted' | 'confirm' | 'superseded' | 'deleted' | 'refused';

/**
 * An action as this device knows it. `id` is the draft's `_` for one's own and the action id for everybody else's.
 * `p` and `sub` name an action by its action id, or by the `id` of its row as long as it has none; files and documents by theirs.
 */
export interface ActionRow {
  id: string;
  actionId?: string;
  iss: string;
  /** `TYPE` or `TYPE:SUBTYPE`. */
  t: string;
  /** The part of `t` before the colon. */
  type: string;
  p?: string;
  sub?: string;
  aud?: string;
  /** `c` when it is a text, else empty. */
  text: string;
  /** `c` when it is anything else. */
  content?: unknown;
  v?: string;
  f?: string;
  /** 1: of a type or subtype that this version does not know. */
  raw?: 1;
  /** Seconds since 1970, as the author stated. */
  iat: number;
  /** Milliseconds since 1970: when the relay stored it, by its clock; when it was written, while it has not. */
  receivedAt: number;
  files: AttachedFile[];
  /** Of one's own: what has to be at the relay before it is sent. */
  uploads?: Upload[];
  token?: string;
  state: ActionState;
  reason?: string;
  /** At most 50 of them, those that are not delivered first. */
  deliveries: DeliveryRow[];
  /** Of all of them. */
  deliveryCounts?: Record<DeliveryRow['state'], number>;
  /** Of one's own: what shows that a device said it, for a relay that does not have it any more. */
  proof?: KeptProof;
  /** 1: nobody has looked yet whether it was said by a device. */
  unchecked?: 1;
  /** What the look gave. */
  verdict?: 'device' | 'order' | 'relay' | 'pending' | 'unproven' | 'failed';
}

/** A statement that the relay has not countersigned; flushed in this order. */
export interface OutboxRow {
  order?: number;
  /** The `id` of its action row, and its `_`. */
  id: string;
  statement: Statement;
  /** Members of the statement that name a row of this outbox (SPEC D7). */
  local: { p?: string; sub?: string };
  /** Signed already when nothing in it is local. */
  draft?: string;
  /** The device key that has signed `draft`; another one signs again. */
  by?: string;
  uploads: Upload[];
  /** Milliseconds since 1970: it can be taken back until then, and is not sent before. */
  notBefore?: number;
}

/** How the identity stands to somebody, as the relay told last. */
export interface PersonRow {
  idTag: string;
  name: string;
  type: 'person' | 'community';
  following: 0 | 1;
  follower: 0 | 1;
  connected: 'none' | 'asked' | 'asking' | 'connected';
  blocked: 0 | 1;
  muted: 0 | 1;
  /** What is known of its keys and devices; `at` in milliseconds. Absent while nothing is. */
  trust?: { state: 'none' | 'pinned' | 'changed' | 'forked'; at: number };
  /** Descriptor of the picture that they show of themselves. */
  picture?: string;
}

/** What was decided here about somebody, until the relay has it. */
export interface StandingRow {
  idTag: string;
  blocked?: boolean;
  muted?: boolean;
  trust?: 'accepted';
}
