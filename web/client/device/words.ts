import { pairingNumbers } from '../../../shared/device/pairing.ts';
import type { DeviceDescription } from '../../../shared/device/device-log.ts';
import type { DeviceLink } from '../../../shared/device/link.ts';

/** SPEC P5: the three words that both devices show: English ones of BIP 39, whatever language either of them speaks. */
export async function pairingWords(link: DeviceLink, device: DeviceDescription): Promise<string[]> {
  const { wordlist } = await import('@scure/bip39/wordlists/english.js');
  const numbers = await pairingNumbers(link, device);
  return numbers.map((number) => wordlist[number]!);
}
