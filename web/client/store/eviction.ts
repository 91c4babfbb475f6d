import * as v from 'valibot';

/** What this browser held when it was last looked at. It lies in `localStorage`, which outlives databases that a browser clears. */
export interface Holdings {
  /** Documents, files and folders. */
  readonly entries: number;
  /** Whether this browser spoke for a name. */
  readonly claimed: boolean;
  /** Titles of what the relay had not acknowledged. */
  readonly unsent: readonly string[];
  /** Milliseconds since 1970. */
  readonly at: number;
}

const holdingsSchema = v.object({
  entries: v.number(),
  claimed: v.boolean(),
  unsent: v.array(v.string()),
  at: v.number(),
});

/** Most titles that are kept. */
const mostTitles = 50;

export function formatHoldings(holdings: Holdings): string {
  return JSON.stringify({ ...holdings, unsent: holdings.unsent.slice(0, mostTitles) });
}

/** Undefined for what is none of ours. */
export function parseHoldings(text: string | null): Holdings | undefined {
  try {
    const parsed = v.safeParse(holdingsSchema, JSON.parse(text ?? 'null'));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined; // cut off, or somebody else's
  }
}

/** Whether the browser threw away what was here: much was held, and the index is empty though nobody emptied it. */
export function wasEvicted(before: Holdings | undefined, entries: number): before is Holdings {
  return before !== undefined && before.entries > 0 && entries === 0;
}
