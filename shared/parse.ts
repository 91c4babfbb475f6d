import * as v from 'valibot';
import { type ErrorCode, IsletError } from './errors.ts';

/**
 * Unknown in, typed out: the only way data from wire, disk or another tab gets a type.
 * @throws IsletError with `code`, naming the path of the first issue.
 */
export function parse<S extends v.GenericSchema>(
  schema: S,
  value: unknown,
  code: ErrorCode = 'E-VAL-INVALID',
): v.InferOutput<S> {
  // One issue is enough; all of them would be many times the size of what was sent.
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const issue = result.issues[0];
  const path = v.getDotPath(issue);
  const message = withoutText(issue);
  throw new IsletError(code, path ? `${path}: ${message}` : message, value);
}

/** A text that was sent may be a secret, and messages are logged and handed on: it is not repeated. */
function withoutText({ message, received }: v.BaseIssue<unknown>): string {
  return received.startsWith('"') ? message.replace(` but received ${received}`, '') : message;
}

/** JSON text in, typed out. @throws IsletError with `code` when it is not JSON or not of the schema. */
export function parseJson<S extends v.GenericSchema>(
  schema: S,
  text: string,
  code: ErrorCode = 'E-VAL-INVALID',
): v.InferOutput<S> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new IsletError(code, 'not JSON', text.slice(0, 200));
  }
  return parse(schema, value, code);
}
