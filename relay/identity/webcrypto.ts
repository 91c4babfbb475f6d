import { Crypto } from '@peculiar/webcrypto';

/** The provider that makes, seals and opens keys. It works in the thread that calls it: keys that are open sign elsewhere. */
const provider = new Crypto();

export const { subtle } = provider;

export function randomBytes(n: number): Uint8Array<ArrayBuffer> {
  return provider.getRandomValues(new Uint8Array(n));
}
