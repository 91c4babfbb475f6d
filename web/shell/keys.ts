import { useLocation, useNavigate } from '@solidjs/router';
import { createSignal, onCleanup, type Accessor } from 'solid-js';
import { lastDocumentPath, newDocument } from '../state/documents.ts';

/** `G` then one of these letters goes to the page. */
const places = {
  h: '/home',
  d: '/files',
  f: '/feed',
  p: '/people',
  m: '/messages',
  n: '/notices',
  s: '/settings',
} as const;

/** Whether keys typed at this element are text. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))
  );
}

/** Binds the keys that work on every page. Returns whether the list of keys is shown, and how to set it. */
export function createKeys(): [Accessor<boolean>, (open: boolean) => void] {
  const navigate = useNavigate();
  const location = useLocation();
  const [helpOpen, setHelpOpen] = createSignal(false);
  let goUntil = 0;

  const onLetter = (key: string, time: number) => {
    const place = Object.entries(places).find(([letter]) => letter === key)?.[1];
    const going = time < goUntil;
    goUntil = key === 'g' ? time + 1500 : 0;
    if (going && place) navigate(place);
    return going && place !== undefined;
  };
  const onEscape = (event: KeyboardEvent) => {
    if (isTyping(event.target)) document.getElementById('main')?.focus();
    else if (!/^\/(d\/|$)/.test(location.pathname)) navigate(lastDocumentPath());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
    if ((event.ctrlKey || event.metaKey) && event.altKey && event.code === 'KeyN') {
      event.preventDefault();
      navigate(newDocument());
    } else if (event.key === 'Escape') onEscape(event);
    else if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    else if (event.key === '?') setHelpOpen(true);
    else if (onLetter(event.key.toLowerCase(), event.timeStamp)) event.preventDefault();
  };
  document.addEventListener('keydown', onKeyDown);
  onCleanup(() => document.removeEventListener('keydown', onKeyDown));
  return [helpOpen, setHelpOpen];
}
