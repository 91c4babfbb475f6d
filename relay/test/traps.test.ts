import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apiHost } from '../../shared/identity/id-tag.ts';
import { routes } from '../../shared/routes.ts';
import { counted } from '../../shared/test/counted.ts';
import { createDice } from '../../shared/test/seeded.ts';
import { json, type TestDevice } from './device.ts';
import { type RelayProcess, startRelay } from './relay-process.ts';
import { patience, sized } from './sizes.ts';

const canary = 'a file that nobody may read';
const agent = new Agent({ keepAlive: true });
let folder: string;
let running: RelayProcess;
let device: TestDevice;
let heard = '';
let token: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'islet-traps-'));
  await writeFile(join(folder, 'canary'), canary);
  const environment = { LOG_LEVEL: 'debug' };
  running = await startRelay({ folder, environment, hear: (said) => (heard += said) });
  device = await running.enrol();
  token = await device.accessToken();
});
afterAll(async () => {
  agent.destroy();
  await running.kill();
  await rm(folder, { recursive: true, force: true });
});

const climbs = [
  '../',
  '..%2f',
  '%2e%2e/',
  '%2e%2e%2f',
  '..%5c',
  '..\\',
  '....//',
  '..;/',
  '%252e%252e%252f',
  './../',
];
const ends = [
  'canary',
  'private/keys-secret',
  'private/islet.db',
  'etc/passwd',
  '%00',
  'canary%00.png',
  'canary%0a',
  '',
];
const doors = [
  ...['/', '/assets/', routes.blobs, routes.files, routes.variant, routes.uploads, routes.documents],
  ...[routes.ipfs, routes.exports, routes.imports, routes.folders, routes.store, routes.file],
];

/** The path goes out as it is written, which clients that read addresses do not do. */
function ask(path: string, host: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = { host, authorization: `Bearer ${token}` };
    get({ host: '127.0.0.1', port: running.port, path, headers, agent }, (answer) => {
      text(answer).then((body) => resolve({ status: answer.statusCode ?? 0, body }), reject);
    }).on('error', reject);
  });
}

test('W5, H7: no name leads out of the folders of files and of the app', { timeout: patience }, async () => {
  const dice = createDice();
  const pick = <T>(list: readonly T[]): T => list[Math.floor(dice() * list.length)]!;
  const before = (await readdir(folder)).toSorted();
  const secret = (await readFile(join(folder, 'private', 'keys-secret'), 'utf8')).trim();
  const names = sized(400, 5_000);
  for (let i = 0; i < names; i++) {
    const climb = Array.from({ length: 1 + Math.floor(dice() * 6) }, () => pick(climbs)).join('');
    const path = `${pick(doors)}/${climb}${pick(ends)}`;
    const host = dice() < 0.5 ? apiHost(device.relay.idTag) : 'localhost';
    const { status, body } = await ask(path, host);
    expect([path, status < 500]).toEqual([path, true]);
    for (const inside of [canary, secret, 'SQLite format', 'root:x:']) expect(body).not.toContain(inside);
  }
  expect((await readdir(folder)).toSorted()).toEqual(before);
  counted('names that are traps', names);
});

test('nothing that is secret stands in the log, even at its most talkative, or in a refusal', async () => {
  const assertion = await device.assertion();
  const draft = await device.draft({ t: 'POST', c: 'for nobody’s log' });
  const refusals: string[] = [];
  const send = async (path: string, body: unknown, headers = {}) => {
    const answer = await device.relay.ask(path, {
      method: 'POST',
      headers: { ...json, ...headers },
      body: JSON.stringify(body),
    });
    if (answer.status >= 400) refusals.push(answer.text);
  };
  const bearer = { authorization: `Bearer ${token}` };
  await send(routes.actions, { drafts: [draft] }, bearer);
  await send(routes.actions, { drafts: draft }, bearer);
  await send(routes.token, { assertion, delegation: [device.delegation] });
  await send(routes.inbox, { token: draft });
  await send(`${routes.inbox}?token=${token}`, { token: `${token}x` });
  await send(routes.enrol, { setup: 'no-such-setup', entry: draft });
  await send(routes.me, {}, { authorization: `Bearer ${token}x` });
  const secret = (await readFile(join(folder, 'private', 'keys-secret'), 'utf8')).trim();
  await running.kill('SIGTERM');
  expect(refusals.length).toBeGreaterThan(3);
  expect(heard).toContain('Islet is at');
  const lines = heard.split('\n').filter((line) => !line.includes('/setup'));
  const secrets = [token, assertion, device.delegation, draft, secret, 'for nobody’s log', 'no-such-setup'];
  for (const one of secrets) {
    // The signature alone would do for who knows the rest.
    const end = one.split('.').at(-1)!;
    expect(lines.filter((line) => line.includes(end))).toEqual([]);
    expect(refusals.filter((said) => said.includes(end))).toEqual([]);
  }
  counted('secrets looked for in logs and refusals', secrets.length);
});
