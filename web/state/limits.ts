import { createEffect, createRoot, createSignal } from 'solid-js';
import { allows, type Capability } from '../../shared/device/capability.ts';
import {
  findFolder,
  findPreset,
  mayReadSpace,
  mayWriteFolder,
  mayWriteSpace,
} from '../../shared/device/presets.ts';
import { hasOneFolder, isReader } from '../client/rooms/may-write.ts';
import { storageName } from '../client/spaces.ts';
import { t } from '../i18n/devices/translate.ts';
import { seenFolder } from './seen-folder.ts';
import { writeStored } from './stored.ts';
import './limits.css';

/** What a device may be without. `limits.css` takes the controls away, and the editor reads `write`. */
type Lack =
  | 'profile'
  | 'write'
  | 'documents'
  | 'post'
  | 'message'
  | 'messages'
  | 'people'
  | 'files'
  | 'add-files'
  /** Everything but one folder: feed, people, notices, sharing. */
  | 'rest';

const needs: Readonly<Record<Lack, (cap: readonly Capability[]) => boolean>> = {
  profile: (cap) => allows(cap, 'identity/profile', '*'),
  write: (cap) => mayWriteSpace(cap) || mayWriteFolder(cap),
  documents: (cap) => mayReadSpace(cap) || findFolder(cap) !== undefined,
  post: (cap) => allows(cap, 'action/create', 'type:POST'),
  message: (cap) => allows(cap, 'action/create', 'type:MSG'),
  messages: (cap) => allows(cap, 'action/read', 'type:MSG'),
  people: (cap) => allows(cap, 'people/write', '*'),
  files: (cap) => allows(cap, 'file/read', findPlace(cap)),
  'add-files': (cap) =>
    allows(cap, 'file/create', findPlace(cap)) && (mayWriteSpace(cap) || mayWriteFolder(cap)),
  rest: (cap) => findFolder(cap) === undefined,
};
const lacks = Object.keys(needs) as Lack[];

/** Where this device has files. */
function findPlace(cap: readonly Capability[]): string {
  const folder = findFolder(cap);
  return folder === undefined ? '*' : `folder:${folder}`;
}

const [limits, setLimits] = createSignal<readonly Capability[]>();

function formatLacks(cap: readonly Capability[]): string {
  return lacks.filter((name) => !needs[name](cap)).join(' ');
}

/** Pages that show documents and nothing else. */
const ofDocuments = /^\/($|home|d\/|files)/;
/** Pages that show nothing of documents. */
const ofPeople = /^\/(feed|people|messages|notices)/;

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
  if (!needs.documents(cap) && ofDocuments.test(location.pathname)) location.replace('/feed');
  if (!needs.rest(cap) && ofPeople.test(location.pathname)) location.replace('/home');
}

/** What would be changed here alone, and nowhere else, is not changed. @throws Error in words for people */
export function assertWriter(): void {
  if (isReader()) throw new Error(t('limits.read'));
}

/** What is sealed is for devices that have everything. @throws Error in words for people */
export function assertSealer(): void {
  assertWriter();
  if (hasOneFolder()) throw new Error(t('limits.seal'));
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
  createRoot(() => {
    createEffect(() => {
      const preset = findPreset(limits() ?? []);
      if (preset === 'folder') shown.textContent = describeFolder(limits() ?? []);
      else
        shown.textContent = t(preset === 'read' || preset === 'post' ? `limits.${preset}` : 'limits.custom');
    });
  });
}

function describeFolder(cap: readonly Capability[]): string {
  const seen = seenFolder();
  if (!seen) return t('limits.folderUnknown');
  const name = seen.title.trim() || t('folder.unnamed');
  if (seen.ended) return t('limits.folderGone', { name });
  return t(mayWriteFolder(cap) ? 'limits.folder' : 'limits.folderRead', { name });
}
