import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { once } from 'node:events';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as v from 'valibot';
import {
  identityKeysSchema,
  linkedListSchema,
  ownLinkedSchema,
  seenLinkedSchema,
} from '../../shared/api/identity.ts';
import { bytesToBase64url, textToBytes } from '../../shared/bytes.ts';
import { findRelMe, formatLinkStatement, leadsTo, parseLinkedName } from '../../shared/identity/linked.ts';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import { routes } from '../../shared/routes.ts';
import { isSignedByAccount, isSignedByDidKey } from '../identity/signatures.ts';
import { codeOf, createKeys, dataOf, type TestDevice } from './device.ts';
import { createPeople, type People } from './friends.ts';

const alices = parseIdTag('alice.test');
const day = 86_400_000;

/** An account as wallets have them, and what they make of a text (ERC-191). */
function createAccount() {
  const secret = createHash('sha256').update('an account of nobody').digest();
  const address = `0x${Buffer.from(keccak_256(secp256k1.getPublicKey(secret, false).subarray(1)).subarray(12)).toString('hex')}`;
  const sign = (text: string) => {
    const hash = keccak_256(
      textToBytes(`\u0019Ethereum Signed Message:\n${textToBytes(text).length}${text}`),
    );
    const signature = secp256k1.sign(hash, secret, { prehash: false, format: 'recovered' });
    return `0x${Buffer.from([...signature.subarray(1), signature[0]! + 27]).toString('hex')}`;
  };
  return { uri: `did:pkh:eip155:1:${address}`, address, sign };
}

describe('other names of an identity', () => {
  let people: People;
  let alice: TestDevice;
  let bob: TestDevice;
  let html = '';
  const server = createServer((_request, response) => response.end(html));

  beforeAll(async () => {
    people = await createPeople('alice.test', 'bob.test');
    [alice, bob] = people.people as unknown as [TestDevice, TestDevice];
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    people.network.setRecord('home.example.net', ['93.184.216.200']);
    people.network.setRecord('inside.example.net', ['10.0.0.1']);
    people.network.setDoor('home.example.net', async () => {
      const socket = connectTcp({ host: '127.0.0.1', port });
      await once(socket, 'connect');
      return socket;
    });
  });
  afterAll(async () => {
    await people.network.close();
    server.closeAllConnections();
    server.close();
  });

  const add = (uri: string, proof?: string) => alice.ask(routes.linked, 'POST', { uri, proof });
  const own = async () => dataOf(await alice.ask(`${routes.linked}/own`), ownLinkedSchema).linked;
  const look = async () =>
    dataOf(await alice.ask(`${routes.linked}/check`, 'POST', {}), ownLinkedSchema).linked;
  const didDocument = async (host = 'alice.test') => (await alice.relay.ask(routes.did, { host })).json();

  test('N7: a domain, by its TXT record', async () => {
    expect(codeOf(await add('dns:example.net'))).toBe('E-VAL-INVALID');
    people.network.texts.set('_islet.example.net', ['v=spf1 -all', 'did=did:web:alice.test']);
    expect((await add('dns:example.net')).status).toBe(200);
    people.network.texts.set('_islet.other.example.net', ['did=did:web:bob.test']);
    expect(codeOf(await add('dns:other.example.net'))).toBe('E-VAL-INVALID');
  });

  test('N7: a page, by a link with rel=me; inside addresses are not asked', async () => {
    html = '<a href="https://alice.test/">not me</a><!-- <a rel="me" href="https://alice.test/"> -->';
    expect(codeOf(await add('https://home.example.net/about'))).toBe('E-VAL-INVALID');
    html = '<p><a class=x rel="noopener me" href="https://alice.test/">Alice</a>';
    expect((await add('https://home.example.net/about')).status).toBe(200);
    const inside = await add('https://inside.example.net/');
    expect(inside.text).toContain('an address that is not public');
    expect(codeOf(await add('https://cl-o.alice.localhost/'))).toBe('E-VAL-INVALID');
  });

  test('N8: a key, by its signature', async () => {
    const keys = await createKeys();
    const proof = bytesToBase64url(await keys.sign(textToBytes(formatLinkStatement(alices, keys.did))));
    expect(codeOf(await add(keys.did))).toBe('E-VAL-INVALID');
    expect(codeOf(await add((await createKeys()).did, proof))).toBe('E-VAL-INVALID');
    expect((await add(keys.did, proof)).status).toBe(200);
    await alice.ask(`${routes.linked}?uri=${keys.did}`, 'DELETE');
  });

  test('N8: an account, by personal_sign', async () => {
    const { uri, sign } = createAccount();
    expect(codeOf(await add(uri, sign(formatLinkStatement(parseIdTag('bob.test'), uri))))).toBe(
      'E-VAL-INVALID',
    );
    expect((await add(uri, sign(formatLinkStatement(alices, uri)))).status).toBe(200);
  });

  test('N6, K9: they are told to all, and in the did document', async () => {
    const uris = ['dns:example.net', 'https://home.example.net/about', createAccount().uri];
    const { linked } = dataOf(await alice.relay.ask(routes.linked), linkedListSchema);
    expect(linked.map(({ uri }) => uri)).toEqual(uris);
    expect(await didDocument()).toMatchObject({ id: 'did:web:alice.test', alsoKnownAs: uris });
  });

  test('N10: a neighbour’s relay asks the other sides itself', async () => {
    const seen = dataOf(await bob.ask(`${routes.people}/alice.test/linked`), seenLinkedSchema);
    expect(seen.uris).toHaveLength(3);
    people.network.texts.delete('_islet.example.net');
    await people.network.advance(2 * 3_600_000);
    bob.forgetToken();
    const later = dataOf(await bob.ask(`${routes.people}/alice.test/linked`), seenLinkedSchema);
    expect(later.uris).not.toContain('dns:example.net');
    expect(later.uris).toHaveLength(2);
  });

  test('N9: what does not hold any more counts for 7 days', async () => {
    alice.forgetToken();
    const [domain] = await look();
    expect(domain).toMatchObject({
      uri: 'dns:example.net',
      reason: expect.stringContaining('no TXT') as string,
    });
    expect(domain?.provenAt).toBeGreaterThan(0);
    await people.network.advance(8 * day);
    alice.forgetToken();
    await look();
    expect((await own())[0]).not.toHaveProperty('provenAt');
    const { linked } = dataOf(await alice.relay.ask(routes.linked), linkedListSchema);
    expect(linked.map(({ uri }) => uri)).not.toContain('dns:example.net');
    people.network.texts.set('_islet.example.net', ['did=did:web:alice.test']);
    expect((await look())[0]?.provenAt).toBeGreaterThan(0);
  });

  test('N6: a device without the right to the profile changes nothing', async () => {
    const reader = await alice.enrolSecond([{ act: 'people/read', res: '*' }]);
    expect(codeOf(await reader.ask(routes.linked, 'POST', { uri: 'dns:example.net' }))).toBe(
      'E-DELEGATION-SCOPE',
    );
    expect(codeOf(await reader.ask(`${routes.linked}?uri=dns:example.net`, 'DELETE'))).toBe(
      'E-DELEGATION-SCOPE',
    );
    const services = { relay: true, app: true, sites: [] };
    expect(codeOf(await reader.ask(`${routes.identityKeys}/services`, 'PUT', services))).toBe(
      'E-DELEGATION-SCOPE',
    );
  });

  test('K9: services are those that were chosen; the document is at the name and at its API, and nowhere else', async () => {
    expect(await didDocument()).not.toHaveProperty('service');
    const sites = ['https://example.net/'];
    const answer = await alice.ask(`${routes.identityKeys}/services`, 'PUT', {
      relay: true,
      app: false,
      sites,
    });
    expect(dataOf(answer, identityKeysSchema).services).toEqual({ relay: true, app: false, sites });
    const { service } = v.parse(v.object({ service: v.array(v.unknown()) }), await didDocument());
    expect(service).toEqual([
      {
        id: 'did:web:alice.test#service-1',
        type: 'IsletRelay',
        serviceEndpoint: 'https://cl-o.alice.test/api',
      },
      { id: 'did:web:alice.test#service-2', type: 'LinkedDomains', serviceEndpoint: 'https://example.net/' },
    ]);
    expect(await didDocument('cl-o.alice.test')).toEqual(await didDocument());
    const wrong = { relay: false, app: false, sites: ['javascript:alert(1)'] };
    expect(codeOf(await alice.ask(`${routes.identityKeys}/services`, 'PUT', wrong))).toBe('E-VAL-INVALID');
    await alice.relay.stop();
    await alice.relay.start({ BASE_APP_DOMAIN: 'app.example.net' });
    expect((await alice.relay.ask(routes.did, { host: 'app.example.net' })).status).toBe(404);
    const bare = await alice.relay.ask(routes.did, { host: 'alice.test' });
    expect(bare.headers['access-control-allow-origin']).toBe('*');
    expect(bare.headers['content-type']).toContain('application/did+json');
    expect(bare.json()).toMatchObject({ id: 'did:web:alice.test' });
  });
});

