import { changedSchema } from '../../shared/api/identity.ts';
import { routes } from '../../shared/routes.ts';
import { readJson } from './body.ts';
import { answer, createResource, type Resource } from './context.ts';

const limit = 1024;

/** SPEC K8: somebody says that a neighbour's keys or devices are others. Whether it is one is not told. */
export function createChangedResource(now: () => number): Resource {
  const resource = createResource();
  resource.post(routes.changed, async (ctx) => {
    const { idTag } = await readJson(ctx, changedSchema, limit);
    ctx.state.tenant.changes.hear(idTag);
    answer(ctx, {}, now(), 202);
  });
  return resource;
}
