import type { Relation } from '../action/define.ts';

/** What an identity may be to another, in rising order, as neighbours name it. */
export const guestRoles = ['public', 'follower', 'supporter', 'contributor', 'moderator', 'leader'] as const;
export type GuestRole = (typeof guestRoles)[number];

/**
 * The roles that an access token tells its holder (SPEC O3): all up to its own. Who is connected contributes; of a community these
 * are its members. They are told, and never believed: every use looks the relation up.
 */
export function rolesOf({ follower, connected }: Relation): readonly GuestRole[] {
  const highest = connected === 'connected' ? 'contributor' : follower ? 'follower' : 'public';
  return guestRoles.slice(0, guestRoles.indexOf(highest) + 1);
}

/** Of the identity itself, from its own devices. */
export const ownRoles: readonly GuestRole[] = guestRoles;
