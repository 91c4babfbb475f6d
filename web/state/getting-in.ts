import type * as v from 'valibot';
import { doorSchema, waysRoutes } from '../../shared/api/ways.ts';
import { createCode, codeToLink, type Pairing } from '../../shared/device/pairing.ts';
import type { DeviceDescription } from '../../shared/device/device-log.ts';
import type { DeviceLink } from '../../shared/device/link.ts';
import { type IdTag, parseIdTag } from '../../shared/identity/id-tag.ts';
import { enrolByPasskey, enrolByPassword } from '../client/device/enrol-by-way.ts';
import { enrolByLink, type EnrolmentOptions, readHome } from '../client/device/enrolment.ts';
import { enrolByOffer } from '../client/device/pairing.ts';
import { hasPasskeys } from '../client/device/passkey.ts';
import { pairingWords } from '../client/device/words.ts';
import { createRelayApi } from '../client/relay/relay-api.ts';
import { random } from './documents.ts';
import { join, type JoiningParts, setJoining } from './joining.ts';

/** Pause between two looks at the relay while somebody decides, in milliseconds. */
const lookAgain = 1500;

export { hasPasskeys };

/** This browser as it introduces itself, and of whose devices it wants to be one. */
export interface Arrival {
  readonly deviceName: string;
  readonly kind: DeviceDescription['kind'];
  readonly idTag: IdTag | undefined;
}

export type Door = v.InferOutput<typeof doorSchema>;

/** By which ways one comes in. @param idTag undefined: of the app's own identity. @throws RelayUnreachable, IsletError */
export async function readDoor(idTag: string | undefined): Promise<Door> {
  const { apiBase } = await readHome(location.origin, idTag === undefined ? undefined : parseIdTag(idTag));
  return createRelayApi(apiBase).get(waysRoutes.door, doorSchema);
}

function optionsOf(parts: JoiningParts, { deviceName, kind, idTag }: Arrival): EnrolmentOptions {
  const onAsked = async (link: DeviceLink, device: DeviceDescription) =>
    setJoining({ kind: 'waiting', words: await pairingWords(link, device) });
  return { ...parts, deviceName, ...(kind && { kind }), idTag, onAsked };
}

/** Waits for the next look; rejects once the person has turned to another way. */
function pauseUntil(signal: AbortSignal): () => Promise<void> {
  return async () => {
    await new Promise((resolve) => setTimeout(resolve, lookAgain));
    signal.throwIfAborted();
  };
}

/** A code or link that a device shows which is in. */
export function joinByCode(pairing: Pairing, arrival: Arrival, signal: AbortSignal): Promise<void> {
  const idTag = pairing.kind === 'code' ? (pairing.idTag ?? arrival.idTag) : arrival.idTag;
  return join((source) =>
    source.enter(async (parts) => {
      const link = pairing.kind === 'code' ? await codeToLink(pairing.code) : pairing.link;
      return enrolByLink(link, optionsOf(parts, { ...arrival, idTag }), pauseUntil(signal));
    }),
  );
}

/** A new code for this browser to show. */
export function makeCode(): string {
  return createCode(random);
}

/** This browser shows `code`, and a device that is in reads it. */
export function joinByOffer(code: string, arrival: Arrival, signal: AbortSignal): Promise<void> {
  return join((source) =>
    source.enter((parts) => enrolByOffer(code, optionsOf(parts, arrival), pauseUntil(signal))),
  );
}

export function joinByPassword(password: string, arrival: Arrival): Promise<void> {
  return join((source) => source.enter((parts) => enrolByPassword(password, optionsOf(parts, arrival))));
}

export function joinByPasskey(arrival: Arrival): Promise<void> {
  return join((source) => source.enter((parts) => enrolByPasskey(optionsOf(parts, arrival))));
}
