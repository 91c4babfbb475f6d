import { createHmac } from 'node:crypto';
import { type Check, describe, selfOf, shorten, type Target } from '../check.ts';
import { compact, createSignBytes, createSigningKey, encode, header } from '../token.ts';
import type { Answer } from '../transport.ts';
import { isRefused, json, post, postToken, refusal } from './post.ts';

/** A body that must not be taken. */
function refusesBody(name: string, body: string): Check {
  return {
    ...{ name: `inbox: ${name}`, expected: refusal, demand: 'strict' },
    async run(target) {
      const answer = await post(target, body);
      return { ok: isRefused(answer), seen: describe(answer) };
    },
  };
}

/** A token that must not be taken, by how it is written. Nothing that its header names is asked for. */
function refuses(name: string, write: (target: Target) => string): Check {
  return {
    ...{ name: `inbox: ${name}`, expected: refusal, demand: 'strict', needs: ['neighbour'] },
    async run(target) {
      const answer = await postToken(target, write(target));
      const lured = selfOf(target).asked.filter((line) => line.includes('canary'));
      return { ok: isRefused(answer) && lured.length === 0, seen: [describe(answer), ...lured].join('; ') };
    },
  };
}

const claimsOf = (target: Target) => selfOf(target).payload({ t: 'FLLW', aud: target.idTag, v: 'D' });
const signOf = (target: Target) => createSignBytes(selfOf(target).key);
/** A sound token with one part changed. */
function altered(target: Target, alter: (parts: string[]) => string[]): string {
  return alter(compact(header, claimsOf(target), signOf(target)).split('.')).join('.');
}
/** Signed soundly under another header. */
function headed(members: (target: Target) => object) {
  return (target: Target) => compact(JSON.stringify(members(target)), claimsOf(target), signOf(target));
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** Other bits where base64url has room that no byte fills; a text without such room gets padding. */
function loosen(part: string): string {
  if (part.length % 4 === 0) return `${part}====`;
  const last = alphabet.indexOf(part.at(-1) ?? 'A');
  return part.slice(0, -1) + alphabet.charAt(last ^ 1);
}

async function checkOversize({ ask, inbox }: Target) {
  const body = `{"token":"${'x'.repeat(16 * 1024 * 1024)}"}`;
  const answer: Answer | Error = await ask(inbox, { method: 'POST', headers: json, body }).catch(
    (error: Error) => error,
  );
  if (answer instanceof Error) return { ok: true, seen: `hung up: ${shorten(answer.message)}` };
  return { ok: answer.status === 413, seen: describe(answer) };
}

/** What is no request at all. */
export const bodyChecks: readonly Check[] = [
  refusesBody('JSON that breaks off', '{"token":"'),
  refusesBody('an empty body', ''),
  refusesBody('a list', '["x"]'),
  refusesBody('no token', '{}'),
  refusesBody('a token that is no text', '{"token":7}'),
  refusesBody('related that is no list', '{"token":"x","related":"y"}'),
  refusesBody('an empty token', '{"token":""}'),
  refusesBody('a token of other words', '{"token":"hello"}'),
  {
    name: 'inbox: more than 16 MiB',
    expected: '413, or it hangs up',
    demand: 'wire',
    run: checkOversize,
  },
];

const p256 = createSigningKey('p256', 'P-256');

/** Tokens that no strict reader takes. */
export const grammarChecks: readonly Check[] = [
  refuses('two parts', (target) => altered(target, ([h = '', p = '']) => [h, p])),
  refuses('four parts', (target) => altered(target, (parts) => [...parts, 'AA'])),
  refuses('no signature', (target) => altered(target, ([h = '', p = '']) => [h, p, ''])),
  refuses('padding', (target) => altered(target, ([h = '', p = '', s = '']) => [h, p, `${s}=`])),
  refuses('white space', (target) => altered(target, ([h = '', p = '', s = '']) => [h, p, `${s}\n`])),
  refuses('base64url with bits that mean nothing', (target) =>
    altered(target, ([h = '', p = '', s = '']) => [h, p, s.length % 4 ? loosen(s) : `${s.slice(0, -1)}+`]),
  ),
  refuses('a signature of 95 bytes', (target) =>
    compact(header, claimsOf(target), (text) => signOf(target)(text).subarray(1)),
  ),
  refuses('a signature of zeros', (target) => compact(header, claimsOf(target), () => Buffer.alloc(96))),
  refuses('the signature of another text', (target) =>
    compact(header, claimsOf(target), (text) => signOf(target)(`${text}x`)),
  ),
  refuses('the signature of another key', (target) =>
    compact(header, claimsOf(target), createSignBytes(createSigningKey('x'))),
  ),
  refuses('alg none', (target) => `${encode('{"typ":"JWT","alg":"none"}')}.${encode(claimsOf(target))}.`),
  refuses('alg HS256, keyed with the public key', (target) =>
    compact('{"typ":"JWT","alg":"HS256"}', claimsOf(target), (text) =>
      createHmac('sha256', selfOf(target).key.publicKey).update(text).digest(),
    ),
  ),
  refuses('alg ES256', (target) =>
    compact('{"typ":"JWT","alg":"ES256"}', claimsOf(target), createSignBytes(p256)),
  ),
  refuses('alg stated twice', (target) =>
    compact('{"typ":"JWT","alg":"none","alg":"ES384"}', claimsOf(target), signOf(target)),
  ),
  refuses(
    'a header without alg',
    headed(() => ({ typ: 'JWT' })),
  ),
  refuses(
    'a header with its own key',
    headed((target) => ({
      ...{ typ: 'JWT', alg: 'ES384' },
      jwk: { kty: 'EC', crv: 'P-384', x: selfOf(target).key.keyId, y: '' },
    })),
  ),
  refuses(
    'a header that names a place for keys',
    headed((target) => ({
      ...{ typ: 'JWT', alg: 'ES384' },
      jku: `https://cl-o.${selfOf(target).idTag}/canary`,
      x5u: `https://cl-o.${selfOf(target).idTag}/canary`,
    })),
  ),
  refuses('a payload that is a list', (target) => compact(header, '["FLLW"]', signOf(target))),
  refuses('a payload that states a member twice', (target) =>
    compact(header, `${claimsOf(target).slice(0, -1)},"aud":"${target.idTag}"}`, signOf(target)),
  ),
];
