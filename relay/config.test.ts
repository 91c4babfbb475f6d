import { describe, expect, test } from 'vitest';
import { ConfigError, createOrigins, parseConfig } from './config.ts';

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
    expect(createOrigins(config, 1443)).toEqual({
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
    [{ BLOBS: 's3://bucket' }, /^BLOBS: this version/],
  ])('%j is refused in one line', (environment, line) => {
    expect(() => parseConfig([], environment)).toThrow(ConfigError);
    expect(() => parseConfig([], environment)).toThrow(line);
  });

  test('several bad values are all named, one line each', () => {
    expect(() => parseConfig([], { MODE: 'x', LOG_LEVEL: 'y' })).toThrow(/MODE: .*\nLOG_LEVEL: /);
    expect(() => parseConfig(['--nosuch'], {})).toThrow(ConfigError);
    expect(() => parseConfig(['--neighbour', 'bob.localhost'], {})).toThrow(/bob.localhost=2443/);
  });
});
