import type { ShareLevel } from '../rooms/shared-documents.ts';
import { levelOf } from '../rooms/shared-documents.ts';
import type { ActionRow } from '../store/action-rows.ts';
import { deliveryState } from './said.ts';

/** Somebody who has a document of ours. */
export interface ShareView {
  idTag: string;
  /** The `id` of its row. */
  id: string;
  /** Absent when it was taken back, and that has not arrived yet. */
  level?: ShareLevel;
  state: 'waiting' | 'sent' | 'delivered' | 'refused';
  reason?: string;
}

function toShare(row: ActionRow, known: readonly ActionRow[]): ShareView | undefined {
  const { state, reason } = deliveryState(row);
  const level = levelOf(row);
  const isDone = level === undefined && (state === 'delivered' || state === 'sent');
  // What was never let out needs no end that arrives.
  if (row.aud === undefined || isDone) return undefined;
  const refused =
    row.state === 'refused' ? known.find((other) => other !== row && other.state !== 'refused') : undefined;
  const holding = refused ? levelOf(refused) : level;
  return {
    ...{ idTag: row.aud, id: row.id, state: state === 'partly' ? 'refused' : state },
    ...(holding && { level: holding }),
    ...(reason !== undefined && { reason }),
  };
}

/**
 * Who has a document, by what was said last to each. Pure.
 * @param rows `FSHR` actions
 */
export function buildShares(rows: readonly ActionRow[], document: string, idTag: string): ShareView[] {
  const own = rows.filter(({ type, sub, iss }) => type === 'FSHR' && sub === document && iss === idTag);
  const shares: ShareView[] = [];
  for (const said of Map.groupBy(own, ({ aud }) => aud ?? '').values()) {
    const newestFirst = said.sort((a, b) => b.iat - a.iat);
    const share = newestFirst[0] && toShare(newestFirst[0], newestFirst);
    if (share) shares.push(share);
  }
  return shares.sort((a, b) => a.idTag.localeCompare(b.idTag));
}
