import { fold, readWords } from './words.ts';

/**
 * How well a label of a few words answers what is typed: 0 not at all; 3 when it begins so, 2 when each word begins one of its words, 1
 * when the letters stand in it in their order.
 */
export function matchLabel(sought: string, label: string, more = ''): 0 | 1 | 2 | 3 {
  const [wanted, folded] = [fold(sought.trim()), fold(label)];
  if (wanted === '') return 2;
  if (folded.startsWith(wanted)) return 3;
  const words = readWords(`${label} ${more}`).map(({ text }) => text);
  const beginnings = readWords(sought).map(({ text }) => text);
  if (beginnings.length > 0 && beginnings.every((one) => words.some((word) => word.startsWith(one))))
    return 2;
  return wanted.length > 1 && hasInOrder(folded, wanted.replace(/\s+/g, '')) ? 1 : 0;
}

function hasInOrder(text: string, letters: string): boolean {
  let at = 0;
  for (const letter of letters) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
