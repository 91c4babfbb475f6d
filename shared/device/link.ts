import * as v from 'valibot';
import {
  base64urlToBytes,
  bytesToBase64url,
  type Bytes,
  isBase64url,
  type Random,
  textToBytes,
} from '../bytes.ts';
import { IsletError } from '../errors.ts';
import { type DeviceDescription, deviceSchema } from './device-log.ts';

/** SPEC P1: what a one-time link to enrol a further device carries in its fragment. */
export interface DeviceLink {
  /** 128 bits, base64url: names the link at the relay. */
  readonly id: string;
  /** 256 bits, base64url: never reaches the relay. */
  readonly secret: string;
}

/** What the new device leaves at the relay for a device that may enrol it (SPEC P2). */
export const linkRequestSchema = v.strictObject({
  device: deviceSchema,
  mac: v.pipe(v.string(), v.regex(/^[\w-]{43}$/, 'not a MAC')),
});
export type LinkRequest = v.InferOutput<typeof linkRequestSchema>;

/** In seconds. */
export const linkLifetime = 3600;

export function createLink(random: Random): DeviceLink {
  return { id: bytesToBase64url(random(16)), secret: bytesToBase64url(random(32)) };
}

export function formatLink({ id, secret }: DeviceLink): string {
  return `${id}.${secret}`;
}

/** @throws IsletError E-LINK-UNKNOWN when the fragment is not of a link */
export function parseLink(fragment: string): DeviceLink {
  const match = /^#?([\w-]{22})\.([\w-]{43})$/.exec(fragment);
  if (!match) throw new IsletError('E-LINK-UNKNOWN', 'this is not a complete link');
  return { id: match[1]!, secret: match[2]! };
}

async function importSecret(secret: string): Promise<CryptoKey> {
  const bytes = base64urlToBytes(secret);
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);
}

/** The order of members is fixed here, so that both sides hash the same text. The kind stands last when it is stated. */
function deviceText(purpose: string, id: string, device: DeviceDescription): Bytes {
  const { did, jwk, ecdh, name, kind } = device;
  const kinds = kind === undefined ? [] : [kind];
  return textToBytes(JSON.stringify([purpose, id, did, jwk.x, jwk.y, ecdh.x, ecdh.y, name, ...kinds]));
}

function requestText(id: string, device: DeviceDescription): Bytes {
  return deviceText('islet-link-request-1', id, device);
}

function confirmationText(id: string, head: string): Bytes {
  return textToBytes(JSON.stringify(['islet-link-confirmation-1', id, head]));
}

async function sign(secret: string, text: Bytes): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.sign('HMAC', await importSecret(secret), text));
}

async function mac(secret: string, text: Bytes): Promise<string> {
  return bytesToBase64url(await sign(secret, text));
}

/** HMAC-SHA-256 under the secret of the link over everything that names the device. */
export function signUnderLink(
  link: DeviceLink,
  purpose: string,
  device: DeviceDescription,
): Promise<Uint8Array> {
  return sign(link.secret, deviceText(purpose, link.id, device));
}

/** A claimed MAC that is not even base64url is as wrong as any other. */
async function isMac(secret: string, text: Bytes, claimed: string): Promise<boolean> {
  if (!isBase64url(claimed)) return false;
  return crypto.subtle.verify('HMAC', await importSecret(secret), base64urlToBytes(claimed), text);
}

/** SPEC P2: binds the new device's keys to the link, so that the relay cannot put its own in their place. */
export async function createLinkRequest(link: DeviceLink, device: DeviceDescription): Promise<LinkRequest> {
  return { device, mac: await mac(link.secret, requestText(link.id, device)) };
}

export async function isLinkRequest(link: DeviceLink, request: LinkRequest): Promise<boolean> {
  return isMac(link.secret, requestText(link.id, request.device), request.mac);
}

/** SPEC P3: lets the new device see that the log it is handed is the one the first device wrote to. */
export function createLinkConfirmation(link: DeviceLink, head: string): Promise<string> {
  return mac(link.secret, confirmationText(link.id, head));
}

export function isLinkConfirmation(link: DeviceLink, head: string, claimed: string): Promise<boolean> {
  return isMac(link.secret, confirmationText(link.id, head), claimed);
}
