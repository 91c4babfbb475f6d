import { describe, expect, test } from 'vitest';
import { parseBytes, parseFactor } from './config-values.ts';
import { ConfigError, parseConfig } from './config.ts';
import { createOrigins } from './origins.ts';

describe('settings', () => {
  test('with none: me.localhost at http://localhost:1443, on both loopback addresses', () => {
    const config = parseConfig([], {});
    expect(config).toMatchObject({
      idTag: 'me.localhost',
      appHost: 'localhost',
      local: true,
      mode: 'standalone',
    });
    expect(config.listen).toEqual({ addresses: ['127.0.0.1', '::1'], port: 1443 });
    expect(config.privateDir).toMatch(/\/\.data\/me\.localhost\/private$/);
    expect(createOrigins(config, 1443)).toMatchObject({
      app: 'http://localhost:1443',
      api: 'http://cl-o.me.localhost:1443',
      ws: 'ws://cl-o.me.localhost:1443',
    });
  });

  test('flags win over the environment', () => {
    const args = ['--name', 'bob.localhost', '--port', '2443', '--neighbour', 'me.localhost=1443'];
    const config = parseConfig(args, { BASE_ID_TAG: 'x.localhost', LISTEN: '1' });
    expect(config).toMatchObject({ idTag: 'bob.localhost', appHost: 'bob.localhost' });
    expect(config.listen.port).toBe(2443);
    expect([...config.neighbours]).toEqual([['me.localhost', 1443]]);
  });

  test('behind a proxy: plain HTTP on loopback, https outside', () => {
    const config = parseConfig([], { MODE: 'proxy', BASE_ID_TAG: 'alice.example.com', LISTEN: '[::1]:8080' });
    expect(config.listen).toEqual({ addresses: ['::1'], port: 8080 });
    expect(createOrigins(config, 8080)).toMatchObject({
      app: 'https://alice.example.com',
      ws: 'wss://cl-o.alice.example.com',
    });
  });

  test.each([
    [{ MODE: 'server' }, /^MODE: must be/],
    [{ BASE_ID_TAG: 'Alice.Example' }, /^BASE_ID_TAG: not a canonical/],
    [{ LISTEN: 'everywhere' }, /^LISTEN: must be a port/],
    [{ LISTEN: '70000' }, /^LISTEN: 70000/],
    [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL: must be one of/],
    [{ KEYS_SECRET: 'short' }, /^KEYS_SECRET: must be at least 32/],
    [{ KEYS_SECRET: 'changeme'.repeat(8) }, /^KEYS_SECRET/],
    [{ KEYS_SECRET: '0123456789abcdef0123456789abcdef' }, /^KEYS_SECRET/],
    [{ BASE_ID_TAG: 'alice.example.com' }, /^TLS_CERT, TLS_KEY: needed/],
    [{ DATABASE_URL: 'postgres://x' }, /^DATABASE_URL: this version/],
    [{ BLOBS: 's3://' }, /^BLOBS: must be local, s3:/],
    [{ BLOBS: 's3://Bucket' }, /^BLOBS: must be/],
    [{ BLOBS: 's3://bucket/../x' }, /^BLOBS: must be/],
    [{ BLOBS: 'azure' }, /^BLOBS: must be/],
    [{ BLOBS: 's3://bucket' }, /^AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY: needed for BLOBS=s3:\/\/bucket$/],
    [{ BLOBS: 's3://bucket', AWS_ACCESS_KEY_ID: 'x' }, /^AWS_ACCESS_KEY_ID, AWS_SECRET/],
    [{ S3_ENDPOINT: '127.0.0.1:9000' }, /^S3_ENDPOINT: must look like/],
    [{ S3_ENDPOINT: 'https://s3.example.com/path' }, /^S3_ENDPOINT: must look like/],
    [{ S3_REGION: 'eu/west' }, /^S3_REGION: not a region/],
    [{ STORAGE_LIMIT: 'much' }, /^STORAGE_LIMIT: must be a size such as 10GiB$/],
    [{ STORAGE_LIMIT: '0' }, /^STORAGE_LIMIT: must be/],
    [{ STORAGE_LIMIT: '-1GiB' }, /^STORAGE_LIMIT: must be/],
    [{ STORAGE_LIMIT: '9000000TiB' }, /^STORAGE_LIMIT: must be/],
    [{ ALLOW_PRIVATE_ADDRESSES: 'true' }, /^ALLOW_PRIVATE_ADDRESSES: true is neither an address nor/],
    [{ ALLOW_PRIVATE_ADDRESSES: '*' }, /^ALLOW_PRIVATE_ADDRESSES: \* is/],
    [{ ALLOW_PRIVATE_ADDRESSES: '0.0.0.0/0' }, /^ALLOW_PRIVATE_ADDRESSES: 0\.0\.0\.0\/0 is/],
    [{ ALLOW_PRIVATE_ADDRESSES: '::/0' }, /^ALLOW_PRIVATE_ADDRESSES: ::\/0 is/],
    [{ ALLOW_PRIVATE_ADDRESSES: '127.0.0.1/33' }, /^ALLOW_PRIVATE_ADDRESSES: 127/],
    [{ ALLOW_PRIVATE_ADDRESSES: '127.1' }, /^ALLOW_PRIVATE_ADDRESSES: 127\.1 is/],
    [{ ALLOW_PRIVATE_ADDRESSES: 'fe80::1%eth0' }, /^ALLOW_PRIVATE_ADDRESSES: fe80/],
    [{ ALLOW_PRIVATE_ADDRESSES: '127.0.0.2,' }, /^ALLOW_PRIVATE_ADDRESSES:  is neither/],
    [{ ALLOW_PRIVATE_ADDRESSES: 'localhost' }, /^ALLOW_PRIVATE_ADDRESSES: localhost is/],
    [
      { ALLOW_PRIVATE_ADDRESSES: '127.0.0.2', ACME_EMAIL: 'alice@example.com' },
      /^ALLOW_PRIVATE_ADDRESSES: for development, and never together with ACME_EMAIL$/,
    ],
    [{ STAGING: 'tape' }, /^STAGING: must be filesystem or memory$/],
  ])('%j is refused in one line', (environment, line) => {
    expect(() => parseConfig([], environment)).toThrow(ConfigError);
    expect(() => parseConfig([], environment)).toThrow(line);
  });

  test('private addresses: none, unless they are named', () => {
    expect(parseConfig([], { ACME_EMAIL: 'alice@example.com' }).privateAddresses).toEqual([]);
    const named = { ALLOW_PRIVATE_ADDRESSES: '127.0.0.2, 10.1.0.0/16,fd12::/48,::1' };
    expect(parseConfig([], named).privateAddresses).toEqual([
      { address: '127.0.0.2', prefix: 32 },
      { address: '10.1.0.0', prefix: 16 },
      { address: 'fd12::', prefix: 48 },
      { address: '::1', prefix: 128 },
    ]);
  });

  test('blobs: on the local disk with 10 GiB each, or in a bucket', () => {
    expect(parseConfig([], {})).toMatchObject({
      blobs: { kind: 'local' },
      storageLimit: 10 * 1024 ** 3,
      staging: 'filesystem',
    });
    const keys = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' };
    expect(parseConfig([], { ...keys, BLOBS: 's3://isle' }).blobs).toEqual({
      ...{ kind: 's3', bucket: 'isle', prefix: '', region: 'us-east-1' },
      ...{ endpoint: 'https://s3.us-east-1.amazonaws.com', accessKeyId: 'id', secretAccessKey: 'secret' },
    });
    const minio = { BLOBS: 's3://isle/a/b/', S3_ENDPOINT: 'http://127.0.0.1:9000/', S3_REGION: 'home' };
    expect(parseConfig([], { ...keys, ...minio, STAGING: 'memory' })).toMatchObject({
      blobs: { prefix: 'a/b/', region: 'home', endpoint: 'http://127.0.0.1:9000' },
      staging: 'memory',
    });
  });

  test.each([
    ['10GiB', 10 * 1024 ** 3],
    ['500 MB', 500e6],
    ['1.5tib', 1.5 * 1024 ** 4],
    ['64KiB', 65_536],
    ['7kB', 7000],
    ['12B', 12],
    ['1048576', 1_048_576],
    ['1e9', undefined],
    ['GiB', undefined],
    ['10 GiB more', undefined],
    ['0.1B', undefined],
  ])('%s is %s bytes', (text, bytes) => {
    expect(parseBytes(text)).toBe(bytes);
  });

  test('several bad values are all named, one line each', () => {
    expect(() => parseConfig([], { MODE: 'x', LOG_LEVEL: 'y' })).toThrow(/MODE: .*\nLOG_LEVEL: /);
    expect(() => parseConfig(['--nosuch'], {})).toThrow(ConfigError);
    expect(() => parseConfig(['--neighbour', 'bob.localhost'], {})).toThrow(/bob.localhost=2443/);
  });
});

test.each([
  ['on', 1],
  ['off', Infinity],
  ['0.5', 0.5],
  ['4', 4],
  ['0', undefined],
  ['-1', undefined],
  ['constructor', undefined],
  ['1e9', undefined],
])('RATE_LIMITS=%s multiplies by %s', (text, factor) => {
  expect(parseFactor(text)).toBe(factor);
});
