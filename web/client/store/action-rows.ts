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
 * An action as this device knows it. `id` is the draft's `_` for one's own and the action id for everybody else's.
 * `waiting`: only on this device; `accepted`: countersigned, or received.
 */
export interface ActionRow {
  id: string;
  actionId?: string;
  iss: string;
  /** `TYPE` or `TYPE:SUBTYPE`. */
  t: string;
  /** What `p`, else `sub` names: an action id, or the `id` of a row that has none yet. */
  about?: string;
  aud?: string;
  text: string;
  /** Seconds since 1970, as the author stated. */
  iat: number;
  files: AttachedFile[];
  /** Of one's own: what has to be at the relay before it is sent. */
  uploads?: Upload[];
  token?: string;
  state: 'waiting' | 'accepted' | 'superseded' | 'refused';
  reason?: string;
  deliveries: DeliveryRow[];
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
  uploads: Upload[];
}

/** Somebody the identity follows or is followed by, as the relay told last. */
export interface PersonRow {
  idTag: string;
  name: string;
  following: 0 | 1;
  follower: 0 | 1;
  /** Descriptor of the picture that they show of themselves. */
  picture?: string;
}
