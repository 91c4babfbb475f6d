import { bytesToBase64url, type Random } from '../../../shared/bytes.ts';
import { signAssertion } from '../../../shared/device/assertion.ts';
import { accessTokenSchema, routes } from '../../../shared/routes.ts';
import { type AccessToken, createRelayApi } from '../relay/relay-api.ts';
import type { DeviceKeys, Membership } from './key-store.ts';

/** A token is renewed this long before it ends, in milliseconds. */
const margin = 60_000;

interface AccessOptions {
  keys: DeviceKeys;
  membership: Membership;
  now: () => number;
  random: Random;
}

/** Exchanges assertions of this device for access tokens (SPEC X1); one exchange at a time, kept until shortly before its end. */
export function createAccess({ keys, membership, now, random }: AccessOptions): AccessToken {
  const api = createRelayApi(membership.apiBase);
  let current: { token: string; until: number } | undefined;
  let running: Promise<string> | undefined;

  async function exchange(): Promise<string> {
    const jti = bytesToBase64url(random(16));
    const seconds = Math.floor(now() / 1000);
    const assertion = await signAssertion(
      { did: keys.did, aud: membership.idTag, jti, now: seconds },
      keys.sign,
    );
    const body = {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion,
      delegation: membership.delegations,
    };
    const { access_token, expires_in } = await api.post(routes.token, body, accessTokenSchema);
    current = { token: access_token, until: now() + expires_in * 1000 - margin };
    return access_token;
  }

  return async (fresh) => {
    if (!fresh && current && current.until > now()) return current.token;
    running ??= exchange().finally(() => (running = undefined));
    return running;
  };
}
