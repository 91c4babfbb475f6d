import { base64urlToBytes, bytesToBase64url } from '../bytes.ts';

/** The order of the group of P-384 (FIPS 186-5). */
export const order =
  0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n;

export interface Pair {
  readonly r: bigint;
  readonly s: bigint;
}

function bytesToNumber(bytes: Uint8Array): bigint {
  return bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

function numberToBytes(number: bigint, length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, i) => Number((number >> BigInt(8 * (length - 1 - i))) & 255n));
}

export function splitSignature(token: string): Pair {
  const bytes = base64urlToBytes(token.split('.')[2]!);
  return { r: bytesToNumber(bytes.slice(0, 48)), s: bytesToNumber(bytes.slice(48)) };
}

/** The same signing input with another R‖S. */
export function replaceSignature(token: string, signature: Uint8Array): string {
  return `${token.slice(0, token.lastIndexOf('.'))}.${bytesToBase64url(signature)}`;
}

export function replacePair(token: string, { r, s }: Pair, length = 48): string {
  return replaceSignature(token, new Uint8Array([...numberToBytes(r, length), ...numberToBytes(s, length)]));
}

/** The other signature that fits the same bytes: ECDSA cannot tell s from n − s. */
export function flipS(token: string): string {
  const { r, s } = splitSignature(token);
  return replacePair(token, { r, s: order - s });
}

function derInteger(number: bigint): number[] {
  const bytes = [...numberToBytes(number, 49)];
  while (bytes.length > 1 && bytes[0] === 0 && bytes[1]! < 128) bytes.shift();
  return [2, bytes.length, ...bytes];
}

/** The signature as OpenSSL writes it by default. */
export function toDer(token: string): Uint8Array {
  const { r, s } = splitSignature(token);
  const body = [...derInteger(r), ...derInteger(s)];
  return new Uint8Array([0x30, body.length, ...body]);
}
