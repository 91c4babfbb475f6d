import { Crypto } from '@peculiar/webcrypto';

/** The relay's WebCrypto provider: makes, seals and uses keys. */
const provider = new Crypto();

export const { subtle } = provider;

export function randomBytes(n: number): Uint8Array<ArrayBuffer> {
  return provider.getRandomValues(new Uint8Array(n));
}
