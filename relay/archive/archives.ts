import { join } from 'node:path';
import type { Random } from '../../shared/bytes.ts';
import type { Quota } from '../files/quota.ts';
import type { BlobUse } from '../files/blob-use.ts';
import type { NodeKeys } from '../identity/node-keys.ts';
import type { Sealer } from '../identity/secret.ts';
import type { Blobs } from '../store/blobs/blobs.ts';
import type { Store } from '../store/database.ts';
import { openFileStaging } from '../files/staging.ts';
import { type Exports, openExports } from './exports.ts';
import { type Imports, openImports } from './imports.ts';
import { createLeaving, type Leaving } from './leaving.ts';
import { type Moves, openMoves } from './moves.ts';

/** How identities go from one relay to another, and how they end. */
export interface Archives {
  readonly moves: Moves;
  readonly exports: Exports;
  readonly imports: Imports;
  readonly leaving: Leaving;
  /** Looks at what waits to go out. */
  speak(): Promise<void>;
  /** Goes on with what was cut off, and tidies up. */
  wake(): Promise<void>;
  close(): Promise<void>;
}

/** What happens to identities that are open here. */
export interface Openings {
  keysOf(idTag: string): NodeKeys;
  /** Its rows are others now. */
  reopen(idTag: string): Promise<void>;
  /** Ends its connections and all that works for it. */
  end(idTag: string): Promise<void>;
  /** It was deleted. */
  ended(idTag: string): Promise<void>;
  /** Looks at what waits to go out. */
  speak(): Promise<void>;
}

export interface ArchiveParts {
  readonly store: Store;
  readonly blobs: Blobs;
  readonly quota: Quota;
  readonly use: BlobUse;
  readonly sealer: Sealer;
  readonly random: Random;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly report: (error: unknown) => void;
  readonly privateDir: string;
  readonly publicDir: string;
  readonly openings: Openings;
}

export async function openArchives(parts: ArchiveParts): Promise<Archives> {
  const { store, publicDir, openings, now } = parts;
  const { db } = store;
  const moves = await openMoves(db, now);
  const { keysOf, reopen, end, ended, speak } = openings;
  const exports = await openExports({ ...parts, keysOf, folder: join(publicDir, 'exports') });
  const folder = join(publicDir, 'imports');
  const staging = await openFileStaging(folder);
  const imports = openImports({ ...parts, db, folder, staging, taken: reopen });
  const dropArchives = async (idTag: string) => {
    for (const { id } of await exports.list(idTag)) await exports.remove(idTag, id);
  };
  const leaving = createLeaving({ ...parts, db, moves, end, ended, speak, dropArchives });
  return {
    ...{ moves, exports, imports, leaving, speak },
    async wake() {
      await Promise.all([exports.wake(), imports.wake(), leaving.wake()]);
    },
    async close() {
      await Promise.all([exports.close(), imports.close(), leaving.close()]);
    },
  };
}
