import * as v from 'valibot';
import type { Handed } from '../../../shared/api/quarantine.ts';
import { IsletError } from '../../../shared/errors.ts';
import { fileId } from '../../../shared/file/blob-id.ts';
import { formatDescriptor } from '../../../shared/file/descriptor.ts';
import { readKeyId } from '../../../shared/file/sealed-entry.ts';
import { fileCreatedSchema, newFileSchema, routes, uploadSchema } from '../../../shared/routes.ts';
import type { EntryFields } from '../documents/index-entries.ts';
import type { Tree } from '../documents/tree.ts';
import { isMore } from '../files/upload-queue.ts';
import { readVariants } from '../files/variants.ts';
import { type RelayApi, segment } from '../relay/relay-api.ts';
import { readStoredKeys } from '../sealed/folder-keys.ts';
import { type ChangeParts, setKeys, setMarks } from './take-changes.ts';

export interface FileParts extends ChangeParts {
  api: RelayApi;
  /** The id of the entry that the item becomes, when it has none of its own. */
  id: string;
}

/** What stands in the index of a file that the relay has. */
type Stored = Pick<Handed<'file'>, 'file' | 'descriptor' | 'mime'>;

/**
 * Names the file to the relay, which has its bytes, and enters it. An entry that waits for just these bytes gets them.
 * @returns the entry
 * @throws IsletError E-CORE-CONFLICT when not all of its bytes came, E-VAL-INVALID when it was sealed in a folder that is not here
 */
export async function takeFile(item: Handed<'file'>, parts: FileParts): Promise<string> {
  const { index, tree, api } = parts;
  setKeys(index, item.keys ?? []);
  const own = item.entry === undefined ? undefined : tree.get(item.entry);
  const isWaiting = own !== undefined && own.file === item.file;
  const vault = item.sealed === undefined || isWaiting ? '' : findVault(item.sealed, parts);
  const { file, descriptor, mime } = await register(item, api);
  const fields = { file, descriptor, stored: file, ...(mime !== undefined && { mime }) };
  if (isWaiting) {
    tree.setFields(own.id, fields);
    return own.id;
  }
  if (item.sealed !== undefined)
    return enterSealed(item, { ...fields, sealed: item.sealed }, { ...parts, vault });
  const { id } = parts;
  const place = { title: item.title, parent: findPlace(item, tree) };
  tree.enterFiles([{ id, ...place, fields: { ...fields, size: item.size, excerpt: '' } }]);
  setMarks(tree, id, item.fields);
  return id;
}

/** Its folder, when that is here and everybody may see into it. */
export function findPlace({ fields = {} }: Pick<Handed<'file'>, 'fields'>, tree: Tree): string {
  const { parent } = fields;
  const row = typeof parent === 'string' ? tree.get(parent) : undefined;
  return row?.type === 'folder' && row.trashed === 0 && tree.vaultOf(row.id) === undefined ? row.id : '';
}

/** The sealed folder under whose key it was sealed. */
function findVault(sealed: string, { index, tree }: ChangeParts): string {
  const folder = readStoredKeys(index).get(readKeyId(sealed))?.folder ?? '';
  const row = tree.get(folder);
  if (row?.vault !== undefined && row.trashed === 0) return row.id;
  throw new IsletError('E-VAL-INVALID', 'the sealed folder of this file is not here', folder, {
    reason: 'no-vault',
  });
}

/** What is sealed is bound to its entry: it comes under its own id, or takes the place of what that holds. */
function enterSealed(
  { entry: id = '' }: Handed<'file'>,
  fields: EntryFields,
  { tree, vault }: FileParts & { vault: string },
): string {
  const set = { ...fields, type: 'sealed', mime: undefined, size: undefined };
  if (!tree.get(id)) tree.enterFiles([{ id, title: '', parent: vault, fields: { ...set, excerpt: '' } }]);
  else tree.setFields(id, { ...set, title: '', parent: vault });
  return id;
}

async function register(item: Handed<'file'>, api: RelayApi): Promise<Stored> {
  try {
    return await name(item, api);
  } catch (error) {
    const plain =
      error instanceof IsletError && error.code === 'E-FILE-INVALID' ? await asBytes(item) : undefined;
    if (!plain) throw error;
    return name({ ...item, ...plain }, api);
  }
}

async function name({ file, descriptor, mime, title }: Handed<'file'>, api: RelayApi): Promise<Stored> {
  const isType = mime !== undefined && v.is(newFileSchema.entries.contentType, mime);
  const contentType = isType ? mime : 'application/octet-stream';
  const body = { descriptor, contentType, fileName: title || 'sealed' };
  const { completed } = await api.post(routes.files, body, fileCreatedSchema);
  const more = completed && (await isMore(completed, readVariants({ descriptor }))) ? completed : undefined;
  return { file: more?.fileId ?? file, descriptor: more?.descriptor ?? descriptor, mime };
}

/** A picture that the relay cannot read as one is kept as plain bytes: whatever it is, it is not lost. */
async function asBytes({ descriptor: before, sealed }: Handed<'file'>): Promise<Stored | undefined> {
  const picture = readVariants({ descriptor: before }).find((variant) => variant.name === 'vis.orig');
  if (!picture || sealed !== undefined) return undefined;
  const descriptor = formatDescriptor([{ ...picture, name: 'raw.orig', width: 0, height: 0 }]);
  return { file: await fileId(descriptor), descriptor, mime: 'application/octet-stream' };
}

/** From now on the relay keeps these bytes by themselves, as those of pictures in documents. What did not come is passed over. */
export async function keepLoose(
  blobs: readonly { blob: string; size: number }[],
  api: RelayApi,
): Promise<void> {
  for (const { blob, size } of blobs) {
    const upload = await api.post(routes.uploads, { blob, size, loose: true }, uploadSchema);
    if (!upload.done && upload.id !== undefined) await api.remove(routes.uploads + segment(upload.id));
  }
}
