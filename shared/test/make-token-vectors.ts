import { bytesToBase64url, textToBytes } from '../bytes.ts';
import { signCompact, signSigningInput } from '../token/compact.ts';
import type { TestKey } from './keys.ts';
import { flipS, order, replacePair, replaceSignature, splitSignature, toDer } from './signatures.ts';

type Case = { why: string; token: string; code?: string };

const claims = { iss: 'alice.test', k: '261121', t: 'POST', iat: 1_795_262_400, c: 'Grüße', v: 'P' };
const encode = (text: string) => bytesToBase64url(textToBytes(text));
const payload = encode(JSON.stringify(claims));

function nested(depth: number): object {
  return depth === 1 ? {} : { a: nested(depth - 1) };
}

async function validTokens(key: TestKey): Promise<Case[]> {
  const good = await signCompact('JWT', claims, key.sign);
  const otherOrder = `${encode('{"alg":"ES384","typ":"JWT"}')}.${payload}`;
  const spaced = `${encode('{ "typ" : "JWT", "alg" : "ES384" }')}.${payload}`;
  return [
    { why: 'as we write it', token: good },
    {
      why: 's replaced by n - s: another text and another actionId for the same statement',
      token: flipS(good),
    },
    { why: 'members of the header in another order', token: await signSigningInput(otherOrder, key.sign) },
    { why: 'white space inside the JSON of the header', token: await signSigningInput(spaced, key.sign) },
    { why: 'an empty payload', token: await signCompact('JWT', {}, key.sign) },
    { why: 'a payload nested 16 deep', token: await signCompact('JWT', nested(16), key.sign) },
  ];
}

/** Headers that are signed well and refused all the same. */
const badHeaders: readonly [why: string, header: string][] = [
  ['alg none', '{"typ":"JWT","alg":"none"}'],
  ['alg None', '{"typ":"JWT","alg":"None"}'],
  ['alg in lower case', '{"typ":"JWT","alg":"es384"}'],
  ['alg ES256', '{"typ":"JWT","alg":"ES256"}'],
  ['alg ES512', '{"typ":"JWT","alg":"ES512"}'],
  ['alg HS256: the public key as a secret', '{"typ":"JWT","alg":"HS256"}'],
  ['alg HS384', '{"typ":"JWT","alg":"HS384"}'],
  ['alg RS384', '{"typ":"JWT","alg":"RS384"}'],
  ['alg EdDSA', '{"typ":"JWT","alg":"EdDSA"}'],
  ['alg as a list', '{"typ":"JWT","alg":["ES384"]}'],
  ['no alg', '{"typ":"JWT"}'],
  ['the last of two alg members counts', '{"typ":"JWT","alg":"ES384","alg":"none"}'],
  ['alg twice, the good one last', '{"typ":"JWT","alg":"none","alg":"ES384"}'],
  ['typ twice', '{"typ":"JWT","typ":"JWT","alg":"ES384"}'],
  ['no typ', '{"alg":"ES384"}'],
  ['typ is not text', '{"typ":1,"alg":"ES384"}'],
  ['kid', '{"typ":"JWT","alg":"ES384","kid":"261121"}'],
  ['jwk', '{"typ":"JWT","alg":"ES384","jwk":{"kty":"EC","crv":"P-384","x":"","y":""}}'],
  ['jku', '{"typ":"JWT","alg":"ES384","jku":"https://evil.test/keys"}'],
  ['x5u', '{"typ":"JWT","alg":"ES384","x5u":"https://evil.test/keys"}'],
  ['x5c', '{"typ":"JWT","alg":"ES384","x5c":["MIIB"]}'],
  ['crit', '{"typ":"JWT","alg":"ES384","crit":["exp"]}'],
  ['an empty crit', '{"typ":"JWT","alg":"ES384","crit":[]}'],
  ['b64 false', '{"typ":"JWT","alg":"ES384","b64":false,"crit":["b64"]}'],
  ['zip', '{"typ":"JWT","alg":"ES384","zip":"DEF"}'],
  ['enc: a JWE', '{"typ":"JWT","alg":"ES384","enc":"A256GCM"}'],
  ['a member nobody knows', '{"typ":"JWT","alg":"ES384","x":1}'],
  ['__proto__', '{"typ":"JWT","__proto__":{"alg":"ES384"}}'],
  ['the header is a list', '[{"typ":"JWT","alg":"ES384"}]'],
  ['the header is null', 'null'],
  ['the header is not JSON', 'typ=JWT'],
  ['a byte order mark before the header', '\u{feff}{"typ":"JWT","alg":"ES384"}'],
];

const badPayloads: readonly [why: string, payload: string][] = [
  ['the payload is a list', '[1]'],
  ['the payload is text', '"alice"'],
  ['the payload is null', 'null'],
  ['the payload is not JSON', '{iss:1}'],
  ['something behind the JSON', '{}{}'],
  ['nested 17 deep', JSON.stringify(nested(17))],
  ['a list nested 17 deep', `{"a":${'['.repeat(16)}${']'.repeat(16)}}`],
];

async function badParts(key: TestKey): Promise<Case[]> {
  const header = encode('{"typ":"JWT","alg":"ES384"}');
  const notUtf8 = bytesToBase64url(new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]));
  const cases: Case[] = [];
  for (const [why, text] of badHeaders)
    cases.push({
      why,
      code: 'E-TOKEN-ALG',
      token: await signSigningInput(`${encode(text)}.${payload}`, key.sign),
    });
  for (const [why, text] of badPayloads)
    cases.push({
      why,
      code: 'E-TOKEN-GRAMMAR',
      token: await signSigningInput(`${header}.${encode(text)}`, key.sign),
    });
  const broken = await signSigningInput(`${header}.${notUtf8}`, key.sign);
  return [...cases, { why: 'the payload is not UTF-8', code: 'E-TOKEN-GRAMMAR', token: broken }];
}

