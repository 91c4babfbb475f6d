import * as v from 'valibot';
import { publicJwkSchema, type Did } from '../identity/did.ts';
import { idTagSchema } from '../identity/id-tag.ts';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const didSchema = v.custom<Did>(
  (did) => typeof did === 'string' && did.startsWith('did:key:z'),
  'not a did:key',
);

/** What an archive says of the identity that it holds (SPEC W8); `madeAt` in milliseconds, `expiresAt` in seconds. */
export const archiveIdentitySchema = v.object({
  idTag: idTagSchema,
  name: v.pipe(v.string(), v.maxLength(200)),
  madeAt: v.number(),
  keys: v.pipe(
    v.array(
      v.object({
        keyId: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
        publicKey: v.pipe(v.string(), v.maxLength(400)),
        expiresAt: v.optional(v.number()),
        /** The private half, for each recovery key of the device log. */
        sealed: v.pipe(
          v.array(
            v.object({
              did: didSchema,
              ecdh: publicJwkSchema,
              sealed: v.pipe(v.string(), v.maxLength(2000)),
            }),
          ),
          v.maxLength(64),
        ),
      }),
    ),
    v.maxLength(64),
  ),
});

/** `POST exports`. `move`: from here on the relay takes nothing new, until it is said whether the identity has moved. */
export const newExportSchema = v.strictObject({ purpose: v.picklist(['copy', 'move']) });
export const exportSchema = v.object({
  id: v.string(),
  purpose: v.picklist(['copy', 'move']),
  state: v.picklist(['making', 'ready', 'failed']),
  /** Bytes, of what is known beforehand. */
  done: count,
  total: count,
  /** Of the file, once it is ready. */
  size: count,
  /** Blobs that could not be read. */
  missing: count,
  /** Milliseconds. */
  createdAt: v.number(),
});
/** `GET exports`. */
export const exportsSchema = v.object({
  exports: v.array(exportSchema),
  state: v.picklist(['here', 'moving', 'moved', 'leaving']),
  /** The device log has a recovery key, to which the identity key is sealed. */
  kit: v.boolean(),
});
/** `POST exports/:id/ticket`: an address at which the file is fetched without a token, for so many seconds. */
export const ticketSchema = v.object({ path: v.string(), expiresIn: v.number() });
/** `PUT exports/move`: it has moved, for good; or it stays. */
export const newMoveSchema = v.strictObject({ state: v.picklist(['here', 'moved']) });
export const moveStateSchema = v.object({ state: v.picklist(['here', 'moving', 'moved', 'leaving']) });

/** `POST imports`, by the setup link of a relay that knows nothing of the identity yet. */
export const newImportSchema = v.strictObject({
  setup: v.pipe(v.string(), v.maxLength(100)),
  size: v.pipe(count, v.minValue(1)),
  /** Base64url of SHA-256 over the first 4096 bytes: the same file goes on where it stopped. */
  mark: v.pipe(v.string(), v.regex(/^[\w-]{43}$/, 'not a hash')),
});
/** How an import stands; `GET imports/:id`, and the answer to all that moves it on. */
export const importSchema = v.object({
  id: v.string(),
  state: v.picklist(['sending', 'checking', 'checked', 'taking', 'done', 'refused']),
  size: count,
  /** Bytes that are there; the next piece begins here. */
  offset: count,
  /** Bytes of this step. */
  done: count,
  /** Why it was refused. */
  reason: v.optional(v.string()),
  identity: v.optional(archiveIdentitySchema),
});
export type ImportState = v.InferOutput<typeof importSchema>;

/**
 * `POST imports/:id/take`: the identity keys that the recovery kit opened, as base64url of PKCS#8. Without any a new one is made, and
 * neighbours see a change.
 */
export const takeSchema = v.strictObject({
  keys: v.pipe(
    v.array(v.strictObject({ keyId: v.string(), pkcs8: v.pipe(v.string(), v.maxLength(2000)) })),
    v.maxLength(64),
  ),
});

/** Bytes at the beginning of an archive by which it is known again. */
export const markedBytes = 4096;
