/** Where the app shows bytes from: answered by the service worker, never by a relay. */
export const filePath = '/_islet/file/';

/** The address of a variant of an entry; with `download` the browser saves it under its name. */
export function formatFileUrl(entry: string, variant: string, { download = false } = {}): string {
  return `${filePath}${entry}/${variant}${download ? '?download' : ''}`;
}
