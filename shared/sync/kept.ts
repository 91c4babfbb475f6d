import * as encoding from 'lib0/encoding';
import * as v from 'valibot';
import { base64urlToBytes, bytesToBase64url, copyBytes } from '../bytes.ts';
import { IsletError } from '../errors.ts';
import { importDeviceKey, type PublicJwk, type Signer } from '../identity/did.ts';
import type { IdTag } from '../identity/id-tag.ts';

const keptVersion = 1;

/** SPEC S15: how far a device has stored a relay's log. */
export interface Kept {
  /** did:key of the device. */
  readonly device: string;
  readonly log: string;
  /** Every row up to this number is on the device. */
  readonly seq: number;
  /** Milliseconds since 1970, by the device's clock. */
  readonly time: number;
}

/** A word of a device as it stands in its awareness state. */
export interface SaidKept extends Kept {
  /** R‖S over the bytes of the word, base64url. */
  readonly signature: string;
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const saidSchema = v.object({
  device: v.pipe(v.string(), v.maxLength(400)),
  log: v.pipe(v.string(), v.maxLength(100)),
  seq: count,
  time: count,
  signature: v.pipe(v.string(), v.maxLength(200)),
});

function keptBytes(space: IdTag, { device, log, seq, time }: Kept): Uint8Array<ArrayBuffer> {
  const encoder = encoding.createEncoder();
  encoding.writeVarString(encoder, 'islet-sync-kept');
  encoding.writeVarUint(encoder, keptVersion);
  for (const text of [space, device, log]) encoding.writeVarString(encoder, text);
  for (const n of [seq, time]) encoding.writeVarUint(encoder, n);
  return copyBytes(encoding.toUint8Array(encoder));
}

/** SPEC S15. */
export async function signKept(space: IdTag, kept: Kept, sign: Signer): Promise<SaidKept> {
  const { device, log, seq, time } = kept;
  const signature = bytesToBase64url(await sign(keptBytes(space, kept)));
  return { device, log, seq, time, signature };
}

/** What stands in the state of another device; undefined when it is nothing of the kind. */
export function parseKept(value: unknown): SaidKept | undefined {
  const parsed = v.safeParse(saidSchema, value);
  return parsed.success ? parsed.output : undefined;
}

/** SPEC S15. @throws IsletError E-ROW-INVALID when this device did not say it */
export async function verifyKept(space: IdTag, said: SaidKept, jwk: PublicJwk): Promise<void> {
  const key = await importDeviceKey(jwk);
  const ok = await crypto.subtle
    .verify({ name: 'ECDSA', hash: 'SHA-384' }, key, base64urlToBytes(said.signature), keptBytes(space, said))
    .catch(() => false);
  if (!ok)
    throw new IsletError('E-ROW-INVALID', 'another device did not say that it keeps a copy', said.device);
}
