import { apiHost, type IdTag } from '../shared/identity/id-tag.ts';
import type { Config } from './config.ts';

/** Where browsers reach this relay, once its port is known. */
export interface Origins {
  /** Origin of the web app, e.g. `http://localhost:1443`. */
  readonly app: string;
  /** Origin of the API, e.g. `http://cl-o.me.localhost:1443`. */
  readonly api: string;
  /** The same for WebSockets, e.g. `ws://cl-o.me.localhost:1443`. */
  readonly ws: string;
  /** Origin of the API of an identity. */
  apiOf(idTag: IdTag): string;
}

/** Behind a proxy, and at 443, no port is named: `https`, as stock neighbours expect. */
export function createOrigins(config: Config, port: number): Origins {
  const [http, ws, suffix] = config.local
    ? ['http', 'ws', `:${port}`]
    : ['https', 'wss', config.mode === 'proxy' || port === 443 ? '' : `:${port}`];
  const apiOf = (idTag: IdTag) => `${http}://${apiHost(idTag)}${suffix}`;
  return {
    app: `${http}://${config.appHost}${suffix}`,
    api: apiOf(config.idTag),
    apiOf,
    ws: `${ws}://${apiHost(config.idTag)}${suffix}`,
  };
}
