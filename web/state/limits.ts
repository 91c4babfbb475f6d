import { createEffect, createRoot, createSignal } from 'solid-js';
import { allows, type Capability } from '../../shared/device/capability.ts';
import { findPreset, mayReadSpace, mayWriteSpace } from '../../shared/device/presets.ts';
import { isReader } from '../client/rooms/may-write.ts';
import { storageName } from '../client/spaces.ts';
import { t } from '../i18n/devices/translate.ts';
import { writeStored } from './stored.ts';
import './limits.css';

/** What a device may be without. `limits.css` takes the controls away, and the editor reads `write`. */
type Lack =
  'profile' | 'write' | 'documents' | 'post' | 'message' | 'messages' | 'people' | 'files' | 'add-files';

const needs: Readonly<Record<Lack, (cap: readonly Capability[]) => boolean>> = {
  profile: (cap) => allows(cap, 'identity/profile', '*'),
  write: mayWriteSpace,
  documents: mayReadSpace,
  post: (cap) => allows(cap, 'action/create', 'type:POST'),
  message: (cap) => allows(cap, 'action/create', 'type:MSG'),
  messages: (cap) => allows(cap, 'action/read', 'type:MSG'),
  people: (cap) => allows(cap, 'people/write', '*'),
  files: (cap) => allows(cap, 'file/read', '*'),
  'add-files': (cap) => allows(cap, 'file/create', '*') && mayWriteSpace(cap),
};
const lacks = Object.keys(needs) as Lack[];

const [limits, setLimits] = createSignal<readonly Capability[]>();

function formatLacks(cap: readonly Capability[]): string {
  return lacks.filter((name) => !needs[name](cap)).join(' ');
}

/** Pages that show documents and nothing else. */
const ofDocuments = /^\/($|home|d\/|files)/;

/**
 * Says above every page what this device may not do, and takes away what would be refused (SPEC C11). The page loads anew when it was
 * made for other rights: an editor is open, and sync runs.
 */
export function showLimits(cap: readonly Capability[]): void {
  const now = formatLacks(cap);
  const root = document.documentElement;
  const before = root.dataset['no'] ?? '';
  // `theme.js` reads it before anything is drawn.
  writeStored(storageName('islet:limits'), now || null);
  if (now !== before && limits() !== undefined) return location.reload();
  root.dataset['no'] = now;
  setLimits(cap);
  if (now === '') return;
  showNotice();
  if (!mayReadSpace(cap) && ofDocuments.test(location.pathname)) location.replace('/feed');
}

/** What would be changed here alone, and nowhere else, is not changed. @throws Error in words for people */
export function assertWriter(): void {
  if (isReader()) throw new Error(t('limits.read'));
}

let notice: HTMLElement | undefined;

/** Stands between header and page, outside of what pages draw. */
function showNotice(): void {
  if (notice) return;
  const shown = document.createElement('p');
  notice = shown;
  shown.className = 'limits-notice';
  shown.setAttribute('role', 'note');
  document.getElementById('main')?.before(shown);
  createRoot(() =>
    createEffect(() => {
      const preset = findPreset(limits() ?? []);
      shown.textContent = t(preset === 'read' || preset === 'post' ? `limits.${preset}` : 'limits.custom');
    }),
  );
}
