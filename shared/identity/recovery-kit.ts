import * as v from 'valibot';
import { bytesToBase64url, sha256, textToBytes } from '../bytes.ts';
import { type DeviceLog, verifyDeviceLog } from '../device/device-log.ts';
import { IsletError } from '../errors.ts';
import { parse } from '../parse.ts';
import { type IdentityKey, identityKeySchema } from './key-set.ts';
import { openSealedKey, parseSealedKey, type RecoveryKey, type SealedKey } from './recovery-key.ts';

/** SPEC X14: what brings an identity back: the sealed key, and what is public of the identity. */
export interface RecoveryKit {
  readonly key: SealedKey;
  /** Its public identity keys, so that what they signed stays proven; none when only the code of the page is there. */
  readonly keys: readonly IdentityKey[];
  /** The device log, up to the entry that adds the recovery key. */
  readonly entries: readonly string[];
}

/** Of a kit, in characters; a device log of 500 entries fits. */
const longest = 4 * 1024 * 1024;

const fileSchema = v.object({
  islet: v.literal('recovery kit'),
  version: v.literal(1),
  key: v.string(),
  keys: v.pipe(v.array(identityKeySchema), v.maxLength(64)),
  entries: v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(2000)),
  check: v.string(),
});

/** SPEC X14: the file. `about` is for people: what it is, and what to do with it. */
export async function formatKit(
  kit: { key: string; keys: readonly IdentityKey[]; entries: readonly string[] },
  about: readonly string[],
): Promise<string> {
  const { key, keys, entries } = kit;
  const file = { islet: 'recovery kit', version: 1, about, key, keys, entries, check: await checkOf(kit) };
  return `${JSON.stringify(file, null, 1)}\n`;
}

/**
 * The file, or the text of the QR code alone.
 * @throws IsletError E-KIT-INVALID; `details.reason`: `form`, `damaged`
 */
export async function parseKit(text: string): Promise<RecoveryKit> {
  if (text.length > longest) throw invalid('form', 'this is too large for a recovery kit');
  if (!text.trimStart().startsWith('{')) return { key: await parseSealedKey(text), keys: [], entries: [] };
  const file = parse(fileSchema, parseFile(text), 'E-KIT-INVALID');
  if (file.check !== (await checkOf(file)))
    throw invalid('damaged', 'a part of the recovery kit is missing or was changed');
  return { key: await parseSealedKey(file.key), keys: file.keys, entries: file.entries };
}

/** An open kit; `log` is what the kit has of the device log. */
export interface OpenKit {
  readonly key: RecoveryKey;
  readonly log: DeviceLog | undefined;
}

/**
 * Opens it with the passphrase, and looks whether its device log holds and has its key.
 * @throws IsletError E-KIT-INVALID (`details.reason`: `passphrase`, `damaged`), E-LOG-*
 */
export async function openKit(kit: RecoveryKit, passphrase: string): Promise<OpenKit> {
  const key = await openSealedKey(kit.key.text, passphrase);
  if (kit.entries.length === 0) return { key, log: undefined };
  const log = await verifyDeviceLog(key.idTag, kit.entries);
  if (!log.keys.has(key.description.did))
    throw invalid('damaged', 'the device log of this kit does not know its key');
  return { key, log };
}

function parseFile(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('damaged', 'the recovery kit breaks off, or was changed');
  }
}

function invalid(reason: 'form' | 'damaged', message: string): IsletError {
  return new IsletError('E-KIT-INVALID', message, undefined, { reason });
}

/** A GCM tag cannot tell a wrong passphrase from a damaged file; this can. */
async function checkOf({ key, keys, entries }: Parameters<typeof formatKit>[0]): Promise<string> {
  return bytesToBase64url(await sha256(textToBytes(JSON.stringify([key, keys, entries]))));
}
