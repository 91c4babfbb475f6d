import * as v from 'valibot';
import { IsletError } from '../../../shared/errors.ts';
import { proxyTokenSchema, routes } from '../../../shared/routes.ts';
import { createRelayApi, type RelayApi, segment } from '../relay/relay-api.ts';
import type { Visit } from './pass.ts';
import type { ShareLevel } from './shared-documents.ts';

const accessSchema = v.object({ accessLevel: v.picklist(['none', 'read', 'comment', 'write', 'admin']) });

/**
 * What a document's owner lets us do with it now, as the owner's relay says (SPEC Z9); `ended` when it is not shared with us, undefined when it
 * cannot be asked or does not say.
 */
export async function askLevel(
  api: RelayApi,
  { owner, id }: Pick<Visit, 'owner' | 'id'>,
): Promise<ShareLevel | 'ended' | undefined> {
  const pass = await api
    .get(`${routes.proxyToken}?${new URLSearchParams({ idTag: owner })}`, proxyTokenSchema)
    .catch(() => undefined);
  if (!pass) return undefined;
  const theirs = createRelayApi(pass.apiBase, () => Promise.resolve(pass.token));
  try {
    const { accessLevel } = await theirs.get(`${routes.files}${segment(id)}/metadata`, accessSchema);
    return accessLevel === 'none' ? 'ended' : accessLevel;
  } catch (error) {
    const isRefusal =
      error instanceof IsletError && (error.code === 'E-AUTH-NOPERM' || error.code === 'E-CORE-NOTFOUND');
    return isRefusal ? 'ended' : undefined;
  }
}
