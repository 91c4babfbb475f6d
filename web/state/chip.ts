import { createStore, reconcile } from 'solid-js/store';

/** Whether the last words are really in this device's storage. */
export type DeviceSaved =
  { kind: 'saved'; at: number } | { kind: 'saving'; since: number } | { kind: 'failed'; message: string };

/** What the relay is known to hold. Times are milliseconds. */
export type RelaySync =
  | { kind: 'unclaimed' }
  /** `oldest`: when the oldest edit was made that is not known to be on the relay; `sent`: all are, by its last word. */
  | { kind: 'offline'; dirty: number; since: number; oldest?: number | undefined; sent: boolean }
  | { kind: 'reading'; rows: number; of?: number | undefined; oldest?: number | undefined }
  | { kind: 'synced'; at: number }
  | { kind: 'sending'; rows: number; oldest?: number | undefined }
  | { kind: 'attention'; message: string; code?: string; left?: readonly string[] };

/** What a person has to know or decide, besides: the panel says it in words. */
export type Notice = 'deletions' | 'evicted' | 'newer' | 'full' | 'unread';

export interface ChipInput {
  /** Undefined until a document or the index has been opened: nothing is claimed before it is known. */
  device: DeviceSaved | undefined;
  relay: RelaySync;
  notices: readonly Notice[];
}

const [chip, setChip] = createStore<ChipInput>({
  device: undefined,
  relay: { kind: 'unclaimed' },
  notices: [],
});
export { chip };

/** Shows a notice, or takes it away. */
export function setNotice(notice: Notice, on: boolean): void {
  setChip('notices', (now) => [...now.filter((one) => one !== notice), ...(on ? [notice] : [])]);
}

let ofIndex: DeviceSaved | undefined;
let ofDocument: DeviceSaved | undefined;

function tellDevice(): void {
  const device = ofDocument ?? ofIndex;
  setChip('device', device === undefined ? undefined : reconcile(device));
}

/** The device's part, from the open document; undefined when none is open any more. */
export function setDeviceSaved(device: DeviceSaved | undefined): void {
  ofDocument = device;
  tellDevice();
}

/** The device's part on pages without a document: whether the index is saved. */
export function setIndexSaved(device: DeviceSaved): void {
  ofIndex = device;
  tellDevice();
}

/** The relay's part, from sync. */
export function setRelaySync(relay: RelaySync): void {
  setChip('relay', reconcile(relay));
}

/** The words the chip may say. */
export type ChipSays = 'opening' | 'device' | 'saving' | 'sent' | 'relay' | 'attention';

/** The one state the chip shows: the weakest true claim about the last words. */
export function chipSays({ device, relay, notices }: ChipInput): ChipSays {
  if (device?.kind === 'failed' || relay.kind === 'attention' || notices.length > 0) return 'attention';
  if (device === undefined) return 'opening';
  if (device.kind === 'saving') return 'saving';
  if (relay.kind === 'offline' && relay.sent) return 'sent';
  return relay.kind === 'synced' ? 'relay' : 'device';
}
