import { keyNumbers, pairingNumbers } from '../../../shared/device/pairing.ts';
import type { DeviceDescription } from '../../../shared/device/device-log.ts';
import type { DeviceLink } from '../../../shared/device/link.ts';
import type { Did } from '../../../shared/identity/did.ts';

/** SPEC P5: the three words that both devices show: English ones of BIP 39, whatever language either of them speaks. */
export async function pairingWords(link: DeviceLink, device: DeviceDescription): Promise<string[]> {
  return toWords(await pairingNumbers(link, device));
}

/** SPEC G16: the three words by which a person tells keys of one device apart. */
export async function keyWords(did: Did): Promise<string[]> {
  return toWords(await keyNumbers(did));
}

async function toWords(numbers: readonly number[]): Promise<string[]> {
  const { wordlist } = await import('@scure/bip39/wordlists/english.js');
  return numbers.map((number) => wordlist[number]!);
}
