import type { IdTag } from '../shared/identity/id-tag.ts';
import type { Deliveries } from './delivery/deliveries.ts';
import { createTrust } from './identity/trust.ts';
import type { Attachments } from './inbox/attachments.ts';
import { type Contacts, createContacts, wakeContact } from './inbox/contacts.ts';
import { type Changes, createChanges } from './inbox/changes.ts';
import { createPastVerifier, createVerifier, type Verify } from './inbox/keys.ts';
import { createPortraits } from './inbox/portraits.ts';
import type { Parts } from './parts.ts';
import { createAdmit } from './socket/rooms/admit.ts';
import { createParser, type Parser } from './socket/rooms/parser.ts';
import { createRooms, type Rooms } from './socket/rooms/rooms.ts';
import { openSpace, type Space } from './socket/space.ts';
import { type Identity, openIdentity, type Tenant } from './tenant.ts';

/** One identity that is open: what requests see of it, and what works for it in the background. */
export interface Home {
  readonly tenant: Tenant;
  readonly space: Space;
  readonly crdt: { readonly rooms: Rooms; readonly admit: ReturnType<typeof createAdmit> };
  /** Looks at the clock and at everything that waits for it. */
  wake(): Promise<void>;
  /** Ends its connections and what it does; what is stored stays. */
  close(): Promise<void>;
}

export interface HomeParts extends Parts {
  /** One queue for all identities of the relay: a neighbour has one lane, whoever writes to it. */
  readonly deliveries: Deliveries;
  readonly attachments: Attachments;
}

/** What is known only once the identity is there, and what the identity tells. */
interface Live {
  space?: Space;
  rooms?: Rooms;
  contacts?: Contacts;
  changes?: Changes;
}

/** Opens an identity; it is made when the store has none of this name. */
export async function openHome(
  idTag: IdTag,
  identityType: Tenant['shown']['type'],
  parts: HomeParts,
): Promise<Home> {
  const live: Live = {};
  const wakeDevices = (topic: 'actions' | 'devices') => {
    live.space?.wake(topic);
    if (topic === 'devices') live.changes?.tell().catch(parts.report);
  };
  const changed = () => wakeDevices('actions');
  const portraits = createPortraits({ ...parts, idTag, changed });
  const identity = await openIdentity(idTag, {
    ...{ ...parts, identityType, verify: counted(createVerifier(parts.profiles), parts) },
    verifyPast: counted(createPastVerifier(parts.profiles), parts),
    ...createNews(idTag, live, { ...parts, portraits }),
    wake: wakeDevices,
    closeDevices: (dids) => live.space?.closeDevices(dids),
  });
  const { keys, devices } = identity;
  const parser = createParser();
  const space = await openSpace({ ...parts, idTag, logId: keys.logId, devices, parser, sign: keys.sign });
  live.space = space;
  const crdt = openRooms(identity, space, { ...parts, parser });
  live.rooms = crdt.rooms;
  const trust = createTrust({ ...parts, idTag });
  const { visits, talk } = identity;
  const contacts = createContacts({ ...parts, idTag, trust, visits, changed, accept: talk.accept });
  live.contacts = contacts;
  const changes = createChanges({ ...parts, keys: identity.keys, trust, changed });
  live.changes = changes;
  const standingChanged = (neighbour: IdTag) => {
    contacts.wake(neighbour);
    changes.met(neighbour);
    crdt.rooms.recheck();
  };
  return {
    tenant: { ...identity, trust, changes, portraits, standingChanged },
    space,
    crdt,
    async wake() {
      await Promise.all([contacts.wakeAll(), talk.wake(), changes.tell()]);
      // Asks others, and is not waited for.
      parts.linked.check(idTag).catch(parts.report);
    },
    async close() {
      await Promise.all([
        ...[space.close(), crdt.rooms.close()],
        ...[contacts.close(), changes.close(), portraits.close()],
      ]);
      await parser.close();
      await talk.close();
    },
  };
}

function counted(verify: Verify, { metrics }: Pick<Parts, 'metrics'>): Verify {
  return async (action) => {
    try {
      await verify(action);
      metrics.verified(true);
    } catch (error) {
      metrics.verified(false);
      throw error;
    }
  };
}

/** What follows, in the background, from what an identity says and hears. */
function createNews(
  idTag: IdTag,
  live: Live,
  { deliveries, attachments, portraits }: HomeParts & Pick<Tenant, 'portraits'>,
): Pick<Parameters<typeof openIdentity>[1], 'queued' | 'accepted' | 'actionStored' | 'passed'> {
  return {
    queued: (neighbours) => {
      neighbours.forEach(deliveries.wake);
      // Who is followed or asked to connect; not ten thousand followers at every post.
      if (neighbours.length === 1) neighbours.forEach(portraits.wake);
    },
    accepted: (iss) => {
      deliveries.seen(iss);
      attachments.wake(iss);
      portraits.wake(iss);
    },
    actionStored: ({ action: { payload } }) => {
      if (payload.t.startsWith('FSHR')) live.rooms?.recheck();
      wakeContact(payload, idTag, live.contacts);
      wakeContact(payload, idTag, live.changes && { wake: live.changes.met });
    },
    passed: ({ payload: { iss, t, sub } }) => {
      if (t.startsWith('PRES')) live.space?.presence({ from: iss, t, about: sub ?? '' });
    },
  };
}

/** Documents that neighbours and devices edit together; they are read in a thread of their own, which begins with the first. */
function openRooms(
  { idTag, keys, access, guests }: Identity,
  space: Space,
  parts: Parts & { readonly parser: Parser },
) {
  const { db } = parts;
  const rooms = createRooms({ ...parts, idTag, space, sign: keys.sign });
  return { rooms, admit: createAdmit({ db, idTag, access, guests }) };
}
