import { bytesToBase64url, type Random } from '../../../shared/bytes.ts';
import { signAssertion } from '../../../shared/device/assertion.ts';
import { type ErrorCode, IsletError } from '../../../shared/errors.ts';
import { accessTokenSchema, routes } from '../../../shared/routes.ts';
import { type AccessToken, createRelayApi } from '../relay/relay-api.ts';
import type { DeviceKeys, Membership } from './key-store.ts';

/** A token is renewed this long before it ends, in milliseconds. */
const margin = 60_000;

/** Who speaks, and what was granted to it. */
export interface Speaker {
  readonly keys: DeviceKeys;
  readonly membership: Membership;
}

interface AccessOptions extends Speaker {
  now: () => number;
  random: Random;
  /** Who speaks by now: another tab may have renewed the keys. */
  read?: () => Promise<Speaker>;
  /** What the relay gives no token for; true when it is worth another try. */
  onRefused?: (code: ErrorCode) => Promise<boolean>;
}

/** Exchanges assertions of this device for access tokens (SPEC X1); one exchange at a time, kept until shortly before its end. */
export function createAccess(options: AccessOptions): AccessToken {
  const { now, random, onRefused } = options;
  const read = options.read ?? (() => Promise.resolve<Speaker>(options));
  let current: { token: string; until: number; did: string } | undefined;
  let running: Promise<string> | undefined;

  async function exchange(): Promise<string> {
    const { keys, membership } = await read();
    const jti = bytesToBase64url(random(16));
    const seconds = Math.floor(now() / 1000);
    const said = { did: keys.did, aud: membership.idTag, jti, now: seconds };
    const body = {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: await signAssertion(said, keys.sign),
      delegation: membership.delegations,
    };
    const api = createRelayApi(membership.apiBase);
    const { access_token, expires_in } = await api.post(routes.token, body, accessTokenSchema);
    current = { token: access_token, until: now() + expires_in * 1000 - margin, did: keys.did };
    return access_token;
  }

  async function exchangeOrMend(): Promise<string> {
    try {
      return await exchange();
    } catch (error) {
      if (!(error instanceof IsletError) || !(await onRefused?.(error.code))) throw error;
      return exchange();
    }
  }

  return async (fresh) => {
    if (!fresh && current && current.until > now() && current.did === options.keys.did) return current.token;
    running ??= exchangeOrMend().finally(() => (running = undefined));
    return running;
  };
}
