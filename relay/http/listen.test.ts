import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseConfig } from '../config.ts';
import { createAuthority, type Issued } from '../test/certificates.ts';
import { listen, type Listening } from './listen.ts';

const authority = createAuthority('An authority');
const names = ['alice.test', 'cl-o.alice.test'];

describe('a relay that serves TLS by itself', () => {
  let folder: string;
  let listening: Listening | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'islet-listen-'));
  });
  afterEach(async () => {
    await listening?.close();
    listening = undefined;
    await rm(folder, { recursive: true });
  });

  const files = () => ({ TLS_CERT: join(folder, 'cert.pem'), TLS_KEY: join(folder, 'key.pem') });
  const lay = async ({ cert, key }: Issued) => {
    await writeFile(files().TLS_CERT, cert);
    await writeFile(files().TLS_KEY, key);
  };
  const start = async () => {
    const environment = { BASE_ID_TAG: 'alice.test', LISTEN: '127.0.0.1:0', ...files() };
    listening = await listen(parseConfig([], environment));
    listening.serve(
      (_request, response) => response.end('hello'),
      () => undefined,
    );
    return listening;
  };

  const open = async (change: { maxVersion?: 'TLSv1.1'; minVersion?: 'TLSv1' } = {}): Promise<TLSSocket> => {
    const at = { host: '127.0.0.1', port: listening?.port ?? 0, servername: 'cl-o.alice.test' };
    const socket = connect({ ...at, ca: authority.cert, ciphers: 'DEFAULT@SECLEVEL=0', ...change });
    await once(socket, 'secureConnect');
    return socket;
  };
  /** Which certificate it shows; what it answers over that is read to the end. */
  const fingerprint = async (): Promise<string> => {
    const socket = await open();
    const shown = socket.getPeerCertificate().serialNumber;
    socket.end('GET / HTTP/1.1\r\nhost: cl-o.alice.test\r\nconnection: close\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 [^]*hello/);
    return shown;
  };

  test('a renewed certificate is taken without a restart; the same one is left alone', async () => {
    await lay(authority.issue(names));
    const { renew } = await start();
    const first = await fingerprint();
    await renew();
    expect(await fingerprint()).toBe(first);
    await lay(authority.issue(names));
    expect(await fingerprint()).toBe(first);
    await renew();
    expect(await fingerprint()).not.toBe(first);
  });

  test('what cannot be used is said, and the certificate before it goes on', async () => {
    const good = authority.issue(names);
    await lay(good);
    const { renew } = await start();
    const first = await fingerprint();
    for (const bad of [
      { ...good, cert: 'half writ' },
      { ...good, key: authority.issue(names).key },
    ]) {
      await lay(bad);
      await expect(renew()).rejects.toThrow(/^TLS_CERT, TLS_KEY: cannot be used: /);
      expect(await fingerprint()).toBe(first);
    }
    await rm(files().TLS_KEY);
    await expect(renew()).rejects.toThrow(/^TLS_CERT, TLS_KEY: cannot be used: ENOENT/);
    expect(await fingerprint()).toBe(first);
  });

  test('without files, or with ones that do not fit, it does not start, and says why in one line', async () => {
    await expect(start()).rejects.toThrow(/^TLS_CERT, TLS_KEY: cannot be used: ENOENT.*$/);
    await lay({ cert: authority.issue(names).cert, key: authority.issue(names).key });
    await expect(start()).rejects.toThrow(/^TLS_CERT, TLS_KEY: cannot be used: .*mismatch.*$/);
  });

  test('TLS before 1.2 is not spoken', async () => {
    await lay(authority.issue(names));
    await start();
    const old = open({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1' });
    await expect(old).rejects.toMatchObject({ code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' });
    await fingerprint();
  });
});
