import { createPublicKey } from 'node:crypto';
import { type Check, describe, secondsOf, type Target, type Verdict } from '../check.ts';
import { membersOf, readData, readEnvelope, readJson, readRefusal } from '../json.ts';

/** What is wrong with a listed key, or undefined. */
function faultOfKey(listed: unknown, seconds: number): string | undefined {
  const { keyId, publicKey, expiresAt } = membersOf(listed);
  if (typeof keyId !== 'string' || keyId === '') return 'a key without keyId';
  if (typeof publicKey !== 'string') return `${keyId}: no publicKey`;
  const der = Buffer.from(publicKey, 'base64');
  if (der.toString('base64') !== publicKey) return `${keyId}: not plain base64`;
  // SPKI of an uncompressed point of P-384: 23 bytes of header, then 04 and 96 bytes.
  if (der.length !== 120 || der[23] !== 4) return `${keyId}: ${der.length} bytes are no SPKI of P-384`;
  const { asymmetricKeyDetails } = createPublicKey({ key: der, format: 'der', type: 'spki' });
  if (asymmetricKeyDetails?.namedCurve !== 'secp384r1') return `${keyId}: on another curve`;
  const ends = typeof expiresAt === 'string' ? Date.parse(expiresAt) / 1000 : expiresAt;
  if (expiresAt !== undefined && typeof ends !== 'number') return `${keyId}: expiresAt is no time`;
  return typeof ends === 'number' && ends <= seconds ? `${keyId}: has expired` : undefined;
}

async function checkKeys(target: Target): Promise<Verdict> {
  const { keys } = readData(await target.ask('/api/me'));
  if (!Array.isArray(keys) || keys.length === 0) return { ok: false, seen: 'no list of keys' };
  const faults = keys.map((key) => faultOfKey(key, secondsOf(target)));
  const sound = faults.filter((fault) => fault === undefined).length;
  const others = faults.filter((fault) => fault !== undefined);
  // Keys that have ended may stay listed.
  const ok = sound > 0 && others.every((fault) => fault.endsWith('has expired'));
  return { ok, seen: [`${sound} sound`, ...others].join('; ') };
}

async function checkProfile(target: Target, path: string): Promise<Verdict> {
  const answer = await target.ask(path);
  const { idTag, name, type, profilePic } = readData(answer);
  const named = idTag === target.idTag && typeof name === 'string';
  const kind = type === 'person' || type === 'community';
  const picture = profilePic === undefined || /^[fd]1~[\w-]+$/.test(String(profilePic));
  return { ok: answer.status === 200 && named && kind && picture, seen: describe(answer) };
}

async function checkTag(target: Target, format: (etag: string) => string): Promise<Verdict> {
  const { etag = '' } = (await target.ask('/api/me')).headers;
  const again = await target.ask('/api/me', { headers: { 'if-none-match': format(etag) } });
  const quoted = /^"[^"]+"$/.test(etag);
  return {
    ok: quoted && again.status === 304 && again.bytes.length === 0,
    seen: `etag ${etag || 'missing'}; then ${describe(again)}`,
  };
}

async function checkIdTag(target: Target): Promise<Verdict> {
  const host = target.idTag;
  const origin = 'https://shell.example';
  const answer = await target.ask('/.well-known/cloudillo/id-tag', { host, headers: { origin } });
  const { idTag } = membersOf(readJson(answer.text));
  const allowed = answer.headers['access-control-allow-origin'];
  const ok = answer.status === 200 && idTag === target.idTag && (allowed === '*' || allowed === origin);
  return { ok, seen: `${describe(answer)}; allows ${allowed ?? 'no origin'}` };
}

/** Who answers here, and by which keys. */
export const profileChecks: readonly Check[] = [
  {
    name: 'GET /api/me: envelope',
    expected: '200 {data, time}, application/json',
    demand: 'wire',
    async run({ ask }) {
      const answer = await ask('/api/me');
      const isJson = /^application\/json\b/.test(answer.headers['content-type'] ?? '');
      return {
        ok: answer.status === 200 && isJson && readEnvelope(answer) !== undefined,
        seen: describe(answer),
      };
    },
  },
  {
    name: 'GET /api/me: profile',
    expected: 'idTag of the host, name, type person or community, profilePic f1~… if any',
    demand: 'wire',
    run: (target) => checkProfile(target, '/api/me'),
  },
  {
    name: 'GET /api/me: keys',
    expected: 'keyId, publicKey (base64 SPKI of P-384), expiresAt if it ends',
    demand: 'wire',
    run: checkKeys,
  },
  {
    name: 'GET /api/me: If-None-Match without quotes',
    expected: 'quoted ETag, then 304 without a body',
    demand: 'wire',
    run: (target) => checkTag(target, (etag) => etag.replaceAll('"', '')),
  },
  {
    name: 'GET /api/me: If-None-Match with quotes',
    expected: '304 without a body',
    demand: 'strict',
    run: (target) => checkTag(target, (etag) => etag),
  },
  {
    name: 'GET /api/me/full',
    expected: 'the profile, for anybody',
    demand: 'wire',
    run: (target) => checkProfile(target, '/api/me/full'),
  },
  {
    name: 'GET /api/me/app-domain',
    expected: '200 {data: {appDomain}}',
    demand: 'wire',
    async run({ ask }) {
      const answer = await ask('/api/me/app-domain');
      const { appDomain } = readData(answer);
      return { ok: answer.status === 200 && /^[a-z0-9.-]+$/.test(String(appDomain)), seen: describe(answer) };
    },
  },
  {
    name: 'GET /.well-known/cloudillo/id-tag',
    expected: '200 {idTag} on the app host, for any origin',
    demand: 'wire',
    run: checkIdTag,
  },
  {
    name: 'GET of what is not there',
    expected: '404 {error: {code: E-CORE-NOTFOUND, message}}',
    demand: 'wire',
    async run({ ask }) {
      const answer = await ask('/api/no-such-thing');
      const isMissing = readRefusal(answer)?.code === 'E-CORE-NOTFOUND';
      return { ok: answer.status === 404 && isMissing, seen: describe(answer) };
    },
  },
];
