import { useLocation, useNavigate } from '@solidjs/router';
import { createSignal, onCleanup, type Accessor } from 'solid-js';
import { lastDocumentPath, newDocument } from '../state/documents.ts';
import { places } from './key-names.ts';

/** Whether keys typed at this element are text. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))
  );
}

/** What the keys open. */
export interface Opened {
  help: Accessor<boolean>;
  setHelp(open: boolean): void;
}

/** Binds the keys that work on every page; those of the palette are bound before. */
export function createKeys(): Opened {
  const navigate = useNavigate();
  const location = useLocation();
  const [help, setHelp] = createSignal(false);
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
    if (event.defaultPrevented) return;
    const held = event.ctrlKey || event.metaKey;
    if (document.querySelector('dialog[open]')) return;
    if (held && event.altKey && event.code === 'KeyN') {
      event.preventDefault();
      navigate(newDocument());
    } else if (event.key === 'Escape') onEscape(event);
    else if (isTyping(event.target) || held || event.altKey) return;
    else if (event.key === '?') setHelp(true);
    else if (onLetter(event.key.toLowerCase(), event.timeStamp)) event.preventDefault();
  };
  document.addEventListener('keydown', onKeyDown);
  onCleanup(() => document.removeEventListener('keydown', onKeyDown));
  return { help, setHelp };
}
