import { IsletError } from '../../shared/errors.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import {
  findRelMe,
  formatLinkStatement,
  leadsTo,
  type Linked,
  type LinkedName,
  linkRecord,
  parseLinkedName,
} from '../../shared/identity/linked.ts';
import type { ResolveText } from './resolve.ts';
import type { GuardedFetch } from './safe-fetch.ts';
import { isSignedByAccount, isSignedByDidKey } from './signatures.ts';

/** `unknown`: it could not be asked just now. */
export type LinkState =
  { readonly state: 'proven' } | { readonly state: 'refused' | 'unknown'; readonly reason: string };

export interface LinkCheckParts {
  readonly fetch: GuardedFetch;
  readonly resolveText: ResolveText;
}

/** SPEC N7, N8: asks the other side whether it is this identity. Never throws for what the other side does. */
export type CheckLink = (idTag: IdTag, linked: Linked) => Promise<LinkState>;

const pageLimit = 512 * 1024;

export function createLinkCheck({ fetch, resolveText }: LinkCheckParts): CheckLink {
  return async (idTag, { uri, proof }) => {
    try {
      const name = parseLinkedName(uri);
      if (name.kind === 'dns') return await checkDomain(idTag, name.host, resolveText);
      if (name.kind === 'page') return await checkPage(idTag, name.url, fetch);
      return checkSignature(idTag, name, proof);
    } catch (error) {
      if (!(error instanceof IsletError)) throw error;
      const refused = error.code === 'E-VAL-INVALID' || error.code === 'E-NET-ADDRESS';
      return { state: refused ? 'refused' : 'unknown', reason: error.message };
    }
  };
}

async function checkDomain(idTag: IdTag, host: string, resolveText: ResolveText): Promise<LinkState> {
  const { name, value } = linkRecord(idTag, host);
  const found = await resolveText(name);
  if (found === undefined) return { state: 'unknown', reason: `the name server of ${host} did not answer` };
  if (found.includes(value)) return { state: 'proven' };
  return { state: 'refused', reason: `${name} has no TXT record ${value}` };
}

async function checkPage(idTag: IdTag, url: URL, fetch: GuardedFetch): Promise<LinkState> {
  const headers = { accept: 'text/html' };
  const answer = await fetch.page(url.hostname, `${url.pathname}${url.search}`, {
    headers,
    limit: pageLimit,
  });
  if (answer.status >= 500 || answer.status === 429)
    return { state: 'unknown', reason: `${url.host} answered ${answer.status}` };
  if (answer.status !== 200) return { state: 'refused', reason: `${url.href} answered ${answer.status}` };
  const links = findRelMe(answer.bytes.toString('utf8')).map((href) => URL.parse(href, url)?.href ?? href);
  if (links.some((href) => leadsTo(idTag, href))) return { state: 'proven' };
  return { state: 'refused', reason: `the page has no link with rel="me" to https://${idTag}/` };
}

function checkSignature(
  idTag: IdTag,
  name: Extract<LinkedName, { kind: 'key' | 'account' }>,
  proof: string | undefined,
): LinkState {
  const statement = formatLinkStatement(idTag, name.uri);
  const holds =
    proof !== undefined &&
    (name.kind === 'key'
      ? isSignedByDidKey(name.uri, statement, proof)
      : isSignedByAccount(name.address, statement, proof));
  return holds ? { state: 'proven' } : { state: 'refused', reason: 'the signature does not fit' };
}
