import type { Answer } from './transport.ts';

export type Members = Readonly<Record<string, unknown>>;

/** The members of an object; none of anything else. */
export function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}

/** What a text of JSON says, or undefined. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** `time` of an envelope: ISO-8601 or integer seconds. */
function isTime(value: unknown): boolean {
  return Number.isInteger(value) || (typeof value === 'string' && !Number.isNaN(Date.parse(value)));
}

/** `{data, time}`, both of them there; undefined for anything else. */
export function readEnvelope({ text }: Pick<Answer, 'text'>): { readonly data: unknown } | undefined {
  const envelope = membersOf(readJson(text));
  return 'data' in envelope && isTime(envelope['time']) ? { data: envelope['data'] } : undefined;
}

/** The members of the data in an envelope. */
export function readData(answer: Pick<Answer, 'text'>): Members {
  return membersOf(readEnvelope(answer)?.data);
}

/** `{error: {code, message}}`; undefined when the refusal is not of that shape. */
export function readRefusal({ text }: Pick<Answer, 'text'>): { code: string; message: string } | undefined {
  const { code, message } = membersOf(membersOf(readJson(text))['error']);
  return typeof code === 'string' && code.startsWith('E-') && typeof message === 'string'
    ? { code, message }
    : undefined;
}
