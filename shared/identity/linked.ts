import * as v from 'valibot';
import { IsletError } from '../errors.ts';
import { type IdTag, isIdTag } from './id-tag.ts';

/** SPEC N6: another name of the identity, as a URI, by what shows that it is. */
export type LinkedName =
  | { readonly kind: 'dns'; readonly uri: string; readonly host: string }
  | { readonly kind: 'page'; readonly uri: string; readonly url: URL }
  | { readonly kind: 'key'; readonly uri: string }
  | { readonly kind: 'account'; readonly uri: string; readonly address: string };

const didKey = /^did:key:z[1-9A-HJ-NP-Za-km-z]{40,120}$/;
const didPkh = /^did:pkh:eip155:[1-9]\d{0,30}:(0x[0-9a-fA-F]{40})$/;

/** The did of an identity (did:web). */
export function formatDidWeb(idTag: IdTag): string {
  return `did:web:${idTag}`;
}

/**
 * SPEC N6: `dns:example.org`, `https://example.org/me`, `did:key:z…`, `did:pkh:eip155:1:0x…`.
 * @throws IsletError E-VAL-INVALID
 */
export function parseLinkedName(uri: string): LinkedName {
  if (uri.startsWith('dns:') && isIdTag(uri.slice(4))) return { kind: 'dns', uri, host: uri.slice(4) };
  if (didKey.test(uri)) return { kind: 'key', uri };
  const account = didPkh.exec(uri);
  if (account) return { kind: 'account', uri, address: account[1]!.toLowerCase() };
  const url = uri.startsWith('https://') ? URL.parse(uri) : null;
  const isPlain = url !== null && url.href === uri && url.port === '' && url.username + url.password === '';
  if (isPlain && isIdTag(url.hostname) && url.hash === '') return { kind: 'page', uri, url };
  throw new IsletError('E-VAL-INVALID', 'not a domain, page, key or account that can be linked', uri);
}

/** SPEC N8: what a key or account signs to say that it is this identity. */
export function formatLinkStatement(idTag: IdTag, uri: string): string {
  return `${uri} and ${formatDidWeb(idTag)} are the same.\n\nislet-linked-1`;
}

/** SPEC N7: where a domain says so, and what. */
export function linkRecord(idTag: IdTag, host: string): { name: string; value: string } {
  return { name: `_islet.${host}`, value: `did=${formatDidWeb(idTag)}` };
}

/** SPEC N7: whether a link of a page with `rel=me` leads to the identity: its bare name, or its did. */
export function leadsTo(idTag: IdTag, href: string): boolean {
  if (href === formatDidWeb(idTag)) return true;
  const url = URL.parse(href);
  return url !== null && url.protocol === 'https:' && url.host === idTag && url.pathname === '/';
}

/**
 * The targets of all links of a page that carry `rel=me` (HTML, `a` and `link`). Comments are passed over; nothing is rendered.
 */
export function findRelMe(html: string): string[] {
  const tags = html.replaceAll(/<!--[\s\S]*?(-->|$)/g, '').match(/<(a|link)\s[^<>]{1,4000}>/gi) ?? [];
  return tags.flatMap((tag) => {
    const rels = readAttribute(tag, 'rel')?.toLowerCase().split(/\s+/) ?? [];
    const href = readAttribute(tag, 'href');
    return rels.includes('me') && href !== undefined ? [href.trim()] : [];
  });
}

function readAttribute(tag: string, name: string): string | undefined {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i').exec(tag);
  return (found?.[1] ?? found?.[2] ?? found?.[3])?.replaceAll('&amp;', '&');
}

const text = (most: number) => v.pipe(v.string(), v.maxLength(most));

/** A linked name as others are told: with the signature, so that they check it themselves. */
export const linkedSchema = v.object({ uri: text(500), proof: v.optional(text(400)) });
export type Linked = v.InferOutput<typeof linkedSchema>;
