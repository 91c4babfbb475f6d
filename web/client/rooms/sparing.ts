/** How often something may be done about one thing. */
interface Limit {
  readonly times: number;
  /** In milliseconds. */
  readonly within: number;
}

/** Whether it may be done now, and counts it. By name: what one neighbour uses up another one still has. */
export function createSparing({ times, within }: Limit, now: () => number): (name: string) => boolean {
  const done = new Map<string, number[]>();
  return (name) => {
    const at = now();
    // What lies in the future was done before the clock was put back.
    const recent = (done.get(name) ?? []).filter((before) => before <= at && at - before < within);
    done.set(name, recent);
    if (recent.length >= times) return false;
    recent.push(at);
    return true;
  };
}
