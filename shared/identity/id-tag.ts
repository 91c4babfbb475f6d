import * as v from 'valibot';
import { IsletError } from '../errors.ts';
import { decodePunycode } from './punycode.ts';

/** A canonical identity name: an A-label DNS name (SPEC N1). */
export type IdTag = string & v.Brand<'IdTag'>;

const label = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

/** SPEC N1: lower-case A-labels, 5–62 characters, two labels at least, the last not a number; nothing is repaired. */
export function isIdTag(name: unknown): name is IdTag {
  if (typeof name !== 'string' || name.length < 5 || name.length > 62) return false;
  const labels = name.split('.');
  if (labels.length < 2 || !labels.every((part) => label.test(part))) return false;
  if (/^(\d+|0x[0-9a-f]*)$/.test(labels.at(-1)!)) return false;
  return !name.startsWith('cl-o.') && isCanonicalHost(name);
}

function isHost(host: string, canonical: string): boolean {
  return URL.canParse(`https://${host}/`) && new URL(`https://${host}/`).hostname === canonical;
}

/**
 * The URL parser applies UTS-46; a canonical A-label name survives it unchanged, and so does what it stands for:
 * Node takes A-labels that decode to nothing or to what UTS-46 would change.
 */
function isCanonicalHost(name: string): boolean {
  const labels = name
    .split('.')
    .map((part) => (part.startsWith('xn--') ? decodePunycode(part.slice(4)) : part));
  return isHost(name, name) && isHost(labels.join('.'), name);
}

/** @throws IsletError E-VAL-ID-TAG (SPEC N1) */
export function parseIdTag(name: unknown): IdTag {
  if (isIdTag(name)) return name;
  throw new IsletError(
    'E-VAL-ID-TAG',
    'not a valid Islet name: lower-case domain name of 5 to 62 characters',
    name,
  );
}

export const idTagSchema = v.custom<IdTag>(isIdTag, 'not a canonical id tag');

/** Names under `.localhost` never use DNS (SPEC N3). */
export function isLocalName(idTag: string): boolean {
  return idTag.endsWith('.localhost');
}

/** SPEC N2: the host that answers for an identity. */
export function apiHost(idTag: IdTag): string {
  return `cl-o.${idTag}`;
}
