import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';

/** Where certificate and key are, in PEM. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** A certificate with its key, in PEM. */
export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** What takes a new certificate while it runs: a TLS server. */
interface Bearer {
  setSecureContext(certificate: Certificate): void;
}

/** @throws Error in one line, when a file cannot be read, or one does not fit the other */
export async function readCertificate({ cert, key }: CertificateFiles): Promise<Certificate> {
  try {
    const read = { cert: await readFile(cert), key: await readFile(key) };
    createSecureContext(read);
    return read;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`TLS_CERT, TLS_KEY: cannot be used: ${reason}`, { cause: error });
  }
}

/**
 * Certificates last some weeks and are renewed where they lie. Each call reads the files and hands on what is new.
 * @returns to be called from time to time; throws as `readCertificate`, and servers keep what they have
 */
export function createRenewal(
  files: CertificateFiles,
  first: Certificate,
  bearers: readonly Bearer[],
): () => Promise<void> {
  let known = first;
  return async () => {
    const read = await readCertificate(files);
    if (read.cert.equals(known.cert) && read.key.equals(known.key)) return;
    for (const bearer of bearers) bearer.setSecureContext(read);
    known = read;
  };
}
