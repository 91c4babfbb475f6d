import { bytesOf, handedSchema, type QuarantineItem } from '../../../shared/api/quarantine.ts';
import { bytesToBase64url, type Random } from '../../../shared/bytes.ts';
import { signAssertion } from '../../../shared/device/assertion.ts';
import { IsletError } from '../../../shared/errors.ts';
import { routes } from '../../../shared/routes.ts';
import { hashBlob } from '../files/hash-blob.ts';
import { sendBlob } from '../files/send-blob.ts';
import { createRelayApi, type RelayApi, RelayUnreachable } from '../relay/relay-api.ts';
import type { DeviceKeys, Membership } from './key-store.ts';
import { listUnsent, type UnsentOptions } from './unsent-work.ts';

export interface HandOverOptions extends UnsentOptions {
  keys: DeviceKeys;
  membership: Membership;
  /** Milliseconds since 1970. */
  now: () => number;
  random: Random;
  onProgress: (progress: { done: number; total: number }) => void;
}

/** How much the relay keeps now. `changes`: edits of the index; `left`: what it refused to keep. */
export interface HandedOver {
  documents: number;
  drafts: number;
  files: number;
  changes: number;
  left: number;
}

/**
 * SPEC X10: a lost device hands to the relay what nobody else has: first what says what there is, then the bytes of files and pictures, the
 * small ones before the large. The same again is the same, so it may begin anew after it was stopped.
 * @throws RelayUnreachable, IsletError when the relay does not take this device for lost
 */
export async function handOver(options: HandOverOptions): Promise<HandedOver> {
  const { db, membership, onProgress } = options;
  const api = createRelayApi(membership.apiBase, () => createAssertion(options));
  const { steps, loose } = await listUnsent(options);
  const handed: HandedOver = { documents: 0, drafts: 0, files: 0, changes: 0, left: 0 };
  const coming = new Map<string, number>();
  for (const [done, describe] of steps.entries()) {
    onProgress({ done, total: steps.length });
    for (const item of await describe()) {
      if (!(await isTaken(api.post(routes.quarantine, item, handedSchema)))) handed.left++;
      else {
        count(item, handed);
        for (const { blob, size } of bytesOf(item)) coming.set(blob, size);
      }
    }
  }
  const blobs = [...coming].sort(([, a], [, b]) => a - b);
  const total = steps.length + blobs.length;
  for (const [i, [blob]] of blobs.entries()) {
    onProgress({ done: steps.length + i, total });
    const bytes = loose.get(blob) ?? (await db.blobs.get(blob))?.bytes;
    // What is not here any more the relay has acknowledged.
    if (bytes && !(await isTaken(bringBytes(blob, bytes, { api, now: options.now })))) handed.left++;
  }
  onProgress({ done: total, total });
  return handed;
}

function count(item: QuarantineItem, handed: HandedOver): void {
  if (item.kind === 'document') handed.documents++;
  else if (item.kind === 'draft') handed.drafts++;
  else if (item.kind === 'changes') handed.changes += item.changes.length;
  else handed.files++;
}

/** What is wrong with one item, or too much of all, holds up no wipe; anything else ends it. */
const itemRefusals: readonly string[] = [
  ...['E-STORAGE-FULL', 'E-STORAGE-LIMIT', 'E-VAL-INVALID', 'E-CORE-TOOLARGE'],
  // Bytes that are not what they are called, or whose item was discarded meanwhile.
  ...['E-BLOB-HASH', 'E-BLOB-SIZE', 'E-CORE-NOTFOUND'],
];

async function isTaken(answer: Promise<unknown>): Promise<boolean> {
  try {
    await answer;
    return true;
  } catch (error) {
    if (error instanceof IsletError && itemRefusals.includes(error.code)) return false;
    throw error;
  }
}

async function bringBytes(
  blob: string,
  bytes: Blob,
  { api, now }: { api: RelayApi; now: () => number },
): Promise<void> {
  const { signal } = new AbortController();
  const onOffset = (): Promise<void> => Promise.resolve();
  try {
    await sendBlob(blob, bytes, { api, signal, now, onOffset, at: `${routes.quarantine}/uploads` });
  } catch (error) {
    // A browser says the same of bytes that it cannot read as of a relay that does not answer.
    if (error instanceof RelayUnreachable && !(await isReadable(bytes)))
      throw new IsletError('E-BLOB-HASH', 'these bytes cannot be read any more', blob);
    throw error;
  }
}

async function isReadable(bytes: Blob): Promise<boolean> {
  return hashBlob(bytes).then(
    () => true,
    () => false,
  );
}

function createAssertion({ keys, membership, now, random }: HandOverOptions): Promise<string> {
  const jti = bytesToBase64url(random(16));
  const shown = { did: keys.did, aud: membership.idTag, jti, now: Math.floor(now() / 1000) };
  return signAssertion(shown, keys.sign);
}
