import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect as connectTcp, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { IsletError } from '../../shared/errors.ts';
import { apiHost, type IdTag, isIdTag, parseIdTag } from '../../shared/identity/id-tag.ts';
import { counted } from '../../shared/test/counted.ts';
import { listAddressForms } from './address-forms-fixture.ts';
import type { Resolve } from './resolve.ts';
import { type Connect, createSafeFetch, type SafeFetch } from './safe-fetch.ts';

const bob = parseIdTag('bob.test');
const ask = { limit: 1_000, deadline: 60_000 };
const portOf = (server: Server) => (server.address() as AddressInfo).port;

/** Whatever is asked for must not get to what listens on this machine. */
describe('a canary on loopback', () => {
  let canary: Server;
  let website: Server;
  let sung = 0;
  /** What the guard let through, before any system looked at it. */
  let passed: string[] = [];

  beforeAll(async () => {
    canary = createServer((socket) => {
      sung += 1;
      socket.destroy();
    }).listen(0);
    website = createHttpServer((_request, response) => response.end('{}')).listen(0, '127.0.0.1');
    await Promise.all([once(canary, 'listening'), once(website, 'listening')]);
  });
  beforeEach(() => {
    sung = 0;
    passed = [];
  });
  afterAll(async () => {
    for (const server of [canary, website]) await once(server.close(), 'close');
  });

  /** Connects wherever it is told to, as the system understands it; the one public address leads to the website. */
  const connect: Connect = async ({ address }) => {
    passed.push(address);
    const to =
      address === '93.184.216.34'
        ? { host: '127.0.0.1', port: portOf(website) }
        : { host: address, port: portOf(canary) };
    const socket = connectTcp(to);
    await once(socket, 'connect');
    return socket;
  };

  const withFetch = async <T>(resolve: Resolve, use: (fetch: SafeFetch) => Promise<T>): Promise<T> => {
    const fetch = createSafeFetch({
      local: false,
      findPort: () => Promise.resolve(undefined),
      resolve,
      connect,
    });
    try {
      return await use(fetch);
    } finally {
      await fetch.close();
    }
  };

  const codeOf = (answer: Promise<unknown>): Promise<string> =>
    answer.then(
      () => 'answered',
      (error: unknown) => (error instanceof IsletError ? error.code : String(error)),
    );

  test('it sings when somebody comes', async () => {
    const socket = connectTcp(portOf(canary), '127.0.0.1').on('error', () => undefined);
    await once(socket.resume(), 'close');
    expect(sung).toBe(1);
  });

  test('N4: no form of an address, given out by DNS, leads there', async () => {
    const forms = listAddressForms();
    expect(forms.length).toBeGreaterThan(1_000);
    const codes = new Set<string>();
    for (const form of forms)
      codes.add(
        await withFetch(
          () => Promise.resolve([form]),
          (fetch) => codeOf(fetch(bob, '/', ask)),
        ),
      );
    expect({ codes: [...codes], passed, sung }).toEqual({ codes: ['E-NET-ADDRESS'], passed: [], sung: 0 });
    counted('forms of addresses in records', forms.length);
  });

  test('N4: nor when public addresses stand beside it, before or behind', async () => {
    for (const form of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '169.254.169.254', '2130706433', ''])
      for (const addresses of [
        ['93.184.216.34', form],
        [form, '93.184.216.34', '1.1.1.1'],
      ])
        await withFetch(
          () => Promise.resolve(addresses),
          async (fetch) => expect(await codeOf(fetch(bob, '/', ask))).toBe('E-NET-ADDRESS'),
        );
    expect([passed, sung]).toEqual([[], 0]);
  });

  test('N1, N4: no form of an address is a name; nothing is looked up for it', async () => {
    const looked: string[] = [];
    const resolve: Resolve = (host) => {
      looked.push(host);
      return Promise.resolve(['93.184.216.34']);
    };
    await withFetch(resolve, async (fetch) => {
      for (const form of listAddressForms()) {
        const answer = codeOf(fetch(form as IdTag, '/', ask));
        expect([form, await answer]).toEqual([form, 'E-VAL-ID-TAG']);
      }
    });
    expect([looked, passed, sung]).toEqual([[], [], 0]);
  });

  test('N4: a name that is public when it is asked for first and inside later is connected to as checked, and then no more', async () => {
    const answers = [['93.184.216.34'], ['127.0.0.1']];
    let looks = 0;
    const resolve: Resolve = () => Promise.resolve(answers[looks++] ?? ['127.0.0.1']);
    await withFetch(resolve, async (fetch) => {
      expect((await fetch(bob, '/', ask)).status).toBe(200);
      expect([looks, passed]).toEqual([1, ['93.184.216.34']]);
      // The kept connection still leads to what was checked.
      expect((await fetch(bob, '/', ask)).status).toBe(200);
      expect([looks, passed]).toEqual([1, ['93.184.216.34']]);
    });
    await withFetch(resolve, async (fetch) => {
      for (let i = 0; i < 20; i++) expect(await codeOf(fetch(bob, '/', ask))).toBe('E-NET-ADDRESS');
    });
    expect([looks, passed, sung]).toEqual([21, ['93.184.216.34'], 0]);
  });

  test('N4: two look-ups at once that change in between connect to public addresses only', async () => {
    let looks = 0;
    const resolve: Resolve = () => Promise.resolve(looks++ % 2 ? ['127.0.0.1'] : ['93.184.216.34']);
    await withFetch(resolve, (fetch) =>
      Promise.all(Array.from({ length: 40 }, () => codeOf(fetch(bob, '/', ask)))),
    );
    expect(looks).toBeGreaterThan(1);
    expect([new Set(passed), sung]).toEqual([new Set(['93.184.216.34']), 0]);
  });
});

