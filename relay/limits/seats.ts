import { IsletError } from '../../shared/errors.ts';

/** Places that are taken and given back: so many for each, and so many in all. */
export interface Seats {
  /** @returns gives the place back; more than once does nothing. @throws IsletError E-CORE-RATELIMIT */
  take(who: string, most: number): () => void;
  /** How many are taken. */
  count(): number;
}

export function createSeats(all = Infinity): Seats {
  const taken = new Map<string, number>();
  let total = 0;
  return {
    take(who, most) {
      const own = taken.get(who) ?? 0;
      if (own >= most || total >= all)
        throw new IsletError('E-CORE-RATELIMIT', 'too many connections', who, { wait: 30 });
      taken.set(who, own + 1);
      total += 1;
      let isTaken = true;
      return () => {
        if (!isTaken) return;
        isTaken = false;
        total -= 1;
        const left = (taken.get(who) ?? 1) - 1;
        if (left === 0) taken.delete(who);
        else taken.set(who, left);
      };
    },
    count: () => total,
  };
}
