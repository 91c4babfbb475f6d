import { importSchema, type ImportState, markedBytes } from '../../../shared/api/archive.ts';
import { bytesToBase64url, sha256 } from '../../../shared/bytes.ts';
import { isErrorCode, IsletError } from '../../../shared/errors.ts';
import type { IdTag } from '../../../shared/identity/id-tag.ts';
import { openKit, type RecoveryKit } from '../../../shared/identity/recovery-kit.ts';
import { openIdentityKey } from '../../../shared/identity/sealed-identity-key.ts';
import { limits, routes } from '../../../shared/routes.ts';
import { readHome } from '../device/enrolment.ts';
import { createRelayApi, RelayUnreachable, segment } from '../relay/relay-api.ts';

export interface SendOptions {
  /** Of the page that was opened by the setup link. */
  readonly appOrigin: string;
  readonly idTag?: IdTag;
  readonly setup: string;
  readonly file: File;
  readonly signal: AbortSignal;
  readonly onState: (state: ImportState) => void;
  /** Awaited between two looks, and between two tries while the relay is away. */
  readonly wait: () => Promise<void>;
}

/** An archive on its way into a relay (SPEC W10). */
export interface Arrival {
  /** Where it is checked; the same relay goes on from there. */
  readonly state: ImportState;
  /** @param kit with its passphrase; without one a new identity key is made. @throws IsletError E-KIT-INVALID, E-SEALED-KEY */
  take(kit?: { kit: RecoveryKit; passphrase: string }): Promise<ImportState>;
}

/**
 * Sends an archive and waits until it is checked; what was sent already is not sent again, and a relay that goes away is waited for.
 * @throws IsletError E-SETUP-*, E-STORAGE-LIMIT, E-ARCHIVE-INVALID (with the relay's reason); the signal's reason
 */
export async function sendArchive(options: SendOptions): Promise<Arrival> {
  const { appOrigin, idTag, setup, file, signal, onState } = options;
  const api = await patiently(options, async () =>
    createRelayApi((await readHome(appOrigin, idTag)).apiBase),
  );
  const mark = bytesToBase64url(await sha256(await readBytes(file.slice(0, markedBytes))));
  const wanted = { setup, size: file.size, mark };
  let state = await patiently(options, () => api.post(routes.imports, wanted, importSchema));
  const path = routes.imports + segment(state.id);
  const look = () => api.get(path, importSchema);
  while (state.state === 'sending') {
    onState(state);
    const { offset } = state;
    const bytes = file.slice(offset, offset + limits.chunk);
    state = await patiently(options, () =>
      api.patch(path, { bytes, offset, signal }, importSchema).catch(elsewhere(look)),
    );
  }
  state = await until(options, { look, state, done: ({ state: is }) => is !== 'checking' });
  if (state.state === 'refused') throw new IsletError('E-ARCHIVE-INVALID', state.reason ?? 'it was refused');
  return {
    state,
    async take(opening) {
      const keys = opening ? await openKeys(state, opening) : [];
      const taking = await patiently(options, () => api.post(`${path}/take`, { keys }, importSchema));
      const end = await until(options, { look, state: taking, done: ({ state: is }) => is !== 'taking' });
      if (end.state !== 'done')
        throw new IsletError('E-ARCHIVE-INVALID', end.reason ?? 'it was not taken in');
      return end;
    },
  };
}

async function readBytes(blob: Blob): Promise<Uint8Array> {
  return new Uint8Array(await blob.arrayBuffer());
}

/** The relay has more, or less, than this page knows: then it is asked. */
function elsewhere(look: () => Promise<ImportState>) {
  return (error: unknown): Promise<ImportState> => {
    if (error instanceof IsletError && error.code === 'E-UPLOAD-OFFSET') return look();
    throw error;
  };
}

interface Waiting {
  readonly look: () => Promise<ImportState>;
  readonly state: ImportState;
  readonly done: (state: ImportState) => boolean;
}

async function until(options: SendOptions, { look, state: first, done }: Waiting): Promise<ImportState> {
  let state = first;
  for (; !done(state); state = await patiently(options, look)) {
    options.onState(state);
    await options.wait();
  }
  options.onState(state);
  return state;
}

/** While the relay is away, or opens the identity anew, it is asked again. */
async function patiently<T>({ signal, wait }: SendOptions, ask: () => Promise<T>): Promise<T> {
  for (;;) {
    signal.throwIfAborted();
    try {
      return await ask();
    } catch (error) {
      const isAway = error instanceof RelayUnreachable || isOpening(error);
      if (!isAway) throw error;
    }
    await wait();
  }
}

function isOpening(error: unknown): boolean {
  return error instanceof IsletError && isErrorCode(error.code) && error.code === 'E-CORE-HOST';
}

/** The identity keys that were sealed to this kit. @throws IsletError E-KIT-INVALID, E-SEALED-KEY when there are none */
async function openKeys(
  { identity }: ImportState,
  { kit, passphrase }: { kit: RecoveryKit; passphrase: string },
) {
  const { key } = await openKit(kit, passphrase);
  const opened = [];
  for (const { keyId, sealed } of identity?.keys ?? [])
    for (const { did, ecdh, sealed: text } of sealed) {
      if (did !== key.description.did) continue;
      const pkcs8 = await openIdentityKey(text, { idTag: key.idTag, keyId, did, ecdh }, key.derive);
      opened.push({ keyId, pkcs8: bytesToBase64url(pkcs8) });
    }
  if (opened.length === 0)
    throw new IsletError('E-SEALED-KEY', 'the identity key of this archive was not sealed to this kit');
  return opened;
}

export type { ImportState };
