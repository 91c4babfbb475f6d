import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** A certificate and its key, in PEM. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
}

/** A certification authority that nobody knows. */
export interface Authority {
  /** Its own certificate, in PEM. */
  readonly cert: string;
  /** A certificate for these host names, `*.bob.test` too; good from an hour ago for so many seconds. */
  issue(names: readonly string[], seconds?: number): Issued;
}

/** Made with what Node has: RFC 5280 in the few fields that TLS looks at, in DER. */
export function createAuthority(name: string): Authority {
  const { privateKey, publicKey } = createKeys();
  const issuer = formatName(name);
  const own = { issuer, subject: issuer, publicKey, extensions: [isAuthority(true)], seconds: 86_400 };
  return {
    cert: certify(own, privateKey),
    issue(names, seconds = 86_400) {
      const keys = createKeys();
      const subject = formatName(names[0] ?? 'nobody');
      const extensions = [isAuthority(false), formatHosts(names)];
      const cert = certify({ issuer, subject, publicKey: keys.publicKey, extensions, seconds }, privateKey);
      return { cert, key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
    },
  };
}

const createKeys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });

interface Contents {
  readonly issuer: Buffer;
  readonly subject: Buffer;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Buffer[];
  readonly seconds: number;
}

const sequence = 0x30;
const set = 0x31;
/** ecdsa-with-SHA256. */
const algorithm = der(sequence, oid(1, 2, 840, 10045, 4, 3, 2));

function certify({ issuer, subject, publicKey, extensions, seconds }: Contents, key: KeyObject): string {
  const now = Date.now();
  const contents = der(
    sequence,
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.concat([Buffer.of(1), randomBytes(15)])),
    algorithm,
    issuer,
    der(sequence, formatTime(now - 3_600_000), formatTime(now + seconds * 1000)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(sequence, ...extensions)),
  );
  const signature = der(0x03, Buffer.of(0), sign('sha256', contents, key));
  const base64 = der(sequence, contents, algorithm, signature).toString('base64');
  const lines = [
    '-----BEGIN CERTIFICATE-----',
    ...(base64.match(/.{1,64}/g) ?? []),
    '-----END CERTIFICATE-----',
  ];
  return `${lines.join('\n')}\n`;
}

/** Tag, length, contents. */
function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const body = Buffer.concat(contents);
  if (body.length < 128) return Buffer.concat([Buffer.of(tag, body.length), body]);
  return Buffer.concat([Buffer.of(tag, 0x82, body.length >> 8, body.length & 0xff), body]);
}

function oid(first: number, second: number, ...others: readonly number[]): Buffer {
  const bytes = others.flatMap((part) => {
    const septets = [part & 0x7f];
    for (let rest = part >> 7; rest > 0; rest >>= 7) septets.unshift((rest & 0x7f) | 0x80);
    return septets;
  });
  return der(0x06, Buffer.of(first * 40 + second, ...bytes));
}

function formatName(name: string): Buffer {
  return der(sequence, der(set, der(sequence, oid(2, 5, 4, 3), der(0x0c, Buffer.from(name)))));
}

function formatTime(ms: number): Buffer {
  const text = new Date(ms).toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  return der(0x18, Buffer.from(text));
}

function isAuthority(is: boolean): Buffer {
  const value = der(sequence, ...(is ? [der(0x01, Buffer.of(0xff))] : []));
  return der(sequence, oid(2, 5, 29, 19), der(0x01, Buffer.of(0xff)), der(0x04, value));
}

function formatHosts(names: readonly string[]): Buffer {
  const hosts = names.map((name) => der(0x82, Buffer.from(name)));
  return der(sequence, oid(2, 5, 29, 17), der(0x04, der(sequence, ...hosts)));
}
