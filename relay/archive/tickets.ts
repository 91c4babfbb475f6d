import { bytesToBase64url, type Random } from '../../shared/bytes.ts';
import type { Session } from '../identity/access.ts';

/**
 * Addresses at which a browser fetches a file by itself, without a token: they hold for an hour, for one archive, and are forgotten
 * when the relay stops.
 */
export interface Tickets {
  /** @param by the device that asks for it: it holds no longer than its access */
  create(idTag: string, id: string, by: Session): string;
  /** Who asked for it, when it was made for this archive and its time is not over. */
  find(ticket: string, idTag: string, id: string): Session | undefined;
}

/** Seconds. */
export const ticketLifetime = 3600;

export function createTickets({ random, now }: { random: Random; now: () => number }): Tickets {
  const made = new Map<string, { place: string; until: number; by: Session }>();
  return {
    create(idTag, id, by) {
      for (const [ticket, { until }] of made) if (until < now()) made.delete(ticket);
      const ticket = bytesToBase64url(random(24));
      made.set(ticket, { place: `${idTag} ${id}`, until: now() + ticketLifetime * 1000, by });
      return ticket;
    },
    find(ticket, idTag, id) {
      const found = made.get(ticket);
      return found?.place === `${idTag} ${id}` && found.until >= now() ? found.by : undefined;
    },
  };
}
