import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import { createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { profileSchema } from '../../shared/identity/key-set.ts';
import { routes } from '../../shared/routes.ts';
import { createAuthority, type Issued } from './certificates.ts';
import { dataOf, type TestDevice } from './device.ts';
import { eventually } from './network.ts';
import { findAddresses, startTlsRelay, type TlsRelay } from './tls-relay.ts';

const free = await findAddresses(5);
const hindrance = 'hindrance' in free ? free.hindrance : undefined;
if (hindrance !== undefined) process.stderr.write(`\nSKIPPED: relays over real TLS: ${hindrance}\n\n`);
const [atAlice = '', atBob = '', atCarol = '', atStrangers = '', atInside = ''] =
  'hindrance' in free ? [] : free;

const authority = createAuthority('An authority that its own machine knows');
const foreign = createAuthority('An authority that nobody knows');
const certify = (name: string, seconds?: number) => authority.issue([name, `cl-o.${name}`], seconds);

/** Names at one address, each with a certificate of its own; the host named in requests that got through. */
const strangers: Readonly<Record<string, Issued>> = {
  'cl-o.honest.test': certify('honest.test'),
  'cl-o.foreign.test': foreign.issue(['foreign.test', 'cl-o.foreign.test']),
  'cl-o.other.test': certify('honest.test'),
  'cl-o.bare.test': authority.issue(['bare.test']),
  'cl-o.wide.test': authority.issue(['*.test', '*.*.test']),
  'cl-o.expired.test': certify('expired.test', -60),
};

describe.skipIf(hindrance !== undefined)(
  `two relays over real TLS${hindrance ? ` (skipped: ${hindrance})` : ''}`,
  () => {
    const asked: string[] = [];
    let intruders = 0;
    let folder: string;
    let relays: TlsRelay[] = [];
    let servers: (Server | TcpServer)[] = [];
    let alice: TestDevice;
    let bob: TestDevice;
    /** Runs without the variable that names the authority. */
    let carol: TestDevice;

    const openStrangers = async (): Promise<Server> => {
      const { cert, key } = strangers['cl-o.honest.test']!;
      const SNICallback = (
        name: string,
        done: (error: null, context?: ReturnType<typeof createSecureContext>) => void,
      ) => {
        const own = strangers[name];
        done(null, own && createSecureContext(own));
      };
      const server = createServer({ cert, key, SNICallback }, (request, response) => {
        asked.push(String(request.headers.host));
        response.writeHead(404, { 'content-type': 'application/json' }).end('{}');
      });
      await once(server.listen(443, atStrangers), 'listening');
      return server;
    };

    const openInside = async (): Promise<TcpServer> => {
      const server = createTcpServer((socket) => {
        intruders += 1;
        socket.destroy();
      });
      await once(server.listen(443, atInside), 'listening');
      return server;
    };

    const start = (name: string, address: string, environment: Record<string, string>): Promise<TlsRelay> =>
      startTlsRelay({
        ...{
          name,
          address,
          environment,
          ca: authority.cert,
          certificate: certify(name),
          folder: join(folder, name),
        },
        hosts: {
          'cl-o.alice.test': [atAlice],
          'cl-o.bob.test': [atBob],
          'cl-o.inside.test': [atInside],
          'cl-o.mixed.test': [atStrangers, atInside],
          ...Object.fromEntries(Object.keys(strangers).map((host) => [host, [atStrangers]])),
        },
      });

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'islet-tls-'));
      const ca = join(folder, 'ca.pem');
      await writeFile(ca, authority.cert);
      const ALLOW_PRIVATE_ADDRESSES = [atAlice, atBob, atStrangers].join(',');
      const knowing = { NODE_EXTRA_CA_CERTS: ca, ALLOW_PRIVATE_ADDRESSES };
      servers = [await openStrangers(), await openInside()];
      const starts = await Promise.allSettled([
        start('alice.test', atAlice, knowing),
        start('bob.test', atBob, knowing),
        start('carol.test', atCarol, { ALLOW_PRIVATE_ADDRESSES }),
      ]);
      // Those that did start are ended even when another did not.
      relays = starts.filter((start) => start.status === 'fulfilled').map(({ value }) => value);
      for (const start of starts) if (start.status === 'rejected') throw start.reason;
      [alice, bob, carol] = relays.map(({ device }) => device) as [TestDevice, TestDevice, TestDevice];
    });

    afterAll(async () => {
      await Promise.all(relays.map(({ kill }) => kill()));
      for (const server of servers) await once(server.close(), 'close');
      await rm(folder, { recursive: true, force: true });
    });

    /** What the relay says when its owner asks for somebody. */
    const lookFor = async (device: TestDevice, name: string): Promise<string> =>
      (await device.ask(`${routes.people}/${name}`)).text;

    /** With the patience for a second try: nobody moves the clock of a process. */
    const comesTo = (device: TestDevice, id: string) =>
      eventually(
        `${id} at ${device.relay.idTag}`,
        async () => (await device.items()).find(({ actionId }) => actionId === id),
        50_000,
      );

    test('N2: a follow and a post go both ways, and each knows the keys of the other', async () => {
      const follows = [
        await alice.say({ t: 'FLLW', aud: bob.relay.idTag }),
        await bob.say({ t: 'FLLW', aud: alice.relay.idTag }),
      ] as const;
      await Promise.all([comesTo(bob, follows[0]), comesTo(alice, follows[1])]);
      const posts = [
        await alice.say({ t: 'POST', c: 'From one loopback address' }),
        await bob.say({ t: 'POST', c: 'to another' }),
      ] as const;
      await Promise.all([comesTo(bob, posts[0]), comesTo(alice, posts[1])]);
      expect(dataOf(await alice.ask(`${routes.people}/bob.test`), profileSchema).idTag).toBe('bob.test');
    }, 120_000);

    test('N4: who has a certificate of the known authority for the API host is asked', async () => {
      await lookFor(alice, 'honest.test');
      expect(asked).toContain('cl-o.honest.test');
    });

    test.each([
      ['of another authority', 'foreign.test', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
      ['for another name', 'other.test', 'ERR_TLS_CERT_ALTNAME_INVALID'],
      ['for the name without its API host', 'bare.test', 'ERR_TLS_CERT_ALTNAME_INVALID'],
      ['for all names', 'wide.test', 'ERR_TLS_CERT_ALTNAME_INVALID'],
      ['that has expired', 'expired.test', 'CERT_HAS_EXPIRED'],
    ])('N4: a certificate %s is refused before anything is said', async (_why, name, code) => {
      expect(await lookFor(alice, name)).toContain(code);
      expect(asked).not.toContain(`cl-o.${name}`);
    });

    test('N4: an authority that the environment does not name is not known', async () => {
      expect(await lookFor(carol, 'bob.test')).toMatch(
        /UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED_CERT_IN_CHAIN/,
      );
    });

    test('N4: a private address that was not named is not connected to, alone or beside one that was', async () => {
      for (const name of ['inside.test', 'mixed.test'])
        expect(await lookFor(alice, name)).toContain('E-NET-ADDRESS');
      expect([intruders, asked.includes('cl-o.mixed.test')]).toEqual([0, false]);
    });
  },
);
