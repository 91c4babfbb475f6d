import * as v from 'valibot';
import { bytesToBase64url, hashText, sha256 } from '../bytes.ts';

/** SPEC B1: `b1~` + base64url(SHA-256 of the bytes). */
export const blobIdSchema = v.pipe(v.string(), v.regex(/^b1~[\w-]{43}$/, 'not a blob id'));
/** SPEC B2: `f1~` + base64url(SHA-256 of the descriptor's text). */
export const fileIdSchema = v.pipe(v.string(), v.regex(/^f1~[\w-]{43}$/, 'not a file id'));

export function isBlobId(id: unknown): id is string {
  return v.is(blobIdSchema, id);
}

export function formatBlobId(digest: Uint8Array): string {
  return `b1~${bytesToBase64url(digest)}`;
}

export async function blobId(bytes: Uint8Array): Promise<string> {
  return formatBlobId(await sha256(bytes));
}

export async function fileId(descriptor: string): Promise<string> {
  return `f1~${await hashText(descriptor)}`;
}
