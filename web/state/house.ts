import { createSignal } from 'solid-js';
import type { HouseParts } from '../client/archive/house.ts';

/** What taking the identity elsewhere works with: here, apart, since few ever do it. */
const [houseParts, provideHouse] = createSignal<HouseParts>();
export { houseParts, provideHouse };
