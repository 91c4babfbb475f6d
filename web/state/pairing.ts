import { createStore, reconcile } from 'solid-js/store';
import { allows } from '../../shared/device/capability.ts';
import { type DeviceDescription, findDevice } from '../../shared/device/device-log.ts';
import type { DeviceLink } from '../../shared/device/link.ts';
import { codeToLink, formatCode, formatPairing, parsePairing } from '../../shared/device/pairing.ts';
import {
  folderCapabilities,
  listGrantable,
  mayGrantFolder,
  type PresetName,
  presetToCapabilities,
} from '../../shared/device/presets.ts';
import { IsletError } from '../../shared/errors.ts';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import type { Account } from '../client/account.ts';
import { pairingWords } from '../client/device/words.ts';
import { RelayUnreachable } from '../client/relay/relay-api.ts';
import { verified } from './verify.ts';

/** Pause between two looks at an open code, in milliseconds. */
const lookAgain = 1500;

/** How far this device is with letting another one in. Times are milliseconds. */
export type Pairing =
  | { kind: 'none' }
  /** This device shows a code. */
  | { kind: 'shown'; code: string; url: string; expiresAt: number }
  /** Another one has left its keys under a code; both show these words. `folders`: it may be given one folder. */
  | { kind: 'asked'; name: string; words: string[]; choices: PresetName[]; folders: boolean }
  | { kind: 'approved'; name: string }
  | { kind: 'refused' }
  | { kind: 'expired' }
  | { kind: 'failed'; message: string };

/** What a person decides about the device that asks. `until` in seconds. */
export interface Decision {
  readonly name: string;
  readonly may: PresetName | { readonly folder: string; readonly write: boolean };
  readonly until?: number | undefined;
}

const [state, setState] = createStore<{ now: Pairing; may: boolean }>({ now: { kind: 'none' }, may: false });

export function pairing(): Pairing {
  return state.now;
}

/** Whether this device may let others in. */
export function mayLetIn(): boolean {
  return state.may;
}

let account: Account | undefined;
/** What is shown or asked just now; another one takes its place. */
let current: { link: DeviceLink; device?: DeviceDescription } | undefined;

function tell(next: Pairing): void {
  setState('now', reconcile(next));
}

function end(next: Pairing): void {
  current = undefined;
  tell(next);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function doorkeeper() {
  if (!account) throw new Error('This space has no name yet.');
  return account.doorkeeper;
}

/** Lets Settings let devices in. */
export function providePairing(next: Account): void {
  account = next;
  const note = async () => {
    const device = findDevice(await next.readDevices(), next.did);
    setState('may', device !== undefined && allows(device.cap, 'device/enrol', '*'));
  };
  setState('may', true);
  void note().catch(() => undefined); // offline: asked again by the relay when it is used
}

async function ask(link: DeviceLink, device: DeviceDescription): Promise<void> {
  if (!account) return;
  const own = findDevice(await account.readDevices(), account.did);
  const cap = own?.cap ?? [];
  const words = await pairingWords(link, device);
  current = { link, device };
  tell({
    kind: 'asked',
    name: device.name,
    words,
    choices: listGrantable(cap),
    folders: mayGrantFolder(cap),
  });
}

/** Shows a code, and looks whether somebody asks by it. */
export async function showCode(): Promise<void> {
  const { code, link, expiresAt } = await doorkeeper().createCode();
  const idTag = account?.idTag;
  const url = `${location.origin}/enrol#${formatPairing(code, idTag === undefined ? undefined : parseIdTag(idTag))}`;
  const mine = { link };
  current = mine;
  tell({ kind: 'shown', code: formatCode(code), url, expiresAt: expiresAt * 1000 });
  void watch(mine, expiresAt * 1000);
}

async function watch(mine: { link: DeviceLink }, expiresAt: number): Promise<void> {
  while (current === mine) {
    if (expiresAt < Date.now()) return end({ kind: 'expired' });
    try {
      const request = await doorkeeper().readRequest(mine.link);
      if (current !== mine) return;
      if (request) return await ask(mine.link, request);
    } catch (error) {
      if (!(error instanceof RelayUnreachable)) return end({ kind: 'failed', message: messageOf(error) });
    }
    await new Promise((resolve) => setTimeout(resolve, lookAgain));
  }
}

/**
 * The code that a new device shows, typed or scanned.
 * @throws IsletError E-LINK-UNKNOWN: no code, or nobody asks by it; RelayUnreachable
 */
export async function readCode(text: string): Promise<void> {
  const read = parsePairing(text);
  const idTag = read.kind === 'code' ? read.idTag : undefined;
  if (idTag !== undefined && idTag !== account?.idTag)
    throw new IsletError('E-LINK-UNKNOWN', `That device asks to speak for ${idTag}.`);
  const link = read.kind === 'code' ? await codeToLink(read.code) : read.link;
  const device = await doorkeeper().readRequest(link);
  if (!device) throw new IsletError('E-LINK-UNKNOWN', 'Nobody asks under this code.');
  await ask(link, device);
}

/** The words are the same, and a person has decided. @throws IsletError E-VERIFY-NEEDED when they did not show who they are */
export async function letIn({ name, may, until }: Decision): Promise<void> {
  const asked = current;
  if (!asked?.device) return;
  const { link, device } = asked;
  const cap = typeof may === 'string' ? presetToCapabilities(may) : folderCapabilities(may.folder, may.write);
  const grant = { name, cap, until };
  await verified(() => doorkeeper().approve(link, device, grant));
  end({ kind: 'approved', name });
}

/** The words differ, or nobody was expected. */
export async function keepOut(): Promise<void> {
  const asked = current;
  if (!asked) return end({ kind: 'none' });
  await doorkeeper().refuse(asked.link);
  end({ kind: 'refused' });
}

/** Nobody looks any more. */
export function leavePairing(): void {
  end({ kind: 'none' });
}
