import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseIdTag } from '../../../shared/identity/id-tag.ts';
import { routes } from '../../../shared/routes.ts';
import { createRelayApi, type RelayApi } from '../relay/relay-api.ts';
import { askLevel } from './ask-level.ts';

const to = { owner: parseIdTag('alice.test'), id: 'D'.repeat(24) };
let server: Server;
let api: RelayApi;
/** What the owner's relay answers; `asked` is the pass that it was shown. */
let answer: { status: number; body: unknown };
let asked: string | undefined;
let canLeave: boolean;

beforeEach(async () => {
  canLeave = true;
  let origin = '';
  server = createServer((request, response) => {
    const isOurs = request.url?.startsWith(routes.proxyToken) ?? false;
    const away = { status: 502, body: { error: { code: 'E-NET-FAILED', message: 'it is away' } } };
    const pass = {
      status: 200,
      body: { data: { token: 'pass', apiBase: origin }, time: '2026-11-21T12:00:00Z' },
    };
    const told = isOurs ? (canLeave ? pass : away) : answer;
    if (!isOurs) asked = `${request.headers.authorization} ${request.url}`;
    response.writeHead(told.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(told.body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  api = createRelayApi(origin, () => Promise.resolve('ours'));
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const says = (accessLevel?: unknown) => ({
  status: 200,
  body: { data: { accessLevel }, time: '2026-11-21T12:00:00Z' },
});
const refuses = (status: number, code: string) => ({ status, body: { error: { code, message: 'no' } } });

describe('J7: what the owner’s relay says of a share', () => {
  it.each([
    ['a level', says('comment'), 'comment'],
    ['the highest', says('admin'), 'admin'],
    ['none', says('none'), 'ended'],
    ['a refusal', refuses(403, 'E-AUTH-NOPERM'), 'ended'],
    ['that it is not there', refuses(404, 'E-CORE-NOTFOUND'), 'ended'],
    ['nothing of it', says(), undefined],
    ['a level that nobody knows', says('everything'), undefined],
    ['that it cannot now', refuses(503, 'E-SYS-UNAVAIL'), undefined],
  ])('J7: %s', async (_what, said, level) => {
    answer = said;
    expect(await askLevel(api, to)).toBe(level);
    expect(asked).toBe(`Bearer pass ${routes.files}/${to.id}/metadata`);
  });

  it('J7: when our own relay cannot get there, nothing is said', async () => {
    canLeave = false;
    expect(await askLevel(api, to)).toBeUndefined();
  });
});
