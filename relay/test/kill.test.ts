import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signAssertion } from '../../shared/device/assertion.ts';
import { signLogEntry } from '../../shared/device/device-log.ts';
import { signDraft } from '../../shared/action/countersign.ts';
import { everything } from '../../shared/device/capability.ts';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import { profileSchema } from '../../shared/identity/key-set.ts';
import { parse } from '../../shared/parse.ts';
import {
  accessTokenSchema,
  actionListSchema,
  enrolledSchema,
  envelope,
  type Receipt,
  receiptSchema,
  routes,
} from '../../shared/routes.ts';
import { createDice } from '../../shared/test/seeded.ts';
import { createKeys, json, nonce, type TestKeys } from './device.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));
const idTag = parseIdTag('me.localhost');
const rounds = 6;

describe('kill -9 while drafts are taken', () => {
  let folder: string;
  let port: number;
  let child: ChildProcess;
  let setup: string | undefined;
  let keys: TestKeys;
  let delegation: string;
  let token: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'islet-kill-'));
    port = await findFreePort();
    await start();
    keys = await createKeys();
    await enrol();
  });
  afterAll(async () => {
    await kill();
    await rm(folder, { recursive: true, force: true });
  });

  const start = async () => {
    child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, '--port', String(port)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        DATA_DIR: folder,
        ISLET_NEIGHBOURS_DIR: join(folder, 'neighbours'),
      },
    });
    for await (const chunk of child.stdout!) {
      setup = /setup#(\S+)/.exec(String(chunk))?.[1];
      if (String(chunk).includes('Islet is at')) break;
    }
  };
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  const ask = async (path: string, body?: unknown): Promise<unknown> => {
    const headers = { ...json, host: `cl-o.${idTag}`, ...(token && { authorization: `Bearer ${token}` }) };
    const method = body === undefined ? ('GET' as const) : ('POST' as const);
    const url = `http://127.0.0.1:${port}${path}`;
    return (await request(url, { method, headers, body: JSON.stringify(body) ?? null })).body.json();
  };
  const seconds = () => Math.floor(Date.now() / 1000);

  async function enrol(): Promise<void> {
    const device = { did: keys.did, jwk: keys.jwk, ecdh: keys.ecdh, name: 'laptop' };
    const op = { t: 'add' as const, device, cap: [...everything] };
    const entry = await signLogEntry(undefined, { iss: idTag, iat: seconds(), by: keys.did, op }, keys.sign);
    delegation = parse(envelope(enrolledSchema), await ask(routes.enrol, { setup, entry })).data.delegation;
  }

  async function exchange(): Promise<void> {
    const assertion = await signAssertion(
      { did: keys.did, aud: idTag, jti: nonce(), now: seconds() },
      keys.sign,
    );
    const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
    const answer = await ask(routes.token, { grant_type, assertion, delegation: [delegation] });
    token = parse(envelope(accessTokenSchema), answer).data.access_token;
  }

  async function drafts(count: number): Promise<string[]> {
    const { k } = await currentKey();
    const statement = () => ({ t: 'POST', c: 'still here', iat: seconds(), v: 'F' as const, _: nonce() });
    return Promise.all(Array.from({ length: count }, () => signDraft(idTag, k, statement(), keys.sign)));
  }

  async function currentKey(): Promise<{ k: string }> {
    const profile = parse(envelope(profileSchema), await ask(routes.me)).data;
    return { k: profile.keys[0]!.keyId };
  }

  test('an answered receipt is there after the restart; a repetition gets the same token; nothing is doubled', async () => {
    const dice = createDice();
    const receipts = new Map<string, string>();
    const all: string[] = [];
    for (let round = 0; round < rounds; round++) {
      await exchange();
      const list = await drafts(12);
      all.push(...list);
      const sending = (async () => {
        for (const draft of list) note(receipts, draft, (await submit([draft]))[0]);
      })().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 5 + dice() * 120));
      await kill();
      await sending;
      await start();
    }
    await exchange();
    const before = new Map(receipts);
    for (let i = 0; i < all.length; i += 50) {
      const part = all.slice(i, i + 50);
      const results = await submit(part);
      part.forEach((draft, j) => note(receipts, draft, results[j]));
    }
    for (const [draft, text] of before) expect(receipts.get(draft)).toBe(text);
    const page = parse(envelope(actionListSchema), await ask(`${routes.actions}?limit=500`)).data;
    expect(page.items.map((item) => item.token).sort()).toEqual([...receipts.values()].sort());
    expect(receipts.size).toBe(rounds * 12);
    expect(before.size).toBeGreaterThan(0);
    expect(before.size).toBeLessThan(rounds * 12);
  }, 120_000);

  async function submit(list: readonly string[]): Promise<Receipt[]> {
    return parse(envelope(receiptSchema), await ask(routes.actions, { drafts: list })).data.results;
  }
});

function note(receipts: Map<string, string>, draft: string, receipt: Receipt | undefined): void {
  if (receipt?.status !== 'accepted') throw new Error(JSON.stringify(receipt));
  receipts.set(draft, receipt.token);
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
