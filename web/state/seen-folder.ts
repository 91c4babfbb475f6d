import { type Accessor, createRoot } from 'solid-js';
import { readSeenFolder, type SeenFolder } from '../client/folder/listed.ts';
import { database } from './documents.ts';
import { createLive } from './live.ts';

let seen: Accessor<SeenFolder | undefined> | undefined;

/** The one folder of this device, as it was seen last; undefined on a device that has everything (SPEC C15). */
export function seenFolder(): SeenFolder | undefined {
  seen ??= createRoot(() => createLive(database(), readSeenFolder, undefined));
  return seen();
}
