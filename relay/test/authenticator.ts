import { createHash, createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import type { Presentation, RegistrationResponse } from '../../shared/api/ways.ts';

const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest();

/** What may be wrong with what the authenticator gives. */
export interface Mischief {
  readonly origin?: string;
  readonly rpId?: string;
  readonly type?: string;
  /** The user was there, and nobody looked who it was. */
  readonly unverified?: boolean;
  readonly counter?: number;
  readonly userHandle?: string;
  readonly key?: KeyObject;
}

/** CBOR (RFC 8949) of what registrations are made of: small numbers, bytes, text, maps. */
function cbor(value: number | string | Uint8Array | Map<string | number, unknown>): Buffer {
  const head = (major: number, n: number) =>
    n < 24
      ? Buffer.from([(major << 5) | n])
      : n < 256
        ? Buffer.from([(major << 5) | 24, n])
        : Buffer.from([(major << 5) | 25, n >> 8, n & 255]);
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string')
    return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  const members = [...value].flatMap(([key, member]) => [cbor(key), cbor(member as number)]);
  return Buffer.concat([head(5, value.size), ...members]);
}

/** A security key as software (WebAuthn Level 3 §6), which can be told to lie. */
export class Authenticator {
  readonly origin: string;
  readonly id = randomBytes(32);
  counter = 0;
  private readonly pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  constructor(origin: string) {
    this.origin = origin;
  }

  private clientData(type: string, challenge: string, origin = this.origin): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  }

  private data(mischief: Mischief, attested = Buffer.alloc(0)): Buffer {
    const rpId = mischief.rpId ?? new URL(this.origin).hostname;
    const flags = 0x01 | (mischief.unverified ? 0 : 0x04) | (attested.length > 0 ? 0x40 : 0);
    const count = Buffer.alloc(4);
    count.writeUInt32BE(mischief.counter ?? this.counter);
    return Buffer.concat([sha256(rpId), Buffer.from([flags]), count, attested]);
  }

  private cose(): Buffer {
    const { x = '', y = '' } = this.pair.publicKey.export({ format: 'jwk' });
    const members: [number, unknown][] = [
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, Buffer.from(x, 'base64url')],
      [-3, Buffer.from(y, 'base64url')],
    ];
    return cbor(new Map(members));
  }

  register(challenge: string, mischief: Mischief = {}): RegistrationResponse {
    const length = Buffer.from([0, this.id.length]);
    const attested = Buffer.concat([Buffer.alloc(16), length, this.id, this.cose()]);
    const object = new Map<string, unknown>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', this.data(mischief, attested)],
    ]);
    const id = base64url(this.id);
    const clientData = this.clientData(mischief.type ?? 'webauthn.create', challenge, mischief.origin);
    const response = { clientDataJSON: base64url(clientData), attestationObject: base64url(cbor(object)) };
    return { id, rawId: id, type: 'public-key', response };
  }

  show(challenge: string, mischief: Mischief = {}): Presentation {
    this.counter += 1;
    const clientData = this.clientData(mischief.type ?? 'webauthn.get', challenge, mischief.origin);
    const authenticatorData = this.data(mischief);
    const signed = Buffer.concat([authenticatorData, sha256(clientData)]);
    const signature = createSign('sha256')
      .update(signed)
      .sign(mischief.key ?? this.pair.privateKey);
    const id = base64url(this.id);
    return {
      ...{ id, rawId: id, type: 'public-key' as const },
      response: {
        clientDataJSON: base64url(clientData),
        authenticatorData: base64url(authenticatorData),
        signature: base64url(signature),
        ...(mischief.userHandle !== undefined && { userHandle: mischief.userHandle }),
      },
    };
  }
}
