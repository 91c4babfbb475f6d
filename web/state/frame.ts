import { createSignal } from 'solid-js';

/** Where a page puts its tools: the start and the end of the header that the frame draws. */
const [headerStart, setHeaderStart] = createSignal<HTMLElement>();
const [headerEnd, setHeaderEnd] = createSignal<HTMLElement>();
export { headerEnd, headerStart, setHeaderEnd, setHeaderStart };

/** Sets the title of the browser's tab. */
export function setPageTitle(title: string): void {
  document.title = title ? `${title} · Islet` : 'Islet';
}
