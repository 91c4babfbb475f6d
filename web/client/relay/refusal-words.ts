import type { ErrorCode } from '../../../shared/errors.ts';

/** What a refusal is in the language that is spoken; undefined where the relay's own words do. */
export type RefusalWords = (code: ErrorCode) => string | undefined;

let spoken: RefusalWords = () => undefined;

/** From now on refusals are told so. */
export function speakRefusals(words: RefusalWords): void {
  spoken = words;
}

/** The words for people of what the relay refused: those of their language, else the relay's. */
export function wordRefusal(code: ErrorCode, message: string): string {
  return spoken(code) ?? message;
}
