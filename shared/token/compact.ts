import * as v from 'valibot';
import {
  base64urlToBytes,
  bytesToBase64url,
  bytesToText,
  hashText,
  type HashText,
  textToBytes,
} from '../bytes.ts';
import { IsletError } from '../errors.ts';
import type { Signer } from '../identity/did.ts';
import { parse, parseJson } from '../parse.ts';

/** A compact JWS taken apart under the strict grammar, not yet verified. */
export interface CompactToken {
  /** The whole text, as it came. */
  readonly text: string;
  /** `header.payload`: the bytes that are signed. */
  readonly signingInput: string;
  readonly typ: string;
  readonly payload: unknown;
  /** R‖S, 96 bytes. */
  readonly signature: Uint8Array<ArrayBuffer>;
}

/** Longest token that is looked at, in characters. */
export const maxTokenLength = 256 * 1024;

const grammar = /^[\w-]+\.[\w-]+\.[\w-]{128}$/;
const headerSchema = v.strictObject({
  typ: v.pipe(v.string(), v.maxLength(40)),
  alg: v.literal('ES384', 'the algorithm must be ES384'),
});
/** An array passes for a record in valibot, but not in T3. */
const claimsSchema = v.pipe(
  v.custom<object>((claims) => !Array.isArray(claims), 'not a JSON object'),
  v.record(v.string(), v.unknown()),
);
const maxDepth = 16;

/**
 * SPEC T1–T3: exactly three canonical base64url parts, a header of exactly `typ` and `alg: ES384`,
 * a JSON object as payload. Nothing else reaches the verifier.
 * @throws IsletError E-TOKEN-GRAMMAR, E-TOKEN-ALG
 */
export function parseCompact(text: unknown): CompactToken {
  if (typeof text !== 'string' || text.length > maxTokenLength || !grammar.test(text))
    throw new IsletError('E-TOKEN-GRAMMAR', 'not a compact ES384 token');
  const [header, payload, signature] = text.split('.') as [string, string, string];
  const { typ } = parseHeader(decodePart(header));
  const claims = parseClaims(decodePart(payload));
  return {
    text,
    signingInput: `${header}.${payload}`,
    typ,
    payload: claims,
    signature: decodeBytes(signature),
  };
}

/** JSON.parse takes the last of two members of one name; another reader may take the first, so neither is taken here. */
function parseHeader(text: string): { typ: string } {
  const header = parseJson(headerSchema, text, 'E-TOKEN-ALG');
  if (countWritten(text) !== 2)
    throw new IsletError('E-TOKEN-ALG', 'a member of the header stands twice', text.slice(0, 200));
  return header;
}

function parseClaims(text: string): Record<string, unknown> {
  const claims = parseJson(v.unknown(), text, 'E-TOKEN-GRAMMAR');
  assertDepth(claims, maxDepth);
  if (countWritten(text) !== countMembers(claims))
    throw new IsletError('E-TOKEN-GRAMMAR', 'a member of the payload stands twice');
  return parse(claimsSchema, claims, 'E-TOKEN-GRAMMAR');
}

function decodeBytes(part: string): Uint8Array<ArrayBuffer> {
  try {
    return base64urlToBytes(part);
  } catch {
    throw new IsletError('E-TOKEN-GRAMMAR', 'a part is not canonical base64url');
  }
}

function decodePart(part: string): string {
  const bytes = decodeBytes(part);
  try {
    return bytesToText(bytes);
  } catch {
    throw new IsletError('E-TOKEN-GRAMMAR', 'a part is not UTF-8');
  }
}

function assertDepth(value: unknown, left: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (left === 0) throw new IsletError('E-TOKEN-GRAMMAR', 'the payload is nested too deeply');
  for (const member of Object.values(value)) assertDepth(member, left - 1);
}

/** How many members a text of JSON states, at all depths: the strings that a colon follows. */
function countWritten(json: string): number {
  const strings = json.match(/"[^"\\]*(?:\\.[^"\\]*)*"(?:\s*:)?/g) ?? [];
  return strings.filter((string) => string.endsWith(':')).length;
}

function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const members: unknown[] = Object.values(value);
  return members.reduce<number>(
    (sum, member) => sum + countMembers(member),
    Array.isArray(value) ? 0 : members.length,
  );
}

/** `header.payload` for a payload whose members stand in the order given (SPEC T4). */
export function formatSigningInput(typ: string, payload: object): string {
  const header = bytesToBase64url(textToBytes(JSON.stringify({ typ, alg: 'ES384' })));
  return `${header}.${bytesToBase64url(textToBytes(JSON.stringify(payload)))}`;
}

/** Signs bytes that are already fixed: the second signature over the same payload (SPEC D3). */
export async function signSigningInput(signingInput: string, sign: Signer): Promise<string> {
  return `${signingInput}.${bytesToBase64url(await sign(textToBytes(signingInput)))}`;
}

export async function signCompact(typ: string, payload: object, sign: Signer): Promise<string> {
  return signSigningInput(formatSigningInput(typ, payload), sign);
}

/** SPEC T5. @throws IsletError E-TOKEN-TYPE, E-TOKEN-SIGNATURE */
export async function verifyCompact(token: CompactToken, typ: string, key: CryptoKey): Promise<void> {
  if (token.typ !== typ) throw new IsletError('E-TOKEN-TYPE', `expected ${typ}`, token.typ);
  if (!(await isSignedBy(token, key)))
    throw new IsletError('E-TOKEN-SIGNATURE', 'the signature does not fit');
}

/** RFC 7518 §3.4. */
const es384 = { name: 'ECDSA', hash: 'SHA-384' };

/** False also for a key that is no P-384 key for verifying. */
export async function isSignedBy(token: CompactToken, key: CryptoKey): Promise<boolean> {
  try {
    return await crypto.subtle.verify(es384, key, token.signature, textToBytes(token.signingInput));
  } catch {
    return false;
  }
}

/** SPEC I1: names a statement whatever its signature is; known offline. */
export async function statementId(
  token: Pick<CompactToken, 'signingInput'>,
  hash: HashText = hashText,
): Promise<string> {
  return hash(token.signingInput);
}

/** SPEC I2: `a1~` + hash of the whole token text: what travels in `p`, `sub` and URLs. */
export async function actionId(text: string, hash: HashText = hashText): Promise<string> {
  return `a1~${await hash(text)}`;
}
