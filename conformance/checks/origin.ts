import type { Check, Target, Verdict } from '../check.ts';
import { describe } from '../check.ts';
import { readData } from '../json.ts';
import { nonce } from '../token.ts';
import type { Answer } from '../transport.ts';

const origin = 'https://shell.example';

function verdictOf(answer: Answer, ok: boolean): Verdict {
  const allowed = answer.headers['access-control-allow-origin'];
  return { ok: ok && allowed === origin, seen: `${answer.status}, allows ${allowed ?? 'no origin'}` };
}

async function checkPreflight({ ask }: Target): Promise<Verdict> {
  const answer = await ask('/api/auth/access-token?scope=x', {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'PATCH',
      'access-control-request-headers': 'authorization,content-type',
    },
  });
  const listed = (name: string) => String(answer.headers[name] ?? '').toLowerCase();
  const methods = listed('access-control-allow-methods');
  const names = listed('access-control-allow-headers');
  const asked = methods.includes('patch') && /authorization/.test(names) && /content-type/.test(names);
  const verdict = verdictOf(answer, answer.status < 300 && asked);
  return { ...verdict, seen: `${verdict.seen}; ${methods || 'no methods'}; ${names || 'no headers'}` };
}

async function checkResourcePolicy({ ask }: Target): Promise<Verdict> {
  const { headers } = await ask('/api/me', { headers: { origin } });
  const policy = String(headers['cross-origin-resource-policy'] ?? 'none');
  return { ok: policy === 'none' || policy === 'cross-origin', seen: policy };
}

async function checkUnknownHost({ ask, idTag }: Target): Promise<Verdict> {
  const host = `cl-o.nobody-${nonce().replaceAll(/[^a-z0-9]/g, '')}.example`;
  const answer = await ask('/api/me', { host });
  const ours = readData(answer)['idTag'] === idTag;
  return { ok: !ours && (answer.status === 421 || answer.status === 404), seen: describe(answer) };
}

/** Calls from shells of other nodes, and hosts. */
export const originChecks: readonly Check[] = [
  {
    name: 'CORS without preflight',
    expected: 'mirrors the origin',
    demand: 'wire',
    async run({ ask }) {
      return verdictOf(await ask('/api/me', { headers: { origin } }), true);
    },
  },
  {
    name: 'CORS on a refusal',
    expected: 'mirrors the origin',
    demand: 'wire',
    async run({ ask }) {
      const answer = await ask('/api/auth/access-token', { headers: { origin } });
      return verdictOf(answer, answer.status >= 400);
    },
  },
  {
    name: 'CORS with preflight',
    expected: '2xx; mirrors origin, method and headers',
    demand: 'wire',
    run: checkPreflight,
  },
  {
    name: 'Cross-Origin-Resource-Policy',
    expected: 'none, or cross-origin',
    demand: 'wire',
    run: checkResourcePolicy,
  },
  {
    name: 'a host that is not served',
    expected: '421 or 404',
    demand: 'strict',
    run: checkUnknownHost,
  },
];
