import {
  type FolderChange,
  folderLimits,
  type FolderList,
  folderPatchSchema,
} from '../../shared/api/folders.ts';
import { IsletError } from '../../shared/errors.ts';
import { routes } from '../../shared/routes.ts';
import { readSpaceAccess } from '../identity/access.ts';
import { readJson } from './body.ts';
import { answer, createResource, readSession, type RelayContext, type Resource } from './context.ts';

export interface FolderParts {
  /** What is in folders of an identity, and how it is changed. */
  readonly folders: (idTag: string) => {
    list(folder: string): Promise<FolderList>;
    change(folder: string, changes: readonly FolderChange[]): Promise<FolderList>;
  };
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What a device with one folder has in the place of the index (SPEC C14, C15). */
export function createFolderResource({ folders, now }: FolderParts): Resource {
  const resource = createResource();
  const one = `${routes.folders}/:id`;

  resource.get(one, async (ctx) => {
    const { folder } = await readOwnFolder(ctx);
    ctx.set('cache-control', 'no-store');
    answer(ctx, await folders(ctx.state.tenant.idTag).list(folder), now());
  });

  resource.patch(one, async (ctx) => {
    const { folder, level } = await readOwnFolder(ctx);
    if (level !== 'W') throw new IsletError('E-DELEGATION-SCOPE', 'this device only reads its folder');
    const { changes } = await readJson(ctx, folderPatchSchema, folderLimits.body);
    ctx.set('cache-control', 'no-store');
    answer(ctx, await folders(ctx.state.tenant.idTag).change(folder, changes), now());
  });
  return resource;
}

/** @throws IsletError E-DELEGATION-SCOPE: the device has another folder, or all of them */
async function readOwnFolder(ctx: RelayContext): Promise<{ folder: string; level: 'R' | 'W' }> {
  const { folder, level } = readSpaceAccess((await readSession(ctx)).grant);
  if (folder === undefined || folder !== ctx.params.id)
    throw new IsletError('E-DELEGATION-SCOPE', 'this is not the folder of this device', ctx.params.id);
  return { folder, level };
}
