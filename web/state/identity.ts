import { createStore, reconcile } from 'solid-js/store';

export type Identity =
  | { kind: 'unclaimed' }
  /** `device` is the name of this browser in the device log. */
  | { kind: 'claimed'; idTag: string; name: string; device: string };

export interface DeviceRow {
  did: string;
  name: string;
  /** Milliseconds. */
  added: number;
  /** End of its delegation, milliseconds. */
  until: number;
  current: boolean;
}

/** A one-time link for another device, as the first device sees it. */
export type DeviceLink =
  | { kind: 'none' }
  | { kind: 'waiting'; url: string; expiresAt: number }
  | { kind: 'requested'; url: string; expiresAt: number; name: string }
  | { kind: 'approved'; name: string }
  | { kind: 'expired' }
  | { kind: 'failed'; message: string };

/** What Settings can do about identity and devices; given by the client once this space is claimed. */
export interface IdentitySource {
  /** Makes the link; its progress arrives by `setDeviceLink`. */
  createLink(): Promise<void>;
  /** Lets the device that asked through the link join. */
  approveLink(): Promise<void>;
  removeDevice(did: string): Promise<void>;
}

interface IdentityState {
  identity: Identity;
  /** did:key of this browser; undefined before it has keys. */
  deviceId: string | undefined;
  devices: DeviceRow[];
  link: DeviceLink;
}

const [identityState, setState] = createStore<IdentityState>({
  identity: { kind: 'unclaimed' },
  deviceId: undefined,
  devices: [],
  link: { kind: 'none' },
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

/** Progress of the one-time link. */
export function setDeviceLink(link: DeviceLink): void {
  setState('link', reconcile(link));
}

/** Whether this space has a name. */
export function isClaimed(): boolean {
  return identityState.identity.kind === 'claimed';
}
