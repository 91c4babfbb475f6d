import { IsletError } from '../../shared/errors.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import { readHome } from '../client/device/enrolment.ts';
import { createRelayApi } from '../client/relay/relay-api.ts';
import { relaySchema, routes } from '../../shared/routes.ts';
import { decideSetup } from './setup.ts';
import { startSpace } from './spaces.ts';

/**
 * A setup link is opened where `own` lives already. Another identity gets a space of its own; the same one is brought to the relay, which
 * lacks what this browser holds. A link that can set nothing up makes no space.
 * @throws RelayUnreachable, IsletError E-SETUP-USED
 */
export async function claimElsewhere(setup: string, own: IdTag, wanted?: IdTag): Promise<void> {
  const idTag = wanted ?? (await readHome(location.origin)).profile.idTag;
  if (idTag === own) return location.replace(`/recover#${setup}`);
  const { claimed } = await createRelayApi(location.origin).get(
    `${routes.relay}?idTag=${idTag}`,
    relaySchema,
  );
  if (claimed) throw new IsletError('E-SETUP-USED', `${idTag} has a first device already`);
  startSpace(`/setup${location.hash}`);
  // What a tab remembers goes with the space that it leaves.
  decideSetup(location.hash);
}
