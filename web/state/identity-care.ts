import {
  type IdentityKeys,
  identityKeysSchema,
  type OwnLinked,
  ownLinkedSchema,
  seenLinkedSchema,
  type Services,
} from '../../shared/api/identity.ts';
import { routes } from '../../shared/routes.ts';
import { RelayUnreachable } from '../client/relay/relay-api.ts';
import { houseParts } from './house.ts';
import { verified } from './verify.ts';

export type { IdentityKeys, OwnLinked, Services };

function api() {
  const parts = houseParts();
  if (!parts) throw new RelayUnreachable('The relay cannot be reached.');
  return parts.api;
}

/** Keys and services of the identity. @throws RelayUnreachable, IsletError */
export function readIdentityKeys(): Promise<IdentityKeys> {
  return api().get(routes.identityKeys, identityKeysSchema);
}

/** SPEC K5, K7; the person shows first that it is them. @throws RelayUnreachable, IsletError */
export function changeIdentityKeys(step: 'rotate' | 'revoke'): Promise<IdentityKeys> {
  return verified(() => api().post(`${routes.identityKeys}/${step}`, {}, identityKeysSchema));
}

export function saveServices(services: Services): Promise<IdentityKeys> {
  return api().set(`${routes.identityKeys}/services`, services, identityKeysSchema);
}

export async function readLinked(): Promise<OwnLinked> {
  return (await api().get(`${routes.linked}/own`, ownLinkedSchema)).linked;
}

export async function checkLinked(): Promise<OwnLinked> {
  return (await api().post(`${routes.linked}/check`, {}, ownLinkedSchema)).linked;
}

/** @throws IsletError with the reason when the other side does not say the same */
export async function addLinked(uri: string, proof: string | undefined): Promise<OwnLinked> {
  const body = { uri, ...(proof !== undefined && { proof }) };
  return (await api().post(routes.linked, body, ownLinkedSchema)).linked;
}

export async function removeLinked(uri: string): Promise<OwnLinked> {
  await api().remove(`${routes.linked}?uri=${encodeURIComponent(uri)}`);
  return readLinked();
}

/** Other names of somebody, as the own relay found when it asked the other sides. @throws RelayUnreachable, IsletError */
export async function readLinkedOf(idTag: string): Promise<readonly string[]> {
  return (await api().get(`${routes.people}/${idTag}/linked`, seenLinkedSchema)).uris;
}
