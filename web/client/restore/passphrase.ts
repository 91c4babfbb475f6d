import type { Random } from '../../../shared/bytes.ts';

/** 66 bits. */
const words = 6;

/** Words drawn by chance from the list of BIP 39 (2048 of them, so that two bytes give one without bias). */
export async function suggestPassphrase(random: Random): Promise<string> {
  const { wordlist } = await import('@scure/bip39/wordlists/english.js');
  const bytes = random(words * 2);
  const draw = (_: unknown, i: number): string =>
    wordlist[((bytes[2 * i]! << 8) | bytes[2 * i + 1]!) % wordlist.length]!;
  return Array.from({ length: words }, draw).join(' ');
}
