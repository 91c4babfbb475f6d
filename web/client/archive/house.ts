import type * as v from 'valibot';
import { exportSchema, exportsSchema, moveStateSchema, ticketSchema } from '../../../shared/api/archive.ts';
import { relationsSchema, routes } from '../../../shared/routes.ts';
import type { Actions } from '../actions/actions.ts';
import { type RelayApi, segment } from '../relay/relay-api.ts';

export type ExportsView = v.InferOutput<typeof exportsSchema>;
export type ExportView = v.InferOutput<typeof exportSchema>;

/** What a device does to take an identity elsewhere, or to end it (SPEC W9, W11, W12). All reject with RelayUnreachable or IsletError. */
export interface House {
  read(): Promise<ExportsView>;
  make(purpose: ExportView['purpose']): Promise<ExportView>;
  remove(id: string): Promise<void>;
  /** An address at which the browser fetches the archive by itself, for an hour. */
  address(id: string): Promise<string>;
  /** `moved` stays so. */
  tell(state: 'here' | 'moved'): Promise<void>;
  /** Tells neighbours, then deletes everything that the relay has of the identity. */
  deleteAccount(idTag: string): Promise<void>;
}

export interface HouseParts {
  readonly api: RelayApi;
  /** Origin of the API. */
  readonly apiBase: string;
  readonly actions: Pick<Actions, 'unfollow' | 'disconnect' | 'exchange'>;
}

export function createHouse({ api, apiBase, actions }: HouseParts): House {
  return {
    read: () => api.get(routes.exports, exportsSchema),
    make: (purpose) => api.post(routes.exports, { purpose }, exportSchema),
    remove: async (id) => void (await api.remove(routes.exports + segment(id))),
    address: async (id) =>
      apiBase + (await api.post(`${routes.exports}${segment(id)}/ticket`, {}, ticketSchema)).path,
    tell: async (state) => void (await api.set(`${routes.exports}/move`, { state }, moveStateSchema)),
    async deleteAccount(idTag) {
      const { people } = await api.get(routes.people, relationsSchema);
      for (const person of people) {
        if (person.following) await actions.unfollow(person.idTag);
        if (person.connected !== 'none') await actions.disconnect(person.idTag);
      }
      await actions.exchange();
      await api.remove(`${routes.me}?idTag=${encodeURIComponent(idTag)}`);
    },
  };
}
