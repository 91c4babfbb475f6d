import { createSignal } from 'solid-js';
import type { Waiting } from '../../shared/api/quarantine.ts';
import type { Did } from '../../shared/identity/did.ts';
import type { Quarantine } from '../client/device/quarantine.ts';
import type { DeviceChange, DeviceUpkeep } from '../client/device/upkeep.ts';
import { verified } from './verify.ts';

export type { DeviceChange, Waiting };

/** What lost devices handed over and nobody has looked at. */
const [quarantined, setQuarantined] = createSignal<readonly Waiting[]>([]);
export { quarantined, setQuarantined };

interface Care {
  readonly upkeep: DeviceUpkeep;
  readonly remove: (did: Did) => Promise<void>;
  readonly quarantine: Quarantine;
  /** Reads the list again. */
  readonly refresh: () => Promise<void>;
}

let care: Care | undefined;

/** Lets Settings look after the devices. */
export function provideDeviceCare(next: Care): void {
  care = next;
}

/** Runs it, asking the person who they are where the relay wants to know, and shows the list as it is then. */
async function run(act: (care: Care) => Promise<unknown>): Promise<void> {
  const known = care;
  if (!known) throw new Error('This space has no name yet.');
  await verified(() => act(known));
  await known.refresh();
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

export function signOutOthers(): Promise<void> {
  return run(({ upkeep }) => upkeep.signOutOthers());
}

/** Words of something that was handed over. */
export async function lookAt(id: string): Promise<string> {
  return (await care?.quarantine.look(id)) ?? '';
}

export function takeIn(id: string): Promise<void> {
  return run(({ quarantine }) => quarantine.take(id));
}

export function discard(id: string): Promise<void> {
  return run(({ quarantine }) => quarantine.discard(id));
}
