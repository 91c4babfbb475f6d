import Router from '@koa/router';
import { vi } from 'vitest';

/** One door of a relay, as its router knows it. */
export interface Door {
  readonly method: string;
  readonly path: string;
}

/**
 * Runs what starts a relay, and tells all doors that its routers were given meanwhile: a door that somebody adds later is in the list
 * without being named anywhere.
 */
export async function collectDoors(start: () => Promise<unknown>): Promise<Door[]> {
  const routers: Router[] = [];
  const routes = Router.prototype.routes;
  const spy = vi.spyOn(Router.prototype, 'routes').mockImplementation(function (this: Router) {
    routers.push(this);
    return routes.call(this);
  });
  try {
    await start();
  } finally {
    spy.mockRestore();
  }
  return routers.flatMap(({ stack }) =>
    stack.flatMap(({ methods, path }) =>
      typeof path === 'string'
        ? methods.filter((method) => method !== 'HEAD').map((method) => ({ method, path }))
        : [],
    ),
  );
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
