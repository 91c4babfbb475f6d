import type { Middleware, Next } from 'koa';
import type { Door, RelayContext, Resource } from './context.ts';

/** A door, and how a path fits it. */
interface Place extends Door {
  readonly form: RegExp;
  readonly names: readonly string[];
}

/**
 * One middleware for the doors of all these resources, in their order. A path without names in it is found in a map: to ask one
 * resource after the other takes longer than most of the answers. Paths fit to the letter, as the limits read them.
 */
export function gatherDoors(resources: readonly Resource[]): Middleware {
  const places = resources.flatMap(({ doors }) => doors.map(toPlace));
  const find = (method: string, path: string) =>
    places.filter((place) => (place.method ?? method) === method && place.form.test(path));
  const known = new Map<string, readonly Place[]>();
  for (const { method, pattern, names } of places)
    if (method !== undefined && names.length === 0) known.set(`${method} ${pattern}`, find(method, pattern));
  return (given, next) => {
    const ctx = given as unknown as RelayContext;
    const method = ctx.method === 'HEAD' ? 'GET' : ctx.method;
    const found = known.get(`${method} ${ctx.path}`) ?? find(method, ctx.path);
    return walk(ctx, found, next);
  };
}

function walk(ctx: RelayContext, [place, ...others]: readonly Place[], next: Next): unknown {
  if (!place) return next();
  if (place.method !== undefined) ctx.state.door = place.pattern;
  if (place.names.length > 0) ctx.params = readParams(place, ctx.path);
  return place.answer(ctx, async () => walk(ctx, others, next));
}

function toPlace(door: Door): Place {
  const { pattern } = door;
  const names = [...pattern.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
  const text = pattern.replaceAll(/[.~]/g, '\\$&').replaceAll(/:\w+/g, '([^/]+)');
  return { ...door, names, form: new RegExp(`^${text.replace(/\/?\*$/, '(?:/.*)?')}$`) };
}

function readParams({ form, names }: Place, path: string): RelayContext['params'] {
  const [, ...values] = form.exec(path) ?? [];
  return Object.fromEntries(names.map((name, i) => [name, decode(values[i] ?? '')]));
}

/** What cannot be decoded is no name of anything: it is looked for as it stands. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
