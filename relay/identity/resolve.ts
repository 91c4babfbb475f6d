import { lookup, Resolver } from 'node:dns/promises';

/** All addresses of a host name. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/**
 * By DNS alone, of exactly this name: the system's own look-up completes names by search lists, and blocks the few threads that
 * files and hashes need for as long as a name server likes.
 * @param servers addresses of name servers; those of the system when not said
 */
export function createDnsResolve(servers?: readonly string[]): Resolve {
  return async (host) => {
    // Made anew each time: it reads the system's name servers when it is made, and a machine may move.
    const resolver = new Resolver({ timeout: 2_000, tries: 2 });
    if (servers) resolver.setServers(servers);
    const [four, six] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    const addresses = [four, six].flatMap((found) => (found.status === 'fulfilled' ? found.value : []));
    if (addresses.length === 0 && four.status === 'rejected') throw four.reason;
    return addresses;
  };
}

/** As the system does for every program: its hosts file, then DNS. */
export const resolveBySystem: Resolve = async (host) =>
  (await lookup(host, { all: true })).map(({ address }) => address);

/** The TXT records of a name, each as one text; none when there are none, undefined when nobody answered. */
export type ResolveText = (name: string) => Promise<readonly string[] | undefined>;

/** By DNS alone. @param servers addresses of name servers; those of the system when not said */
export function createDnsResolveText(servers?: readonly string[]): ResolveText {
  return async (name) => {
    const resolver = new Resolver({ timeout: 2_000, tries: 2 });
    if (servers) resolver.setServers(servers);
    try {
      return (await resolver.resolveTxt(name)).map((parts) => parts.join(''));
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'ENODATA' || code === 'ENOTFOUND') return [];
      if (error instanceof Error) return undefined;
      throw error;
    }
  };
}