describe('the form of other names', () => {
  test.each([
    'dns:Example.net',
    'dns:localhost',
    'http://example.net/',
    'https://example.net',
    'https://example.net:8443/',
    'https://a:b@example.net/',
    'https://example.net/#x',
    'https://127.0.0.1/',
    'did:key:zabc',
    'did:web:example.net',
    'did:pkh:eip155:1:0x12',
    'did:pkh:eip155:0:0x89a932207c485f85226d86f7cd486a89a24fcc12',
    'mailto:alice@example.net',
  ])('N6: %s is none', (uri) => {
    expect(() => parseLinkedName(uri)).toThrow(expect.objectContaining({ code: 'E-VAL-INVALID' }));
  });

  test('N7: links with rel=me, as pages write them', () => {
    const page = `<LINK REL='me' HREF='https://a.test/'><a rel=me href=https://b.test/>b</a><a rel="home" href="https://c.test/">
      <a href="https://d.test/?a=1&amp;b=2" rel="nofollow me">`;
    expect(findRelMe(page)).toEqual(['https://a.test/', 'https://b.test/', 'https://d.test/?a=1&b=2']);
    expect(leadsTo(alices, 'https://alice.test/')).toBe(true);
    expect(leadsTo(alices, 'did:web:alice.test')).toBe(true);
    for (const href of ['http://alice.test/', 'https://alice.test/x', 'https://alice.test.evil.test/', 'x'])
      expect(leadsTo(alices, href)).toBe(false);
  });

  test('N8: signatures that are none are no errors', () => {
    const { uri, address, sign } = createAccount();
    expect(isSignedByAccount(address, 'text', sign('text'))).toBe(true);
    expect(isSignedByAccount(address, 'text', sign('other'))).toBe(false);
    expect(isSignedByAccount(address, 'text', '0x00')).toBe(false);
    expect(isSignedByAccount(address, 'text', `0x${'00'.repeat(65)}`)).toBe(false);
    expect(isSignedByDidKey(uri, 'text', 'AAAA')).toBe(false);
    expect(isSignedByDidKey('did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK', 'text', 'AAAA')).toBe(
      false,
    );
  });
});
