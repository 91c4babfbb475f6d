import type { PickedFile } from '../../../state/text-app.ts';

/** Files of an `<input type="file">`, with their paths when a folder was picked. */
export function inputFiles(files: Iterable<File>): PickedFile[] {
  return [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}

/**
 * Files of a drop, folders read through. Call it inside the drop event: the browser empties the transfer afterwards.
 * Hidden folders, and what cannot be read, are left out.
 */
export async function collectFiles(transfer: DataTransfer): Promise<PickedFile[]> {
  const items = [...transfer.items].filter((item) => item.kind === 'file');
  const entries = items.map((item) => item.webkitGetAsEntry());
  const plain = items.map((item) => item.getAsFile());
  const found: PickedFile[] = [];
  for (const [index, entry] of entries.entries()) {
    const file = plain[index];
    if (entry?.isDirectory === true) await readFolder(entry, entry.name, found);
    else if (file) found.push({ path: file.name, file });
  }
  return found;
}

async function readFolder(entry: FileSystemEntry, path: string, found: PickedFile[]): Promise<void> {
  const reader = isFolder(entry) ? entry.createReader() : undefined;
  if (reader === undefined) return;
  for (;;) {
    // A reader gives a part at a time, and nothing when there is no more.
    const children = await new Promise<FileSystemEntry[]>((resolve) => {
      reader.readEntries(resolve, () => resolve([]));
    });
    if (children.length === 0) return;
    for (const child of children) {
      const childPath = `${path}/${child.name}`;
      if (isFolder(child)) {
        if (!child.name.startsWith('.')) await readFolder(child, childPath, found);
      } else if (isFile(child)) {
        const file = await new Promise<File | undefined>((resolve) => {
          child.file(resolve, () => resolve(undefined));
        });
        if (file !== undefined) found.push({ path: childPath, file });
      }
    }
  }
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}
