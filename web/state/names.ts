import type * as v from 'valibot';
import {
  availableSchema,
  givenNameSchema,
  invitationSchema,
  nameCheckSchema,
  namesHereSchema,
  namesRoutes,
  relayNamesSchema,
} from '../../shared/api/names.ts';
import { relaySchema, routes } from '../../shared/routes.ts';
import { createRelayApi, type RelayApi, segment } from '../client/relay/relay-api.ts';
import { houseParts } from './house.ts';
import { isClaimed } from './identity.ts';
import { decideSetup } from './setup.ts';
import { startSpace } from './spaces.ts';

export type { NameCheck } from '../../shared/api/names.ts';
export type RelayNames = v.InferOutput<typeof relayNamesSchema>;
export type NamesHere = v.InferOutput<typeof namesHereSchema>;

/** The relay that this app comes from: what may be asked with and without a device. */
export interface Naming {
  readonly relay: RelayNames;
  /** Somebody has set the relay up; else its setup link is the way to a name. */
  readonly claimed: boolean;
  /** This browser speaks for the relay's first identity, which lets others in. */
  readonly isOperator: boolean;
  readonly api: RelayApi;
}

/** @throws RelayUnreachable, IsletError */
export async function readNaming(invitation: string | undefined): Promise<Naming> {
  const { apiBase, claimed } = await createRelayApi(location.origin).get(routes.relay, relaySchema);
  const own = houseParts();
  const isOperator = own?.apiBase === apiBase;
  const api = isOperator ? own.api : createRelayApi(apiBase);
  const query = invitation === undefined ? '' : `?invitation=${encodeURIComponent(invitation)}`;
  return { relay: await api.get(namesRoutes.names + query, relayNamesSchema), claimed, isOperator, api };
}

/** Why a name cannot be had; undefined when it can. */
export async function refusalOfName({ api }: Naming, idTag: string): Promise<string | undefined> {
  const query = `?idTag=${encodeURIComponent(idTag)}`;
  const { available, reason } = await api.get(namesRoutes.available + query, availableSchema);
  return available ? undefined : (reason ?? '');
}

/** What is true of a domain now, as the relay sees it. */
export function checkName({ api }: Naming, idTag: string, invitation: string | undefined) {
  const query = new URLSearchParams({ idTag, ...(invitation !== undefined && { invitation }) });
  return api.get(`${namesRoutes.check}?${query}`, nameCheckSchema);
}

export interface WantedName {
  readonly idTag: string;
  readonly type: 'person' | 'community';
  readonly invitation?: string;
}

/** Takes the name. @returns the setup link in this app; the same again while no device is enrolled */
export async function takeName({ api }: Naming, wanted: WantedName): Promise<string> {
  const { setup, idTag } = await api.post(namesRoutes.names, wanted, givenNameSchema);
  return `/setup#${setup}&${idTag}`;
}

/** Goes on with the setup: in a space of its own when this one belongs to somebody. */
export function openSetup(path: string, navigate: (path: string) => void): void {
  if (isClaimed()) startSpace(path);
  // What a tab remembers goes with the space that it leaves.
  decideSetup(path);
  if (!isClaimed()) navigate(path);
}

export function readHere({ api }: Naming): Promise<NamesHere> {
  return api.get(namesRoutes.here, namesHereSchema);
}

/** @returns the link for the other person */
export async function invite({ api }: Naming, note: string): Promise<string> {
  const { code } = await api.post(namesRoutes.invitations, { note }, invitationSchema);
  return `${location.origin}/name#${code}`;
}

export function withdraw({ api }: Naming, id: string): Promise<boolean> {
  return api.remove(namesRoutes.invitations + segment(id));
}

/** The invitation of a link `/name#<code>`. */
export function parseInvitation(hash: string): string | undefined {
  return /^#([\w-]{16,64})$/.exec(hash)?.[1];
}
