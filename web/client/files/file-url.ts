import { currentSpace, isSpaceId, type SpaceId } from '../spaces.ts';

/** Where the app shows bytes from: answered by the service worker, never by a relay. */
export const filePath = '/_islet/file/';

/** The address of a variant of an entry; with `download` the browser saves it under its name. */
export function formatFileUrl(entry: string, variant: string, { download = false } = {}): string {
  // Of the first space as ever: a service worker of an earlier build knows no other.
  const query = [
    ...(download ? ['download'] : []),
    ...(currentSpace === '' ? [] : [`space=${currentSpace}`]),
  ];
  return `${filePath}${entry}/${variant}${query.length > 0 ? `?${query.join('&')}` : ''}`;
}

/** The space whose file an address means; undefined when it is none. */
export function spaceOfFileUrl(url: URL): SpaceId | undefined {
  const space = url.searchParams.get('space') ?? '';
  return isSpaceId(space) ? space : undefined;
}
