import { createStore, reconcile } from 'solid-js/store';
import type { Capability } from '../../shared/device/capability.ts';
import type { Claimant } from '../client/device/copied.ts';

export type { Claimant };

export type Identity =
  | { kind: 'unclaimed' }
  /** `device` is the name of this browser in the device log. */
  | { kind: 'claimed'; idTag: string; name: string; device: string };

/** Times are milliseconds. */
export interface DeviceRow {
  did: string;
  name: string;
  kind?: 'phone' | 'tablet' | 'computer' | undefined;
  cap: readonly Capability[];
  added: number;
  /** It was let in until then, and no longer. */
  ends?: number | undefined;
  /** When the relay saw it last; null while it has not told. */
  seen?: number | null | undefined;
  /** It asks to be let in again. */
  asked?: number | undefined;
  /** Its keys were used in two places: by whom. */
  suspended?: readonly Claimant[] | undefined;
  current: boolean;
}

/** What Settings can do about identity and devices; given by the client once this space is claimed. */
export interface IdentitySource {
  removeDevice(did: string): Promise<void>;
}

interface IdentityState {
  identity: Identity;
  /** did:key of this browser; undefined before it has keys. */
  deviceId: string | undefined;
  devices: DeviceRow[];
}

const [identityState, setState] = createStore<IdentityState>({
  identity: { kind: 'unclaimed' },
  deviceId: undefined,
  devices: [],
});
export { identityState };

let source: IdentitySource | undefined;

/** Gives Settings its actions. */
export function provideIdentity(next: IdentitySource): void {
  source = next;
}

/** The actions; undefined while unclaimed. */
export function identitySource(): IdentitySource | undefined {
  return source;
}

/** Tells every page who this space is. */
export function setIdentity(identity: Identity, deviceId: string | undefined): void {
  setState('identity', reconcile(identity));
  setState('deviceId', deviceId);
}

/** Replaces the list of devices. */
export function setDevices(devices: DeviceRow[]): void {
  setState('devices', reconcile(devices, { key: 'did' }));
}

/** Whether this space has a name. */
export function isClaimed(): boolean {
  return identityState.identity.kind === 'claimed';
}
