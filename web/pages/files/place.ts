import { useNavigate, useSearchParams } from '@solidjs/router';
import { createMemo } from 'solid-js';
import { type FileItem, fileItem } from '../../state/files.ts';

/** The word in the address for the trash; entries have ids of 24 characters. */
const trash = 'trash';

/** Where in the tree this page is, as the address says, and the ways to other places. */
export function createPlace() {
  const navigate = useNavigate();
  const [params, setParams] = useSearchParams<{ in?: string; open?: string; arrived?: string }>();
  const inTrash = () => params.in === trash;
  /** Id of the folder; empty at the top and in the trash. */
  const folderId = () => (inTrash() ? '' : (params.in ?? ''));
  const folder = createMemo(() => (folderId() === '' ? undefined : fileItem(folderId())));
  return {
    inTrash,
    folderId,
    folder,
    openId: () => params.open,
    arrived: () => 'arrived' in params,
    /** The folders above this one, outermost first. */
    path: createMemo(() => pathOf(folder())),
    enter: (id: string) => navigate(placePath(id)),
    /** Shows an entry over the list; from one to the next the address is replaced, so that Back leaves the preview. */
    show: (id: string) => setParams({ open: id }, { replace: params.open !== undefined, scroll: false }),
    hide: () => setParams({ open: undefined }, { replace: true, scroll: false }),
    forgetArrival: () => setParams({ arrived: undefined }, { replace: true, scroll: false }),
    openDocument: (id: string) => navigate(`/d/${id}`),
    shareDocument: (id: string) => navigate(`/d/${id}?share=1`),
  };
}

export type Place = ReturnType<typeof createPlace>;

/** The address of a folder; the empty id is the top. */
export function placePath(id: string): string {
  return id === '' ? '/files' : `/files?in=${encodeURIComponent(id)}`;
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
