import { fileIdSchema } from '../../shared/file/blob-id.ts';
import { parse } from '../../shared/parse.ts';
import { routes } from '../../shared/routes.ts';
import type { Check } from '../files/check.ts';
import type { Quota } from '../files/quota.ts';
import { releaseFile } from '../files/release.ts';
import { listDamages } from '../store/damages.ts';
import type { Database } from '../store/database.ts';
import { readAllowed } from './bytes.ts';
import { answer, createResource, type Resource } from './context.ts';

export interface StorageParts {
  readonly db: Database;
  readonly quota: Quota;
  readonly check: Check;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly report: (error: unknown) => void;
}

/** What an identity has here, how much more it may have, and what it gives up (SPEC W3, W4, W6). */
export function createStorageResource({ db, quota, check, now, report }: StorageParts): Resource {
  const resource = createResource();
  const read = async (idTag: string) => ({
    ...(await quota.read(db, idTag)),
    damaged: await listDamages(db, idTag),
    check: await check.state(),
  });

  resource.get(routes.storage, async (ctx) => {
    answer(ctx, await read(await readAllowed(ctx, 'file/read')), now());
  });

  resource.post(`${routes.storage}/verify`, async (ctx) => {
    const idTag = await readAllowed(ctx, 'file/read');
    void check.start().catch(report);
    answer(ctx, await read(idTag), now());
  });

  resource.delete(`${routes.files}/:id`, async (ctx) => {
    const idTag = await readAllowed(ctx, 'file/delete');
    await releaseFile(db, idTag, parse(fileIdSchema, ctx.params.id));
    answer(ctx, {}, now());
  });
  return resource;
}
