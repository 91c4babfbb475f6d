import { createPublicKey, verify } from 'node:crypto';
import { promisify } from 'node:util';
import { assertAddressed, verifyActionSignature } from '../../shared/action/accept.ts';
import { parseAction } from '../../shared/action/action.ts';
import { signDraft } from '../../shared/action/countersign.ts';
import { bytesToBase64, bytesToBase64url } from '../../shared/bytes.ts';
import { createSigner } from '../../shared/identity/did.ts';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import { importIdentityKey } from '../../shared/identity/key-set.ts';
import { alternate, type Row, type Samples } from '../row.ts';

const tokensPerRound = 200;
const rounds = 25;
const now = 1_795_262_400;
const alice = parseIdTag('alice.test');
const bob = parseIdTag('bob.test');

interface Prepared {
  readonly tokens: readonly string[];
  /** Base64 of the SPKI, as `/api/me` lists it. */
  readonly publicKey: string;
}

async function prepare(): Promise<Prepared> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-384' }, true, [
    'sign',
    'verify',
  ]);
  const sign = createSigner(pair.privateKey);
  const tokens: string[] = [];
  for (let i = 0; i < tokensPerRound; i++) {
    const _ = bytesToBase64url(crypto.getRandomValues(new Uint8Array(16)));
    const c = `Post ${i}. ${'Some words of an ordinary length. '.repeat(8)}`;
    tokens.push(await signDraft(bob, '261121', { t: 'POST', iat: now, c, v: 'P', _ }, sign));
  }
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey));
  return { tokens, publicKey: bytesToBase64(spki) };
}

/** So many tokens are under way at once: enough for every core. */
const atOnce = 16;

/** Microseconds a token, when all cores have work. */
async function timed(tokens: readonly string[], run: (token: string) => Promise<void>): Promise<number> {
  const line = tokens.values();
  const began = performance.now();
  const worker = async () => {
    for (const token of line) await run(token);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return ((performance.now() - began) * 1000) / tokensPerRound;
}

async function measure(): Promise<Samples> {
  const { tokens, publicKey } = await prepare();
  const cached = await importIdentityKey({ keyId: '261121', publicKey });
  const ours = async (text: string) => {
    const action = await parseAction(text);
    assertAddressed(action, { tenant: alice, now, approved: false });
    await verifyActionSignature(action, cached);
  };
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
  const theirs = async (text: string) => {
    const end = text.lastIndexOf('.');
    const signature = Buffer.from(text.slice(end + 1), 'base64url');
    const options = { key, dsaEncoding: 'ieee-p1363' as const };
    if (!(await verifyInPool('sha384', Buffer.from(text.slice(0, end)), options, signature)))
      throw new Error('a good signature was refused');
  };
  return alternate(
    rounds,
    () => timed(tokens, ours),
    () => timed(tokens, theirs),
  );
}

/** On the threads that WebCrypto works on too. */
const verifyInPool = promisify(verify);

export const inboxVerify: Row = {
  name: 'inbox-verify',
  what: `${tokensPerRound} action tokens a round, ${atOnce} at once on all cores, the issuer's key known`,
  ours: 'parseAction, assertAddressed, verifyActionSignature of shared/: grammar, fields, statementId, times, signature',
  theirs: 'crypto.verify of Node in its threads, ES384, of the same bytes: the signature alone',
  unit: 'µs/token',
  target: { atMost: 1.11 },
  measure,
};
