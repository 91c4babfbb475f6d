import type { Statement } from '../../shared/action/action.ts';
import type { Random } from '../../shared/bytes.ts';
import { IsletError } from '../../shared/errors.ts';
import { type IdTag } from '../../shared/identity/id-tag.ts';
import { parseJson } from '../../shared/parse.ts';
import { inboxSchema, routes } from '../../shared/routes.ts';
import { actionId, signSigningInput } from '../../shared/token/compact.ts';
import { type Deliveries, openDeliveries } from '../../relay/delivery/deliveries.ts';
import { formatError, isFault } from '../../relay/http/context.ts';
import { createProfiles } from '../../relay/identity/profiles.ts';
import type { Answer, SafeFetch } from '../../relay/identity/safe-fetch.ts';
import { createSealer } from '../../relay/identity/secret.ts';
import { createPastVerifier, createVerifier } from '../../relay/inbox/keys.ts';
import { recordOwn, signOwn } from '../../relay/inbox/own.ts';
import { createRelatedOf } from '../../relay/inbox/related-of.ts';
import { openStore, type Store } from '../../relay/store/database.ts';
import { toFault } from '../../relay/store/faults.ts';
import { type Identity, openIdentity } from '../../relay/tenant.ts';

export type Words = Omit<Statement, '_' | 'iat'>;

export interface PeerParts {
  /** Data of all peers, each in a folder of its own. */
  readonly folder: string;
  readonly fetch: SafeFetch;
  readonly random: Random;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** `to` took a token that it did not know, as its inbox says. */
  readonly stored: (to: IdTag, token: string) => void;
  /** Something failed that nobody waits for. */
  readonly report: (error: unknown) => void;
}

/** A relay without sockets: its store, its inbox and its queue, as they are in a relay. */
export interface Peer {
  readonly idTag: IdTag;
  readonly store: Store;
  /** Signs, stores and sends it. */
  say(words: Words): Promise<string>;
  /** As its HTTP doors answer. */
  answer(path: string, body: string | undefined): Promise<Answer>;
  /** Looks at everything that waits. */
  wake(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a peer on what it stored before, or a new one. */
export async function openPeer(idTag: IdTag, parts: PeerParts): Promise<Peer> {
  const { fetch, random, now, report } = parts;
  const store = await openStore(`${parts.folder}/${idTag}`, now);
  const { db } = store;
  const profiles = createProfiles({ db, fetch, now });
  const sealer = await createSealer('the secret of a test, of 32 bytes and more', random);
  const live: { deliveries?: Deliveries } = {};
  const wakeLanes = (neighbours: readonly IdTag[]): void =>
    neighbours.forEach((one) => live.deliveries?.wake(one));
  const identity = await openIdentity(idTag, {
    ...{ db, sealer, identityType: 'person', accessSecret: random(32), random, now, fetch, profiles, report },
    ...{ verify: createVerifier(profiles), verifyPast: createPastVerifier(profiles) },
    ...{ wake: ignore, closeDevices: ignore, actionStored: ignore, passed: ignore },
    queued: wakeLanes,
    accepted: (iss) => live.deliveries?.seen(iss),
  });
  const { keys, talk } = identity;
  const deliveries = await openDeliveries({
    ...{ db, fetch, random, now, report, changed: ignore, tried: ignore, relatedOf: createRelatedOf(db) },
    sign: (_, k, signingInput) => signSigningInput(signingInput, keys.signAs(k)),
  });
  live.deliveries = deliveries;
  return {
    ...{ idTag, store },
    async say(words) {
      const own = await signOwn(words, { db, keys, random, now });
      const said = await db.transaction().execute((trx) => recordOwn(trx, idTag, own, now()));
      wakeLanes(said.recipients);
      return actionId(own.token);
    },
    answer: (path, body) => answer(identity, { ...parts, path, body }),
    wake: async () => void (await Promise.all([deliveries.wakeAll(), talk.wake()])),
    async close() {
      await deliveries.close();
      await talk.close();
      await store.close();
    },
  };
}

const ignore = (): void => undefined;

const json = (status: number, body: object): Answer => ({
  ...{ status, headers: {} },
  bytes: Buffer.from(JSON.stringify(body)),
});

/** SPEC R4, as `relay/http/inbox.ts` does it over HTTP. */
async function answer(
  { idTag, keys, shown, talk }: Identity,
  { path, body, now, stored }: PeerParts & { path: string; body: string | undefined },
): Promise<Answer> {
  if (path === routes.me)
    return json(200, { data: { ...shown, keys: keys.list(now()) }, time: new Date(now()).toISOString() });
  if (path !== routes.inbox) return json(404, formatError(new IsletError('E-CORE-NOTFOUND', path)));
  try {
    const { token, related } = parseJson(inboxSchema, body ?? '');
    const { status } = await talk.accept(token, related);
    if (status === 'stored') stored(idTag, token);
    return json(202, { data: { status }, time: new Date(now()).toISOString() });
  } catch (error) {
    const ours = toFault(error);
    if (isFault(ours) || ours.code === 'E-NET-FAILED')
      return { status: 503, headers: { 'retry-after': '30' }, bytes: Buffer.alloc(0) };
    return json(ours.status, formatError(ours));
  }
}
