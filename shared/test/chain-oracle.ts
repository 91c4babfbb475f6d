/**
 * A second opinion on delegation chains, written apart from the code it judges: a small world in which every right is
 * a pair (act, resource) that can be listed, and a chain is a list of plain facts.
 */

export type Right = `${string}|${string}`;

/** What is wrong with a link, besides what the facts say. */
export type Fault =
  'none' | 'expired' | 'signed by a stranger' | 'another generation' | 'key exchanged' | 'withdrawn';
export const faults: readonly Fault[] = [
  'none',
  'expired',
  'signed by a stranger',
  'another generation',
  'key exchanged',
  'withdrawn',
];

export interface LinkFacts {
  /** Number of the principal the link is given to. */
  readonly to: number;
  readonly rights: ReadonlySet<Right>;
  readonly fault: Fault;
  /** How much further it may be handed on, by its own words. */
  readonly depth: number;
}

export interface World {
  /** What the log grants each principal; undefined when it is not in the log. */
  readonly granted: readonly (ReadonlySet<Right> | undefined)[];
  readonly removed: ReadonlySet<number>;
  readonly neverHandedOn: ReadonlySet<string>;
}

function within(some: ReadonlySet<Right>, all: ReadonlySet<Right>): boolean {
  for (const right of some) if (!all.has(right)) return false;
  return true;
}

function actOf(right: Right): string {
  return right.split('|')[0]!;
}

/** Whether the chain holds: faultless, from an enrolled device down, with rights and depth that only shrink. */
export function oracle(chain: readonly LinkFacts[], { granted, removed, neverHandedOn }: World): boolean {
  if (chain.length < 1 || chain.length > 4) return false;
  for (const [place, link] of chain.entries()) {
    if (link.fault !== 'none' || removed.has(link.to)) return false;
    const above = place === 0 ? granted[link.to] : chain[place - 1]!.rights;
    if (!above || !within(link.rights, above)) return false;
    if (place === 0) continue;
    if (link.depth >= chain[place - 1]!.depth) return false;
    for (const right of link.rights) if (neverHandedOn.has(actOf(right))) return false;
  }
  return true;
}
