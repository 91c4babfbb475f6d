import { vi } from 'vitest';
import { Resource } from '../http/context.ts';

/** One door of a relay, as its router knows it. */
export interface Door {
  readonly method: string;
  readonly path: string;
}

/** Runs what starts a relay, and tells all doors that were added meanwhile: one of later is in the list without being named anywhere. */
export async function collectDoors(start: () => Promise<unknown>): Promise<Door[]> {
  const doors: Door[] = [];
  const add = Resource.prototype.add;
  const spy = vi.spyOn(Resource.prototype, 'add').mockImplementation(function (this: Resource, ...door) {
    const [method, path] = door;
    if (method !== undefined) doors.push({ method, path });
    add.apply(this, door);
  });
  try {
    await start();
  } finally {
    spy.mockRestore();
  }
  return doors;
}

const examples: Readonly<Record<string, string>> = {
  blob: `b1~${'A'.repeat(43)}`,
  cid: `bafkrei${'a'.repeat(52)}`,
  did: 'did:key:zabc',
  idTag: 'bob.test',
  id: 'A'.repeat(24),
};

/** A path of this pattern. */
export function fillPath(pattern: string): string {
  return pattern.replaceAll(/:(\w+)/g, (_, name: string) => examples[name] ?? 'x');
}
