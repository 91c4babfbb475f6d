import type { IdTag } from '../../../shared/identity/id-tag.ts';
import { guestTokenSchema, proxyTokenSchema, routes } from '../../../shared/routes.ts';
import { createRelayApi, type RelayApi } from '../relay/relay-api.ts';

/** A document of a neighbour, and what we want to do there: read or write. */
export interface Visit {
  readonly owner: IdTag;
  readonly id: string;
  readonly level: 'R' | 'W';
  /** The last pass was refused: another one. */
  readonly renew?: boolean;
}

/** Lets a page into one document at its owner's relay. */
export interface Pass {
  readonly token: string;
  /** Origin of the owner's API. */
  readonly apiBase: string;
}

/**
 * Our relay speaks for us (PROXY), theirs gives a token for this one document; the browser goes there itself (SPEC O4).
 * @throws RelayUnreachable; IsletError of either relay
 */
export async function readPass(api: RelayApi, { owner, id, level, renew }: Visit): Promise<Pass> {
  const query = new URLSearchParams({ idTag: owner, ...(renew && { renew: 'true' }) });
  const { token, apiBase } = await api.get(`${routes.proxyToken}?${query}`, proxyTokenSchema);
  const theirs = createRelayApi(apiBase, () => Promise.resolve(token));
  const scope = new URLSearchParams({ scope: `file:${id}:${level}` });
  const narrow = await theirs.get(`${routes.accessToken}?${scope}`, guestTokenSchema);
  return { token: narrow.token, apiBase };
}
