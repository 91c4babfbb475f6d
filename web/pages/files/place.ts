import { useNavigate, useSearchParams } from '@solidjs/router';
import { createMemo } from 'solid-js';
import { type FileItem, fileItem } from '../../state/files.ts';

/** The word in the address for the trash; entries have ids of 24 characters. */
const trash = 'trash';

/** Where in the tree this page is, as the address says, and the ways to other places. */
export function createPlace(base: '/files' | '/home' = '/files') {
  const navigate = useNavigate();
  const [params, setParams] = useSearchParams<{ in?: string; open?: string; arrived?: string }>();
  const inTrash = () => params.in === trash;
  /** Id of the folder; empty at the top and in the trash. */
  const folderId = () => (inTrash() ? '' : (params.in ?? ''));
  const folder = createMemo(() => (folderId() === '' ? undefined : fileItem(folderId())));
  return {
    base,
    inTrash,
    folderId,
    folder,
    openId: () => params.open,
    arrived: () => 'arrived' in params,
    /** The folders above this one, outermost first. */
    path: createMemo(() => pathOf(folder())),
    enter: (id: string) => navigate(placePath(id, base)),
    /**
     * Shows an entry over the list; from one to the next the address is replaced, so that Back leaves the preview. Where only documents are, a
     * file is shown where it lies.
     */
    show: (id: string) =>
      base === '/home'
        ? navigate(`/files?in=${fileItem(id)?.parent ?? ''}&open=${id}`)
        : setParams({ open: id }, { replace: params.open !== undefined, scroll: false }),
    hide: () => setParams({ open: undefined }, { replace: true, scroll: false }),
    forgetArrival: () => setParams({ arrived: undefined }, { replace: true, scroll: false }),
    openDocument: (id: string) => navigate(`/d/${id}`),
    shareDocument: (id: string) => navigate(`/d/${id}?share=1`),
  };
}

export type Place = ReturnType<typeof createPlace>;

/** The address of a folder; the empty id is the top. */
export function placePath(id: string, base: '/files' | '/home' = '/files'): string {
  if (id !== '') return `${base}?in=${encodeURIComponent(id)}`;
  return base === '/home' ? '/home?show=all' : base;
}

/** The address of the trash. */
export const trashPath = `/files?in=${trash}`;

/** The folders above an entry, outermost first. */
export function pathOf(item: FileItem | undefined): FileItem[] {
  const path: FileItem[] = [];
  for (let at = item; at && at.parent !== '' && path.length < 100;) {
    at = fileItem(at.parent);
    if (at) path.unshift(at);
  }
  return path;
}
