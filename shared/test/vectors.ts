import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { type ErrorCode, IsletError, isErrorCode } from '../errors.ts';
import { publicJwkSchema } from '../identity/did.ts';
import { parseJson } from '../parse.ts';
import { importTestKey, type TestKey } from './keys.ts';

const folder = new URL('../', import.meta.url);

/** Reads a vector file below `shared/` and checks its form. */
export function readVectors<S extends v.GenericSchema>(path: string, schema: S): v.InferOutput<S> {
  return parseJson(schema, readFileSync(new URL(path, folder), 'utf8'));
}

export const errorCode = v.custom<ErrorCode>(isErrorCode, 'not an error code');

/** The code with which `run` refuses, or `accepted`. Anything but an IsletError is a bug and is thrown on. */
export async function codeOf(run: () => unknown): Promise<ErrorCode | 'accepted'> {
  try {
    await run();
    return 'accepted';
  } catch (error) {
    if (error instanceof IsletError) return error.code;
    throw error;
  }
}

const names = ['identity', 'laptop', 'phone', 'stranger'] as const;
const keysSchema = v.object({
  keys: v.array(
    v.object({
      name: v.picklist(names),
      jwk: v.strictObject({ ...publicJwkSchema.entries, d: v.string() }),
      did: v.string(),
      publicKey: v.string(),
    }),
  ),
});

/** The keys of `vectors/keys.json`, with what the file says of each. */
export function readKeyVectors(): v.InferOutput<typeof keysSchema>['keys'] {
  return readVectors('vectors/keys.json', keysSchema).keys;
}

export type TestKeys = Readonly<Record<(typeof names)[number], TestKey>>;

export async function readTestKeys(): Promise<TestKeys> {
  const find = (name: string) => {
    const found = readKeyVectors().find((key) => key.name === name);
    if (!found) throw new Error(`keys.json has no ${name}`);
    return importTestKey(found.jwk);
  };
  return {
    identity: await find('identity'),
    laptop: await find('laptop'),
    phone: await find('phone'),
    stranger: await find('stranger'),
  };
}
