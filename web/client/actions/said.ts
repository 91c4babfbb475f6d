import type { ActionRow, DeliveryRow } from '../store/action-rows.ts';
import type { Directory } from './directory.ts';

/** `partly`: some of its receivers refused it. */
export type DeliveryState = 'waiting' | 'sent' | 'delivered' | 'partly' | 'refused';

/** Something that somebody said, as it is shown. Times are milliseconds. */
export interface SaidView {
  /** The `id` of its row. */
  id: string;
  author: string;
  name: string;
  own: boolean;
  text: string;
  at: number;
  state: DeliveryState;
  reason?: string;
  /** Of one's own: those that are not delivered first. */
  deliveries: DeliveryRow[];
  deliveryCounts?: ActionRow['deliveryCounts'];
  /** What the author's relay shows of keys and devices: `none` proves nothing, as stock nodes; `changed` and `forked` are a warning. */
  trust?: 'none' | 'pinned' | 'changed' | 'forked';
}

const isRefusal = ({ state }: DeliveryRow) => state === 'refused' || state === 'quarantined';

/** Where an action stands, in one word: never better than its worst delivery. */
export function deliveryState({ state, deliveries, reason }: ActionRow): {
  state: DeliveryState;
  reason?: string;
} {
  if (state === 'waiting') return { state };
  if (state === 'refused') return { state, ...(reason !== undefined && { reason }) };
  const refused = deliveries.find(isRefusal);
  if (refused)
    return {
      state: deliveries.every(isRefusal) ? 'refused' : 'partly',
      reason: `${refused.to}: ${refused.reason ?? refused.state}`,
    };
  const arrived = deliveries.length > 0 && deliveries.every((to) => to.state === 'delivered');
  return { state: arrived ? 'delivered' : 'sent' };
}

export function toSaid(row: ActionRow, directory: Directory): SaidView {
  const own = row.iss === directory.idTag;
  const trust = directory.find(row.iss)?.trust?.state;
  return {
    ...{ id: row.id, author: row.iss, name: directory.nameOf(row.iss), own, text: row.text },
    ...{ at: row.iat * 1000, deliveries: row.deliveries },
    ...(own ? deliveryState(row) : { state: 'delivered' }),
    ...(row.deliveryCounts && { deliveryCounts: row.deliveryCounts }),
    ...(trust && { trust }),
  };
}
