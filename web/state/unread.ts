import { createSignal } from 'solid-js';

/** How much is new, for what stands around the pages. */
const [notices, setUnreadNotices] = createSignal(0);
const [alarms, setUnreadAlarms] = createSignal(0);
const unreadNotices = () => notices() + alarms();
const [unreadMessages, setUnreadMessages] = createSignal(0);
export { setUnreadAlarms, setUnreadMessages, setUnreadNotices, unreadMessages, unreadNotices };
