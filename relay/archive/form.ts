import * as v from 'valibot';
import { idTagSchema } from '../../shared/identity/id-tag.ts';
import { archiveIdentitySchema } from '../../shared/api/archive.ts';

/** Names of what an archive holds, in its order: these, tables and blobs between them, and the last two. */
export const identityName = 'identity.json';
export const manifestName = 'manifest.json';
export const signatureName = 'signature.jwt';
export const tableName = (table: string) => `tables/${table}.jsonl`;
export const blobName = (blob: string) => `blobs/${blob}`;

/** Nothing else has a place in an archive; none of these can lead out of a folder. */
export const namePattern =
  /^(?:identity\.json|manifest\.json|signature\.jwt|tables\/([a-z_]{1,40})\.jsonl|blobs\/(b1~[\w-]{43}))$/;

/** In bytes: what is read whole. */
export const longest = {
  identity: 1024 * 1024,
  manifest: 64 * 1024 * 1024,
  signature: 64 * 1024,
  line: 32 * 1024 * 1024,
} as const;

/** `identity.json`: whose archive it is and what is needed to speak for it again. Times in milliseconds. */
export const identitySchema = v.object({
  ...archiveIdentitySchema.entries,
  format: v.literal('islet-archive', 'not an Islet archive'),
  v: v.literal(1, 'an archive of a version that is not known here'),
  /** The newest change of the database that its maker knew. */
  schema: v.string(),
  /** The key that signed the archive. */
  k: v.string(),
});
export type ArchiveIdentity = v.InferOutput<typeof identitySchema>;

const hash = v.pipe(v.string(), v.regex(/^[\w-]{43}$/, 'not a hash'));

/** `manifest.json`: everything that stands before it, in order, with SHA-256 in base64url. */
export const manifestSchema = v.strictObject({
  format: v.literal('islet-manifest'),
  v: v.literal(1),
  idTag: idTagSchema,
  entries: v.array(
    v.strictObject({ name: v.string(), size: v.pipe(v.number(), v.safeInteger(), v.minValue(0)), hash }),
  ),
  /** Blobs that could not be read when the archive was made. */
  missing: v.array(v.string()),
});
export type Manifest = v.InferOutput<typeof manifestSchema>;
export type ManifestEntry = Manifest['entries'][number];

export const archiveTyp = 'archive+jwt';
/** `signature.jwt`: the identity key over the hash of the manifest. */
export const signatureSchema = v.strictObject({
  v: v.literal(1),
  iss: idTagSchema,
  k: v.string(),
  iat: v.pipe(v.number(), v.safeInteger()),
  manifest: hash,
});
