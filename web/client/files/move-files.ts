import type { Random } from '../../../shared/bytes.ts';
import { IsletError } from '../../../shared/errors.ts';
import { createDocumentId } from '../documents/document-id.ts';
import { cleanTitle } from '../documents/title.ts';
import type { Tree } from '../documents/tree.ts';
import type { PlainFile, Vaults } from '../sealed/vaults.ts';
import type { Database, DocumentRow } from '../store/database.ts';
import { assertVaults } from './add-files.ts';
import { keepContent, toContent, toSealedContent } from './enter-files.ts';
import type { FileWork } from './file-work.ts';
import { hasBytes, readVariants } from './variants.ts';

export interface MoverParts {
  db: Database;
  tree: Tree;
  work: Pick<FileWork, 'hash'>;
  vaults: () => Vaults | undefined;
  load: (blob: string, type?: string, size?: number) => Promise<Blob | undefined>;
  /** Milliseconds since 1970. */
  now: () => number;
  random: Random;
  /** The bytes that rows named are not wanted any more once those of the entry `after` are safe. */
  release: (before: readonly DocumentRow[], after: string) => Promise<void>;
}

export interface Mover {
  move(ids: readonly string[], parent: string): Promise<() => Promise<void>>;
  rename(id: string, title: string): Promise<() => void>;
  createFolder(title: string, parent: string): Promise<{ id: string; undo: () => unknown }>;
  createSealedFolder(title: string, parent: string): Promise<string>;
}

/** Changes of the tree that concern what lies in sealed folders too. */
export function createMover(parts: MoverParts): Mover {
  const { tree, vaults } = parts;

  async function move(ids: readonly string[], parent: string): Promise<() => Promise<void>> {
    const vault = tree.vaultOf(parent)?.id;
    const rows = tree.topmost(ids);
    const crossing = rows.filter((row) => row.vault === undefined && tree.vaultOf(row.id)?.id !== vault);
    const refused = crossing.find((row) => !hasBytes(row));
    if (refused)
      throw new IsletError('E-VAL-INVALID', 'Only files go into a sealed folder or out of it.', refused.id, {
        reason: 'border',
      });
    const before = new Map(crossing.map((row) => [row.id, row.parent]));
    const plain = rows.filter((row) => !before.has(row.id));
    const undo =
      plain.length > 0
        ? tree.move(
            plain.map(({ id }) => id),
            parent,
          )
        : () => true;
    for (const row of crossing) await reseal(row, parent, vault);
    return async () => {
      undo();
      for (const [id, from] of before) await move([id], from);
    };
  }

  /** Other bytes under the same entry: they are kept before it names them, and the old ones go after. */
  async function reseal(row: DocumentRow, parent: string, vault: string | undefined): Promise<void> {
    const file = await readPlain(row, parts);
    const content =
      vault === undefined
        ? { ...(await toContent(file, parts.work)) }
        : await toSealedContent(file, { vaults: assertVaults(vaults()), vault, id: row.id });
    await keepContent(content, row.id, parts);
    const title = vault === undefined ? cleanTitle(file.title) || '_' : '';
    const sealed = vault === undefined ? { sealed: undefined } : {};
    tree.setFields(row.id, { ...content.fields, ...sealed, title, parent });
    await parts.release([row], row.id);
  }

  return {
    move,
    async rename(id, title) {
      const { sealed } = tree.get(id) ?? {};
      if (sealed === undefined) return tree.rename(id, title);
      const name = cleanTitle(title);
      if (name === '')
        throw new IsletError('E-VAL-INVALID', 'A name is needed.', title, { reason: 'empty-name' });
      return tree.setFields(id, { sealed: await assertVaults(vaults()).rename({ id, sealed }, name) });
    },
    async createFolder(title, parent) {
      const vault = tree.vaultOf(parent)?.id;
      const name = cleanTitle(title);
      if (vault === undefined || name === '') return tree.createFolder(title, parent);
      const id = createDocumentId(parts.random);
      const sealed = await assertVaults(vaults()).sealTitle(vault, id, name);
      return tree.createFolder('', parent, { id, fields: { sealed } });
    },
    async createSealedFolder(title, parent) {
      const all = assertVaults(vaults());
      const { id } = tree.createFolder(title, parent, { fields: { vault: '1' } });
      await all.ensureKeys();
      return id;
    },
  };
}

/** A file as it is in the open, whichever way it is kept. @throws IsletError E-CORE-NOTFOUND when its bytes cannot be had now */
async function readPlain(row: DocumentRow, { load, vaults }: MoverParts): Promise<PlainFile> {
  const { id, sealed, title, mime = 'application/octet-stream', size = 0 } = row;
  if (sealed !== undefined) return assertVaults(vaults()).openFile({ id, sealed }, load);
  const blobs = new Map<string, Blob>();
  const variants = readVariants(row);
  for (const { name, blob, format, size: bytes } of variants) {
    const found = await load(blob, name.endsWith('.orig') ? mime : `image/${format}`, bytes);
    if (!found) throw new IsletError('E-CORE-NOTFOUND', 'The bytes of this file cannot be had now.', blob);
    blobs.set(name, found);
  }
  return { title, mime, size, variants, blobs };
}
