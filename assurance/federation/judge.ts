/** What somebody meant to say, and to whom, as the story noted it. */
export interface Said {
  readonly actionId: string;
  /** What it is about, and must not be there before. */
  readonly parent: string | undefined;
  readonly to: readonly string[];
}

/** What a relay has in the end, in the order in which it was stored. */
export interface Held {
  readonly actionIds: readonly string[];
  /** Deliveries of its own that wait. */
  readonly waiting: number;
}

/**
 * What is wrong at the end of a story: nothing when each thing that was said is once at everybody it was said to, after what it is about,
 * and no queue has anything left. Knows nothing of relays but what they were seen to take and have.
 * @param taken how often a relay said that it took an action as new, by `<id tag> <action id>`
 */
export function judge(
  said: readonly Said[],
  held: ReadonlyMap<string, Held>,
  taken: ReadonlyMap<string, number>,
): string[] {
  const wrong: string[] = [];
  for (const [name, { waiting }] of held)
    if (waiting > 0) wrong.push(`${waiting} deliveries still wait at ${name}`);
  const places = new Map([...held].map(([name, { actionIds }]) => [name, placesOf(actionIds)]));
  for (const { actionId, parent, to } of said)
    for (const name of to) {
      const place = places.get(name)?.get(actionId);
      if (!place) wrong.push(`${name} does not have ${actionId}`);
      else if (place.times > 1) wrong.push(`${name} has ${actionId} ${place.times} times`);
      else if (parent !== undefined && place.at < (places.get(name)?.get(parent)?.at ?? Infinity))
        wrong.push(`${name} had ${actionId} before what it is about`);
      const times = taken.get(`${name} ${actionId}`) ?? 0;
      if (times !== 1) wrong.push(`${name} took ${actionId} as new ${times} times`);
    }
  return wrong;
}

interface Place {
  readonly at: number;
  readonly times: number;
}

function placesOf(actionIds: readonly string[]): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const [at, id] of actionIds.entries()) {
    const first = places.get(id);
    places.set(id, { at: first?.at ?? at, times: (first?.times ?? 0) + 1 });
  }
  return places;
}
