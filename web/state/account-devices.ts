import type { DeviceDescription } from '../../shared/device/device-log.ts';
import { type DeviceLink, formatLink } from '../../shared/device/link.ts';
import { delegationLifetime } from '../../shared/device/delegation.ts';
import type { Account } from '../client/account.ts';
import { RelayUnreachable } from '../client/relay/relay-api.ts';
import { readOrders } from './orders.ts';
import { provideIdentity, setDeviceLink, setDevices } from './identity.ts';

/** Pause between two looks at an open link, in milliseconds. */
const lookAgain = 3000;

interface OpenLink {
  link: DeviceLink;
  url: string;
  /** Seconds. */
  expiresAt: number;
  request?: DeviceDescription;
}

/** Fills the part of Settings about devices; returns what reads the list again. */
export function provideDevices(account: Account): () => Promise<void> {
  const { doorkeeper } = account;
  let open: OpenLink | undefined;

  async function refresh(): Promise<void> {
    const log = await account.readDevices();
    readOrders(log);
    setDevices(
      [...log.devices.values()]
        .filter(({ removedAt }) => removedAt === undefined)
        .map(({ did, name, addedAt }) => {
          const current = did === account.did;
          const until = current ? account.until : addedAt + delegationLifetime;
          return { did, name, added: addedAt * 1000, until: until * 1000, current };
        }),
    );
    await look();
  }

  /** Whether somebody stands at the door. */
  async function look(): Promise<void> {
    if (!open || open.request) return;
    const { link, url, expiresAt } = open;
    if (expiresAt * 1000 < Date.now()) {
      open = undefined;
      setDeviceLink({ kind: 'expired' });
      return;
    }
    try {
      const request = await doorkeeper.readRequest(link);
      if (!request) return;
      open.request = request;
      setDeviceLink({ kind: 'requested', url, expiresAt: expiresAt * 1000, name: request.name });
    } catch (error) {
      if (error instanceof RelayUnreachable) return; // asked again
      open = undefined;
      setDeviceLink({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Beside the relay's word: it may be away for a while, and a link ends by itself. */
  function watch(): void {
    const timer = setInterval(() => {
      if (open && !open.request) void look();
      else clearInterval(timer);
    }, lookAgain);
  }

  provideIdentity({
    createLink: async () => {
      const { link, expiresAt } = await doorkeeper.createLink();
      const url = `${location.origin}/enrol#${formatLink(link)}`;
      open = { link, url, expiresAt };
      setDeviceLink({ kind: 'waiting', url, expiresAt: expiresAt * 1000 });
      watch();
    },
    approveLink: async () => {
      if (!open?.request) return;
      const { link, request } = open;
      await doorkeeper.approve(link, request);
      open = undefined;
      setDeviceLink({ kind: 'approved', name: request.name });
      await refresh();
    },
    removeDevice: async (did) => {
      await doorkeeper.remove(did as DeviceDescription['did']);
      await refresh();
    },
  });
  void refresh().catch(() => undefined); // offline the list stays as it is; the relay's next word fills it
  return refresh;
}