describe('names', () => {
  const base = 'bob.example';
  const tricks = [
    ...[
      '.',
      '..',
      '/',
      '//evil.test',
      '\\',
      '#',
      '?',
      '@evil.test',
      ':443',
      ':80',
      '%00',
      '%2e',
      '\0',
      ' ',
      '\n',
      '\r\n',
      '\t',
    ],
    ...[
      '\u200b',
      '\u200d',
      '\u00ad',
      '\u2024',
      '\u3002',
      '\uff0e',
      '\uff61',
      '\u2215',
      '\uff0f',
      '\u2100',
      '*',
      '_',
      '+',
      ',',
      ';',
      '[',
    ],
  ];
  const lookAlikes = [
    '\u0432ob.example',
    'b\u043eb.example',
    'b\u03bfb.example',
    '\uff42ob.example',
    '\u24b7ob.example',
    'b\u00f8b.example',
  ];

  /** Near misses of `bob.example`: each trick at each place, letters in another case or alphabet, and all that twice. */
  function listNearNames(): string[] {
    const inserted = tricks.flatMap((trick) =>
      Array.from({ length: base.length + 1 }, (_, i) => base.slice(0, i) + trick + base.slice(i)),
    );
    const cased = Array.from(
      base,
      (letter, i) => base.slice(0, i) + letter.toUpperCase() + base.slice(i + 1),
    );
    const around = [
      `evil@${base}`,
      `https://${base}`,
      `cl-o.${base}`,
      `${base}.`,
      `.${base}`,
      `xn--${base}`,
      `${base}.localhost`,
    ];
    return [...inserted, ...cased.filter((name) => name !== base), ...lookAlikes, ...around];
  }

  test('N1, N2: none is asked for at the host of another', async () => {
    const looked: string[] = [];
    const fetch = createSafeFetch({
      local: false,
      findPort: () => Promise.resolve(undefined),
      resolve: (host) => {
        looked.push(host);
        return Promise.resolve([]);
      },
    });
    const near = listNearNames();
    expect(near.length).toBeGreaterThan(400);
    for (const name of near) await fetch(name as IdTag, '/', ask).catch(() => undefined);
    await fetch.close();
    expect(looked).not.toContain(apiHost(parseIdTag(base)));
    // What was looked up was asked for under exactly that name, and every program reads it so.
    const asked = new Set(near.filter(isIdTag).map((name) => `cl-o.${name}`));
    expect(looked.filter((host) => !asked.has(host))).toEqual([]);
    expect(looked.filter((host) => new URL(`https://${host}/`).host !== host)).toEqual([]);
    counted('names that look like another', near.length);
  });
});
