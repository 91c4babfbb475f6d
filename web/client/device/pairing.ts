import { waysRoutes } from '../../../shared/api/ways.ts';
import { createLinkRequest } from '../../../shared/device/link.ts';
import { codeLifetime, codeToLink } from '../../../shared/device/pairing.ts';
import * as v from 'valibot';
import { createRelayApi } from '../relay/relay-api.ts';
import { awaitApproval, describe, type EnrolmentOptions, readWantedHome } from './enrolment.ts';
import type { Membership } from './key-store.ts';

/**
 * A new device that shows a code: leaves its keys at the relay under it, and waits until a device that is in has read the code and signed
 * (SPEC P5). `wait` is awaited between two looks and may reject to give up.
 * @throws IsletError E-LINK-EXPIRED, E-LINK-UNKNOWN, E-VERIFY-LIMIT; RelayUnreachable
 */
export async function enrolByOffer(
  code: string,
  options: EnrolmentOptions,
  wait: () => Promise<void>,
): Promise<Membership> {
  const { store, now } = options;
  const keys = await store.deviceKeys();
  const home = await readWantedHome(options);
  const link = await codeToLink(code);
  const device = describe(keys, options);
  const request = await createLinkRequest(link, device);
  const expiresAt = Math.floor(now() / 1000) + codeLifetime;
  await createRelayApi(home.apiBase).post(
    waysRoutes.offers,
    { id: link.id, expiresAt, request },
    v.unknown(),
  );
  await options.onAsked?.(link, device);
  return awaitApproval({ link, keys, store, home }, wait);
}
