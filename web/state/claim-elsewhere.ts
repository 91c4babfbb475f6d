import type { IdTag } from '../../shared/identity/id-tag.ts';
import { readHome } from '../client/device/enrolment.ts';
import { startSpace } from './spaces.ts';

/**
 * A setup link is opened where `own` lives already. Another identity gets a space of its own; the same one is brought to the relay, which
 * lacks what this browser holds.
 * @throws RelayUnreachable
 */
export async function claimElsewhere(setup: string, own: IdTag, wanted?: IdTag): Promise<void> {
  const idTag = wanted ?? (await readHome(location.origin)).profile.idTag;
  if (idTag === own) location.replace(`/recover#${setup}`);
  else startSpace(`/setup${location.hash}`);
}
