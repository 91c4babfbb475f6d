import { createMemo, createRoot } from 'solid-js';
import { createHouse, type House } from '../client/archive/house.ts';
import { houseParts } from './house.ts';
import { verified } from './verify.ts';

export type { ExportsView, ExportView } from '../client/archive/house.ts';

/** What can be done with the identity at its relay; undefined while this browser speaks for none. */
export const house = createRoot(() =>
  createMemo((): House | undefined => {
    const parts = houseParts();
    return parts && askingFirst(createHouse(parts));
  }),
);

/** What needs a person who is there asks for one. */
function askingFirst(plain: House): House {
  return {
    ...plain,
    make: (purpose) => verified(() => plain.make(purpose)),
    address: (id) => verified(() => plain.address(id)),
    tell: (state) => verified(() => plain.tell(state)),
    deleteAccount: (idTag) => verified(() => plain.deleteAccount(idTag)),
  };
}
