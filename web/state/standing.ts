import { createSignal } from 'solid-js';
import type { Standing } from '../client/device/renewal.ts';

/** Whether this browser may speak for the identity, or what it waits for. */
const [standing, setStanding] = createSignal<Standing>({ kind: 'in' });
export { setStanding, standing };
