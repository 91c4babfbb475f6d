import { type Check, describe, secondsOf, selfOf, type Target } from '../check.ts';
import type { Claims } from '../neighbour.ts';
import { actionId } from '../token.ts';
import { isRefused, postToken, refusal } from './post.ts';

/** A token that must not be taken, by what it says. */
function refuses(name: string, claims: (target: Target) => Claims): Check {
  return {
    ...{ name: `inbox: ${name}`, expected: refusal, demand: 'strict', needs: ['neighbour'] },
    async run(target) {
      const answer = await postToken(target, selfOf(target).sign({ v: 'D', ...claims(target) }));
      return { ok: isRefused(answer), seen: describe(answer) };
    },
  };
}

const follow = ({ idTag: aud }: Target) => ({ t: 'FLLW', aud });
const someAction = actionId('nobody said this');

/** Addressed, dated and issued wrongly, though the signature fits. */
export const claimChecks: readonly Check[] = [
  refuses('aud of somebody else', ({ idTag }) => ({ t: 'FLLW', aud: `other.${idTag}` })),
  refuses('aud of nobody', () => ({ t: 'FLLW' })),
  refuses('aud not in its plain form', ({ idTag }) => ({ t: 'FLLW', aud: idTag.toUpperCase() })),
  refuses('iss not in its plain form', (target) => ({
    ...follow(target),
    iss: selfOf(target).idTag.toUpperCase(),
  })),
  refuses('iss with a path', (target) => ({ ...follow(target), iss: `${selfOf(target).idTag}/api/me?` })),
  refuses('iss with a port', (target) => ({ ...follow(target), iss: `${selfOf(target).idTag}:8443` })),
  refuses('iss is the node itself', (target) => ({ ...follow(target), iss: target.idTag })),
  refuses('no iss', (target) => ({ ...follow(target), iss: undefined })),
  refuses('k that is not listed', (target) => ({ ...follow(target), k: 'no-such-key' })),
  refuses('no k', (target) => ({ ...follow(target), k: undefined })),
  refuses('iat in an hour', (target) => ({ ...follow(target), iat: secondsOf(target) + 3600 })),
  refuses('iat with a fraction', (target) => ({ ...follow(target), iat: secondsOf(target) + 0.5 })),
  refuses('iat as text', (target) => ({ ...follow(target), iat: String(secondsOf(target)) })),
  refuses('no iat', (target) => ({ ...follow(target), iat: undefined })),
  refuses('exp an hour ago', (target) => ({
    ...follow(target),
    iat: secondsOf(target) - 7200,
    exp: secondsOf(target) - 3600,
  })),
  refuses('v of two characters', (target) => ({ ...follow(target), v: 'PF' })),
  refuses('a that is no list', (target) => ({ t: 'POST', c: 'x', aud: target.idTag, a: 'f1~x' })),
  refuses('t is missing', (target) => ({ aud: target.idTag })),
];

/** Types, and what each requires and forbids. */
export const typeChecks: readonly Check[] = [
  refuses('a type that nobody knows', ({ idTag: aud }) => ({ t: 'XYZZY', aud, c: 'x' })),
  refuses('PROXY', (target) => ({ t: 'PROXY', aud: target.idTag, exp: secondsOf(target) + 60 })),
  refuses('FLLW with sub', (target) => ({ ...follow(target), sub: someAction })),
  refuses('FLLW with p', (target) => ({ ...follow(target), p: someAction })),
  refuses('FLLW with a', (target) => ({ ...follow(target), a: ['f1~x'] })),
  refuses('CONN without aud', () => ({ t: 'CONN' })),
  refuses('CONN of 501 characters', ({ idTag: aud }) => ({ t: 'CONN', aud, c: 'x'.repeat(501) })),
  refuses('REACT without sub', ({ idTag: aud }) => ({ t: 'REACT:LIKE', aud })),
  refuses('REACT with c', ({ idTag: aud }) => ({ t: 'REACT:LIKE', aud, sub: someAction, c: 'x' })),
  refuses('REACT with p', ({ idTag: aud }) => ({ t: 'REACT:LIKE', aud, sub: someAction, p: someAction })),
  refuses('CMNT without p', ({ idTag: aud }) => ({ t: 'CMNT', aud, c: 'x' })),
  refuses('CMNT without c', ({ idTag: aud }) => ({ t: 'CMNT', aud, p: someAction })),
  refuses('CMNT of 10,001 characters', ({ idTag: aud }) => ({
    t: 'CMNT',
    aud,
    p: someAction,
    c: 'x'.repeat(10_001),
  })),
  refuses('FSHR without sub', ({ idTag: aud }) => ({
    t: 'FSHR:WRITE',
    aud,
    c: { contentType: 'cloudillo/quillo', fileName: 'x', fileTp: 'CRDT' },
  })),
  refuses('FSHR without c', ({ idTag: aud }) => ({ t: 'FSHR:WRITE', aud, sub: '0'.repeat(24) })),
  refuses('STAT without p', () => ({ t: 'STAT', c: { r: '1,L1' } })),
  refuses('APRV without sub', ({ idTag: aud }) => ({ t: 'APRV', aud })),
  refuses('a post of somebody who is not followed', () => ({ t: 'POST:TEXT', c: 'Read this.', v: 'P' })),
  refuses('a post without words', ({ idTag: aud }) => ({ t: 'POST:TEXT', aud, c: '' })),
  refuses('a message of somebody who is not known', ({ idTag: aud }) => ({ t: 'MSG', aud, c: 'Hello.' })),
];
