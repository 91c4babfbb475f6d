import { type Check, describe, secondsOf, selfOf, type Target, type Verdict } from '../check.ts';
import { membersOf, readData, readJson } from '../json.ts';
import type { Claims } from '../neighbour.ts';
import { compact, createSignBytes, createSigningKey, encode, header } from '../token.ts';
import type { Answer } from '../transport.ts';
import { isRefused } from './post.ts';

const refusal = '4xx {error}, no token';

function exchange({ ask }: Target, token: string, more = ''): Promise<Answer> {
  return ask(`/api/auth/access-token?token=${token}${more}`);
}

/** An access token of the node for the neighbour that we play. @throws Error when it gives none */
export async function getAccess(target: Target, scope?: string): Promise<string> {
  const answer = await exchange(target, selfOf(target).signProxy(target.idTag));
  const { token } = readData(answer);
  if (typeof token !== 'string') throw new Error(`no access token: ${describe(answer)}`);
  if (scope === undefined) return token;
  const scoped = await target.ask(`/api/auth/access-token?scope=${scope}`, { headers: bearer(token) });
  const inner = readData(scoped)['token'];
  if (typeof inner !== 'string') throw new Error(`no token for ${scope}: ${describe(scoped)}`);
  return inner;
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** The claims of a token, not verified. */
function readClaims(token: unknown) {
  const payload = String(token).split('.')[1] ?? '';
  return membersOf(readJson(Buffer.from(payload, 'base64url').toString('utf8')));
}

async function checkExchange(target: Target): Promise<Verdict> {
  const answer = await exchange(target, selfOf(target).signProxy(target.idTag));
  const { exp, iss, sub } = readClaims(readData(answer)['token']);
  const inTime = typeof exp === 'number' && exp > secondsOf(target) + 60;
  const ok = answer.status === 200 && inTime && iss === target.idTag && sub === selfOf(target).idTag;
  const left = typeof exp === 'number' ? `${exp - secondsOf(target)} s` : 'no exp';
  return {
    ok,
    seen: ok ? `200; ${left}, iss ${String(iss)}, sub ${String(sub)}` : `${describe(answer)}; ${left}`,
  };
}

function verdictOf(answer: Answer): Verdict {
  return { ok: isRefused(answer) && readData(answer)['token'] === undefined, seen: describe(answer) };
}

/** A request for a token that must not be answered with one. */
function refuses(name: string, demand: Check['demand'], claims: (target: Target) => Claims): Check {
  return {
    ...{ name: `access token: ${name}`, expected: refusal, demand, needs: ['neighbour'] },
    run: async (target) =>
      verdictOf(await exchange(target, selfOf(target).signProxy(target.idTag, claims(target)))),
  };
}

function refusesToken(name: string, write: (target: Target) => string): Check {
  return {
    ...{ name: `access token: ${name}`, expected: refusal, demand: 'wire', needs: ['neighbour'] },
    run: async (target) => verdictOf(await exchange(target, write(target))),
  };
}

/** A few times in a moment may be a node that asks twice in one second and signs without chance. */
async function checkReuse(target: Target): Promise<Verdict> {
  const token = selfOf(target).signProxy(target.idTag);
  const first = await exchange(target, token);
  let last = first;
  for (let times = 2; times <= 10 && last.status === 200; times++) last = await exchange(target, token);
  const { ok, seen } = verdictOf(last);
  return { ok: ok && first.status === 200, seen: `${first.status}, at last ${seen}` };
}

/** An unknown scope allows nothing: there is no token for it, or one that opens nothing. */
async function checkScope(target: Target): Promise<Verdict> {
  const headers = bearer(await getAccess(target));
  const answer = await target.ask('/api/auth/access-token?scope=everything', { headers });
  const { token } = readData(answer);
  if (typeof token !== 'string') return { ok: isRefused(answer), seen: describe(answer) };
  const tried = await target.ask('/api/outbox', { headers: bearer(token) });
  return { ok: tried.status === 401 || tried.status === 403, seen: `a token; with it ${describe(tried)}` };
}

/** What it takes to be given a token, and what it says. */
export const accessChecks: readonly Check[] = [
  {
    name: 'access token: by PROXY',
    expected: '200; a JWT with exp, iss of the node, sub of the caller',
    demand: 'wire',
    needs: ['neighbour'],
    run: checkExchange,
  },
  refuses('aud of somebody else', 'wire', ({ idTag }) => ({ aud: `other.${idTag}` })),
  refuses('no aud', 'wire', () => ({ aud: undefined })),
  refuses('exp an hour ago', 'wire', (target) => ({
    iat: secondsOf(target) - 7200,
    exp: secondsOf(target) - 3600,
  })),
  refuses('no exp', 'strict', () => ({ exp: undefined })),
  refuses('exp in an hour', 'strict', (target) => ({ exp: secondsOf(target) + 3600 })),
  refuses('iat in an hour', 'strict', (target) => ({
    iat: secondsOf(target) + 3600,
    exp: secondsOf(target) + 3660,
  })),
  refuses('FLLW instead of PROXY', 'strict', () => ({ t: 'FLLW' })),
  refuses('k that is not listed', 'wire', () => ({ k: 'no-such-key' })),
  refusesToken('the signature of another key', (target) =>
    compact(
      header,
      selfOf(target).payload({ t: 'PROXY', aud: target.idTag, exp: secondsOf(target) + 60 }),
      createSignBytes(createSigningKey('x')),
    ),
  ),
  refusesToken('alg none', (target) => {
    const payload = selfOf(target).payload({ t: 'PROXY', aud: target.idTag, exp: secondsOf(target) + 60 });
    return `${encode('{"typ":"JWT","alg":"none"}')}.${encode(payload)}.`;
  }),
  {
    name: 'access token: the same PROXY ten times',
    expected: `200, at last ${refusal}`,
    demand: 'strict',
    needs: ['neighbour'],
    run: checkReuse,
  },
  {
    name: 'access token: neither token nor bearer',
    expected: '401 {error}',
    demand: 'wire',
    async run({ ask }) {
      const answer = await ask('/api/auth/access-token');
      return { ok: answer.status === 401 && isRefused(answer), seen: describe(answer) };
    },
  },
  {
    name: 'access token: a scope without bearer',
    expected: '401 or 403 {error}',
    demand: 'wire',
    async run({ ask }) {
      const answer = await ask(`/api/auth/access-token?scope=file:${'0'.repeat(24)}:R`);
      return { ok: [401, 403].includes(answer.status) && isRefused(answer), seen: describe(answer) };
    },
  },
  {
    name: 'access token: a scope that nobody knows',
    expected: 'refused, or a token that opens nothing',
    demand: 'wire',
    needs: ['neighbour'],
    run: checkScope,
  },
];
