import { bytesToBase64url, type Random } from '../../shared/bytes.ts';

/**
 * Addresses at which a browser fetches a file by itself, without a token: they hold for an hour, for one archive, and are forgotten
 * when the relay stops.
 */
export interface Tickets {
  create(idTag: string, id: string): string;
  /** True when the ticket was made for this archive and still holds. */
  holds(ticket: string, idTag: string, id: string): boolean;
}

/** Seconds. */
export const ticketLifetime = 3600;

export function createTickets({ random, now }: { random: Random; now: () => number }): Tickets {
  const made = new Map<string, { place: string; until: number }>();
  return {
    create(idTag, id) {
      for (const [ticket, { until }] of made) if (until < now()) made.delete(ticket);
      const ticket = bytesToBase64url(random(24));
      made.set(ticket, { place: `${idTag} ${id}`, until: now() + ticketLifetime * 1000 });
      return ticket;
    },
    holds(ticket, idTag, id) {
      const found = made.get(ticket);
      return found !== undefined && found.place === `${idTag} ${id}` && found.until >= now();
    },
  };
}
