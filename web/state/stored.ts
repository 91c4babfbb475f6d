import { createSignal, type Accessor } from 'solid-js';
import { storageName } from '../client/spaces.ts';

/** Reads a small string kept by the browser; null when absent or when storage is closed to us. */
export function readStored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // storage is blocked: the preference lasts for this page only
  }
}

/** Keeps a small string (null removes it). Returns whether it was kept. */
export function writeStored(key: string, value: string | null): boolean {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
    return true;
  } catch {
    return false; // storage is blocked or full: preferences are not worth an error
  }
}

/** A yes/no of this space as a signal that remembers. */
export function createFlag(base: string): [Accessor<boolean>, (on: boolean) => void] {
  const key = storageName(base);
  const [on, setOn] = createSignal(readStored(key) === '1');
  const write = (next: boolean) => {
    setOn(next);
    writeStored(key, next ? '1' : null);
  };
  return [on, write];
}
