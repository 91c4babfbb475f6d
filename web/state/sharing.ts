import { createSignal } from 'solid-js';
import type { Actions } from '../client/actions/actions.ts';

/** What the share dialog can do. Rejections carry a message for people. */
export type SharingSource = Pick<Actions, 'share' | 'revoke' | 'retry' | 'connect'>;

const [sharing, setSharing] = createSignal<SharingSource>();

/** Undefined while this space has no name. */
export { sharing };

/** Gives the share dialog its actions. */
export function provideSharing(source: SharingSource): void {
  setSharing(() => source);
}