/** Texts whose grammar is wrong, made from a good token. */
function badTexts(good: string): Case[] {
  const [header, claimsPart, signature] = good.split('.') as [string, string, string];
  const grammar = (why: string, token: string): Case => ({ why, code: 'E-TOKEN-GRAMMAR', token });
  const json = JSON.stringify({ payload: claimsPart, signatures: [{ protected: header, signature }] });
  return [
    grammar('empty text', ''),
    grammar('two parts', `${header}.${claimsPart}`),
    grammar('four parts', `${good}.${signature}`),
    grammar('five parts: a compact JWE', `${good}.${header}.${header}`),
    grammar('an empty header', `.${claimsPart}.${signature}`),
    grammar('an empty payload: detached', `${header}..${signature}`),
    grammar('no signature', `${header}.${claimsPart}.`),
    grammar('JSON serialisation', json),
    grammar(
      'flattened JSON serialisation',
      JSON.stringify({ payload: claimsPart, protected: header, signature }),
    ),
    grammar('a space before', ` ${good}`),
    grammar('a line feed behind', `${good}\n`),
    grammar(
      'a space inside the signature',
      `${header}.${claimsPart}.${signature.slice(0, 64)} ${signature.slice(65)}`,
    ),
    grammar(
      'a space more inside the signature',
      `${header}.${claimsPart}.${signature.slice(0, 64)} ${signature.slice(64)}`,
    ),
    grammar('padding behind the signature', `${good}=`),
    grammar('padding behind the header', `${header}=.${claimsPart}.${signature}`),
    grammar('standard base64 in place of base64url', `${header}.${claimsPart}.+${signature.slice(1)}`),
    grammar('stray bits at the end of the payload', withStrayBits(header, claimsPart, signature)),
    grammar('a letter that looks like another', `${header}.${claimsPart}.а${signature.slice(1)}`),
    grammar('the scheme before it', `Bearer ${good}`),
  ];
}

/** The last character of a part that has bits to spare, raised by one: it decodes to the same bytes. */
function withStrayBits(header: string, claimsPart: string, signature: string): string {
  if (claimsPart.length % 4 === 0) throw new Error('the payload of this vector must have bits to spare');
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = alphabet[alphabet.indexOf(claimsPart.at(-1)!) + 1]!;
  return `${header}.${claimsPart.slice(0, -1)}${last}.${signature}`;
}

/** Signatures that are well formed or nearly, and do not fit. */
function badSignatures(good: string, foreign: string): Case[] {
  const { r, s } = splitSignature(good);
  const not = (why: string, token: string): Case => ({ why, code: 'E-TOKEN-SIGNATURE', token });
  const grammar = (why: string, token: string): Case => ({ why, code: 'E-TOKEN-GRAMMAR', token });
  const parts = good.split('.');
  return [
    not('r = 0', replacePair(good, { r: 0n, s })),
    not('s = 0', replacePair(good, { r, s: 0n })),
    not('r = s = 0', replacePair(good, { r: 0n, s: 0n })),
    not('r = n', replacePair(good, { r: order, s })),
    not('s = n', replacePair(good, { r, s: order })),
    not('r = s = n', replacePair(good, { r: order, s: order })),
    not('r = 2^384 - 1', replacePair(good, { r: 2n ** 384n - 1n, s })),
    not('s = 2^384 - 1', replacePair(good, { r, s: 2n ** 384n - 1n })),
    not('r = s = 1', replacePair(good, { r: 1n, s: 1n })),
    not('r and s exchanged', replacePair(good, { r: s, s: r })),
    not('r replaced by n - r', replacePair(good, { r: order - r, s })),
    not('signed by somebody else', foreign),
    not(
      'the payload exchanged',
      `${parts[0]}.${encode(JSON.stringify({ ...claims, c: 'Gruß' }))}.${parts[2]}`,
    ),
    grammar('DER in place of R‖S', replaceSignature(good, toDer(good))),
    grammar('64 bytes, as ES256 has', replacePair(good, { r, s }, 32)),
    grammar('132 bytes, as ES512 has', replacePair(good, { r, s }, 66)),
    grammar('95 bytes', replaceSignature(good, new Uint8Array(95))),
    grammar('97 bytes', replaceSignature(good, new Uint8Array(97))),
  ];
}

/** `vectors/tokens.json`. */
export async function makeTokenVectors(key: TestKey, stranger: TestKey): Promise<object> {
  const valid = await validTokens(key);
  const good = valid[0]!.token;
  const typ = await signCompact('delegation+jwt', claims, key.sign);
  const lower = await signCompact('jwt', claims, key.sign);
  const invalid = [
    ...badTexts(good),
    ...(await badParts(key)),
    ...badSignatures(good, await signCompact('JWT', claims, stranger.sign)),
    { why: 'another kind of signed thing', code: 'E-TOKEN-TYPE', token: typ },
    { why: 'typ in lower case', code: 'E-TOKEN-TYPE', token: lower },
  ];
  return {
    about:
      'T1–T5: tokens under the identity key of keys.json, read as typ JWT. Signatures are random: kept as made.',
    valid,
    invalid,
  };
}
