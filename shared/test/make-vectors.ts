/**
 * Makes the vectors that carry signatures: `node shared/test/make-vectors.ts`. ECDSA is randomised, so a new run gives
 * other texts; run it when a form changes, and look at the difference. Vectors without signatures are written by hand.
 */
import { writeFileSync } from 'node:fs';
import { actionId, parseCompact, signCompact, statementId } from '../token/compact.ts';
import type { TestKey } from './keys.ts';
import { makeDelegationVectors } from './make-delegation-vectors.ts';
import { makeIdentityKeyVectors } from './make-identity-key-vectors.ts';
import { makeLogVectors } from './make-log-vectors.ts';
import { makeRenewalVectors } from './make-renewal-vectors.ts';
import { makeSealedVectors } from './make-sealed-vectors.ts';
import { makeSyncVectors } from './make-sync-vectors.ts';
import { makeTokenVectors } from './make-token-vectors.ts';
import { flipS } from './signatures.ts';
import { readTestKeys } from './vectors.ts';

const folder = new URL('../vectors/', import.meta.url);

function write(name: string, vectors: object): void {
  writeFileSync(new URL(name, folder), `${JSON.stringify(vectors, undefined, 2)}\n`);
}

async function makeIdentifierVectors(key: TestKey): Promise<object> {
  const claims = { iss: 'alice.test', k: '261121', t: 'POST', iat: 1_795_262_400, c: 'ok', v: 'P' };
  const first = await signCompact('JWT', { ...claims, _: 'AAAAAAAAAAAAAAAAAAAAAA' }, key.sign);
  const again = await signCompact('JWT', { ...claims, _: 'AAAAAAAAAAAAAAAAAAAAAQ' }, key.sign);
  const rows: [string, string][] = [
    ['a post', first],
    ['the same signed again by n - s: same statement, another action id', flipS(first)],
    ['the same words with another _: another statement', again],
  ];
  const vectors = [];
  for (const [why, token] of rows)
    vectors.push({
      why,
      token,
      statementId: await statementId(parseCompact(token)),
      actionId: await actionId(token),
    });
  return { about: 'I1, I2: the two names of a token', vectors };
}

const { identity, laptop, phone, stranger } = await readTestKeys();
write('identifiers.json', await makeIdentifierVectors(identity));
write('tokens.json', await makeTokenVectors(identity, stranger));
write('device-logs.json', await makeLogVectors({ laptop, phone, stranger }));
write('renewals.json', await makeRenewalVectors({ identity, laptop, phone, stranger }));
write('delegations.json', await makeDelegationVectors({ identity, laptop, phone, stranger }));
write('sync.json', await makeSyncVectors(laptop, stranger));
write('sealed.json', await makeSealedVectors());
write('identity-key.json', await makeIdentityKeyVectors());
