import { createSignal } from 'solid-js';
import type { Waiting } from '../../shared/api/quarantine.ts';
import type { Did } from '../../shared/identity/did.ts';
import type { Quarantine, Seen, Taken } from '../client/device/quarantine.ts';
import type { ShownChange } from '../client/device/take-changes.ts';
import type { DeviceChange, DeviceUpkeep } from '../client/device/upkeep.ts';
import { verified } from './verify.ts';

export type { DeviceChange, Seen, ShownChange, Taken, Waiting };

/** What lost devices handed over and nobody has looked at. */
const [quarantined, setQuarantined] = createSignal<readonly Waiting[]>([]);
export { quarantined, setQuarantined };

interface Care {
  readonly upkeep: DeviceUpkeep;
  readonly remove: (did: Did) => Promise<void>;
  readonly quarantine: () => Promise<Quarantine>;
  /** Reads the list again. */
  readonly refresh: () => Promise<void>;
}

let care: Care | undefined;

/** Lets Settings look after the devices. */
export function provideDeviceCare(next: Care): void {
  care = next;
}

function known(): Care {
  if (!care) throw new Error('This space has no name yet.');
  return care;
}

/** Runs it, asking the person who they are where the relay wants to know, and shows the list as it is then. */
async function run<T>(act: (care: Care) => Promise<T>): Promise<T> {
  const now = known();
  const result = await verified(() => act(now));
  await now.refresh();
  return result;
}

/** Less, or another name (SPEC L11). Rejects with words for people, as all of these. */
export function changeDevice(did: string, change: DeviceChange): Promise<void> {
  return run(({ upkeep }) => upkeep.change(did as Did, change));
}

export function removeDevice(did: string): Promise<void> {
  return run(({ remove }) => remove(did as Did));
}

/** It is wiped at its next contact (SPEC L12). */
export function removeLostDevice(did: string): Promise<void> {
  return run(({ upkeep }) => upkeep.removeLost(did as Did));
}

export function readmitDevice(did: string): Promise<void> {
  return run(({ upkeep }) => upkeep.readmit(did as Did));
}

/** The keys that came second are those of this device (SPEC G10). */
export function preferDevice(did: string, second: string): Promise<void> {
  return run(({ upkeep }) => upkeep.prefer(did as Did, second as Did));
}

export function signOutOthers(): Promise<void> {
  return run(({ upkeep }) => upkeep.signOutOthers());
}

/** What something is that was handed over. Rejects with words for people. */
export async function lookAt(id: string): Promise<Seen> {
  const quarantine = await known().quarantine();
  return quarantine.look(id);
}

/** @param chosen keys of edits of the list; all when absent */
export function takeIn(id: string, chosen?: ReadonlySet<string>): Promise<Taken> {
  return run(async ({ quarantine }) => (await quarantine()).take(id, chosen));
}

export function discard(id: string): Promise<void> {
  return run(async ({ quarantine }) => (await quarantine()).discard(id));
}
