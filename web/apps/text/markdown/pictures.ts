import { Fragment, type Node } from 'prosemirror-model';
import type { SaveBlob } from '../paste.ts';
import { schema } from '../schema.ts';

/** Largest picture that an import takes along, in bytes. */
const LARGEST_PICTURE = 20 * 1024 * 1024;

const TYPES: Record<string, string> = {
  avif: 'image/avif',
  gif: 'image/gif',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  png: 'image/png',
  svg: 'image/svg+xml',
  webp: 'image/webp',
};

/** Whether a path names a picture that a document could show. */
export function isPicture(path: string): boolean {
  return typeOf(path) !== undefined;
}

/**
 * Keeps the pictures of a document that lie in the picked folder, and notes their blobs on the nodes. Their addresses
 * stay as they are, so that an export is unchanged.
 */
export async function keepPictures(
  content: Node,
  path: string,
  pictures: ReadonlyMap<string, Blob>,
  saveBlob: SaveBlob,
): Promise<Node> {
  if (pictures.size === 0) return content;
  const blobs = new Map<string, string>();
  for (const src of sourcesOf(content)) {
    const found = resolvePath(path, src);
    const file = found === undefined ? undefined : pictures.get(found);
    if (file === undefined || file.size > LARGEST_PICTURE || found === undefined) continue;
    // Files read from a folder carry no type, and without one an SVG is not shown.
    blobs.set(src, await saveBlob(new Blob([file], { type: typeOf(found) ?? file.type })));
  }
  return blobs.size === 0 ? content : withBlobs(content, blobs);
}

/** Where a relative address leads from a file; `undefined` when it leaves the folder or is not relative. */
export function resolvePath(from: string, src: string): string | undefined {
  const path = src.replace(/[?#].*$/s, '');
  if (path === '' || path.startsWith('/') || /^[a-z][a-z0-9+.-]*:/i.test(path)) return undefined;
  const parts = from.split('/').slice(0, -1);
  for (const part of decodePath(path).split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // A lone % is only itself.
    return path;
  }
}

function typeOf(path: string): string | undefined {
  return TYPES[/\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? ''];
}

function sourcesOf(content: Node): Set<string> {
  const sources = new Set<string>();
  content.descendants((node) => {
    if (node.type === schema.nodes.image) sources.add(String(node.attrs['src']));
  });
  return sources;
}

function withBlobs(node: Node, blobs: ReadonlyMap<string, string>): Node {
  if (node.type === schema.nodes.image) {
    const blob = blobs.get(String(node.attrs['src']));
    return blob === undefined ? node : schema.nodes.image.create({ ...node.attrs, blob });
  }
  if (node.isLeaf) return node;
  const children: Node[] = [];
  node.forEach((child) => children.push(withBlobs(child, blobs)));
  return node.copy(Fragment.fromArray(children));
}
