import { createSignal } from 'solid-js';

/** How much is new, for what stands around the pages. */
const [unreadNotices, setUnreadNotices] = createSignal(0);
const [unreadMessages, setUnreadMessages] = createSignal(0);
export { setUnreadMessages, setUnreadNotices, unreadMessages, unreadNotices };
