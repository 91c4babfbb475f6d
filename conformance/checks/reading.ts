import { type Check, describe, type Target, type Verdict } from '../check.ts';
import { membersOf, readData, readEnvelope } from '../json.ts';
import { actionId } from '../token.ts';
import { bearer, getAccess } from './access.ts';
import { isRefused } from './post.ts';

const closed = '401 or 403 {error}';
const unknownAction = `/api/actions/${actionId('nobody said this')}`;

/** A path that is not for guests. */
function guarded(path: string, headers?: (target: Target) => Record<string, string>): Check['run'] {
  return async (target) => {
    const answer = await target.ask(path, headers && { headers: headers(target) });
    return { ok: [401, 403].includes(answer.status) && isRefused(answer), seen: describe(answer) };
  };
}

async function checkList({ ask }: Target): Promise<Verdict> {
  const answer = await ask('/api/actions');
  if (answer.status === 401 || answer.status === 403)
    return { ok: isRefused(answer), seen: describe(answer) };
  const data = readEnvelope(answer)?.data;
  const items = Array.isArray(data) ? data : membersOf(data)['items'];
  if (answer.status !== 200 || !Array.isArray(items)) return { ok: false, seen: describe(answer) };
  const hidden = items.map((item) => membersOf(item)['visibility'] ?? 'P').filter((v) => v !== 'P');
  return {
    ok: hidden.length === 0,
    seen: `200, ${items.length} actions, ${hidden.length} of them not public`,
  };
}

async function checkOutbox(target: Target): Promise<Verdict> {
  const answer = await target.ask('/api/outbox?limit=10', { headers: bearer(await getAccess(target)) });
  if (answer.status === 403) return { ok: isRefused(answer), seen: describe(answer) };
  const { items } = readData(answer);
  const tokens = Array.isArray(items) ? items.map((item) => membersOf(item)['token']) : undefined;
  const ok = answer.status === 200 && tokens?.every((token) => typeof token === 'string') === true;
  return { ok, seen: ok ? `200, ${tokens?.length} items` : describe(answer) };
}

async function checkBadBearer({ ask }: Target): Promise<Verdict> {
  const answer = await ask('/api/me/full', { headers: bearer('not.a.token') });
  return { ok: answer.status === 200, seen: describe(answer) };
}

async function checkUnknown({ ask }: Target): Promise<Verdict> {
  const answer = await ask(unknownAction);
  return { ok: [401, 403, 404].includes(answer.status) && isRefused(answer), seen: describe(answer) };
}

/** What strangers, and neighbours with a token, may read. */
export const readingChecks: readonly Check[] = [
  {
    name: 'GET /api/actions without a token',
    expected: `only public ones, or ${closed}`,
    demand: 'wire',
    run: checkList,
  },
  {
    name: 'GET /api/actions/:id of nothing',
    expected: '404, or 401, 403',
    demand: 'wire',
    run: checkUnknown,
  },
  { name: 'GET /api/outbox without a token', expected: closed, demand: 'wire', run: guarded('/api/outbox') },
  {
    name: 'GET /api/outbox, token in the query',
    expected: `${closed}: only files and sockets take it there`,
    demand: 'strict',
    needs: ['neighbour'],
    run: async (target) => guarded(`/api/outbox?token=${await getAccess(target)}`)(target),
  },
  {
    name: 'GET /api/outbox with a token',
    expected: '200 {items: [{token}]}, or 403',
    demand: 'wire',
    needs: ['neighbour'],
    run: checkOutbox,
  },
  {
    name: 'GET /api/auth/proxy-token without a token',
    expected: closed,
    demand: 'wire',
    run: guarded('/api/auth/proxy-token?idTag=example.com'),
  },
  {
    name: 'GET /api/auth/proxy-token by a neighbour',
    expected: `${closed}: for the owner only`,
    demand: 'wire',
    needs: ['neighbour'],
    run: async (target) => {
      const headers = bearer(await getAccess(target));
      return guarded('/api/auth/proxy-token?idTag=example.com', () => headers)(target);
    },
  },
  {
    name: 'a bad bearer where guests may read',
    expected: 'answered as to a guest',
    demand: 'wire',
    run: checkBadBearer,
  },
];
