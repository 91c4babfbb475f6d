import {
  type DeviceState,
  deviceListSchema,
  type Readmission,
  readmissionSchema,
  renewedSchema,
} from '../../shared/api/devices.ts';
import { signAssertion } from '../../shared/device/assertion.ts';
import type { DeviceLog } from '../../shared/device/device-log.ts';
import { routes } from '../../shared/routes.ts';
import { createKeys, dataOf, json, nonce, TestDevice, type TestKeys } from './device.ts';
import type { TestAnswer } from './network.ts';

/** The same device with a new key for signing; it has no delegation yet. */
export async function nextOf(device: TestDevice): Promise<TestDevice> {
  const fresh = await createKeys();
  return new TestDevice(device.network, device.relay, { ...fresh, ecdh: device.keys.ecdh });
}

export async function signRenewal(device: TestDevice, next: TestDevice, log?: DeviceLog): Promise<string> {
  return device.sign(log ?? (await device.log()), { t: 'renew', device: next.describe() });
}

export function sendRenewal(device: TestDevice, entry: string, agent = ''): Promise<TestAnswer> {
  const body = JSON.stringify({ entry });
  const headers = { ...json, 'user-agent': agent };
  return device.relay.ask(routes.renew, { method: 'POST', headers, body });
}

/** Renews, and gives the device with its new keys. */
export async function renew(device: TestDevice, agent = ''): Promise<TestDevice> {
  const next = await nextOf(device);
  const answer = await sendRenewal(device, await signRenewal(device, next), agent);
  next.delegation = dataOf(answer, renewedSchema).delegation;
  return next;
}

async function asserted(device: TestDevice, path: string, keys: TestKeys): Promise<TestAnswer> {
  const { did, sign } = keys;
  const aud = device.relay.idTag;
  const assertion = await signAssertion({ did, aud, jti: nonce(), now: device.seconds() }, sign);
  return device.relay.ask(path, { method: 'POST', headers: json, body: JSON.stringify({ assertion }) });
}

export async function askReadmission(device: TestDevice): Promise<Readmission> {
  return dataOf(await asserted(device, routes.readmission, device.keys), readmissionSchema);
}

/** What the relay says the device has now. */
export function askDelegation(device: TestDevice): Promise<TestAnswer> {
  return asserted(device, routes.delegation, device.keys);
}

export function readmit(by: TestDevice, did: string): Promise<TestAnswer> {
  return by.ask(`${routes.devices}/${did}/readmit`, 'POST', {});
}

export async function stateOf(by: TestDevice, did: string): Promise<DeviceState | undefined> {
  const { devices } = dataOf(await by.ask(routes.devices), deviceListSchema);
  return devices.find((device) => device.did === did);
}
