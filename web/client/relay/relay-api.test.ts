import { createServer } from 'node:http';
import { once } from 'node:events';
import * as v from 'valibot';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createRelayApi, RelayUnreachable } from './relay-api.ts';

let answer: { status: number; body: string };
let asked = 0;
const server = createServer((_request, response) => {
  asked += 1;
  response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
});
let base = '';
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  base = typeof address === 'object' && address ? `http://127.0.0.1:${address.port}` : '';
});
afterAll(() => server.close());
beforeEach(() => {
  asked = 0;
});

const refusal = (code: string, details?: unknown) =>
  JSON.stringify({ error: { code, message: 'no', ...(details !== undefined && { details }) } });
const api = () => createRelayApi(base, (fresh) => Promise.resolve(fresh ? 'new' : 'old'));
const ask = () => api().post('/x', {}, v.unknown());

test('P9: too many tries are told with their details; a relay that asks for time, or a proxy, is one that is away', async () => {
  answer = { status: 429, body: refusal('E-VERIFY-LIMIT', { wait: 30 }) };
  await expect(ask()).rejects.toMatchObject({ code: 'E-VERIFY-LIMIT', details: { wait: 30 } });
  for (const body of ['slow down', refusal('E-CORE-RATELIMIT', { wait: 30 })]) {
    answer = { status: 429, body };
    await expect(ask()).rejects.toBeInstanceOf(RelayUnreachable);
  }
});

test('P9: a wrong password is not tried again with a new access token; any other 401 is', async () => {
  answer = { status: 401, body: refusal('E-VERIFY-FAILED') };
  await expect(ask()).rejects.toMatchObject({ code: 'E-VERIFY-FAILED' });
  expect(asked).toBe(1);
  answer = { status: 401, body: refusal('E-AUTH-UNAUTH') };
  await expect(ask()).rejects.toMatchObject({ code: 'E-AUTH-UNAUTH' });
  expect(asked).toBe(3);
});
