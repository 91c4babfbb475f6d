import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { readKeyId } from '../../../shared/file/sealed-entry.ts';
import type { DeviceLog } from '../../../shared/device/device-log.ts';
import { createDice, seed } from '../../../shared/test/seeded.ts';
import { entriesOf, updateEntry } from '../documents/index-entries.ts';
import { deviceSuffix, readStoredKeys } from './folder-keys.ts';
import {
  adding,
  addSealed,
  addVault,
  append,
  createDevice,
  exchange,
  removing,
  sealedOf,
  type TestDevice,
  textFile,
} from './sealed-fixture.ts';

const vault = 'V'.repeat(24);
const runs = 6 * Number(process.env.ISLET_RUNS ?? 1);

/** Devices that come, go, write and hear of each other late and in parts. */
class Household {
  readonly members: TestDevice[] = [];
  readonly gone: TestDevice[] = [];
  readonly written = new Map<string, { title: string; by: TestDevice }>();
  log: DeviceLog | undefined;
  private entries = 0;
  private readonly dice: () => number;

  constructor(from: number) {
    this.dice = createDice(from);
  }

  private pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.dice() * list.length)]!;
  }

  async join(): Promise<void> {
    const device = await createDevice(() => 1_800_000_000_000 + Math.floor(this.dice() * 3));
    const by = this.members[0] ?? device;
    this.log = await append(this.log, by, adding(device), [by, device]);
    this.members.push(device);
  }

  async leave(): Promise<void> {
    if (this.members.length < 3) return;
    const [device] = this.members.splice(1 + Math.floor(this.dice() * (this.members.length - 1)), 1);
    if (!device) return;
    this.log = await append(this.log, this.members[0]!, removing(device), [this.members[0]!]);
    this.gone.push(device);
  }

  async write(): Promise<void> {
    const device = this.pick(this.members);
    const id = `E${String(++this.entries).padStart(23, '0')}`;
    const title = `title ${this.entries}`;
    // A device that nobody gave the key yet is told so, and writes nothing.
    if ((await addSealed(device, vault, id, textFile(title, 'x')).catch(() => 'no key')) === undefined)
      this.written.set(id, { title, by: device });
  }

  async rename(): Promise<void> {
    const device = this.pick(this.members);
    const mine = [...entriesOf(device.index).keys()].filter((id) => this.written.has(id));
    if (mine.length === 0) return;
    const entry = sealedOf(device, this.pick(mine));
    const { title } = await device.vaults.open(entry).catch(() => ({ title: undefined }));
    const sealed = await device.vaults.rename(entry, title ?? '').catch(() => undefined);
    if (sealed !== undefined && title !== undefined) updateEntry(device.index, entry.id, { sealed });
  }

  async step(): Promise<void> {
    const [one, other] = [this.pick(this.members), this.pick([...this.members, ...this.gone])];
    const deeds = [
      () => this.write(),
      () => this.write(),
      () => this.rename(),
      () => one.vaults.ensureKeys(),
      () => one.vaults.ensureKeys(),
      () => Promise.resolve(Y.applyUpdate(other.index, Y.encodeStateAsUpdate(one.index))),
      () => Promise.resolve(Y.applyUpdate(one.index, Y.encodeStateAsUpdate(this.pick(this.members).index))),
      () => Promise.resolve(void (one.log = this.log)),
      () => (this.dice() < 0.3 ? this.join() : this.leave()),
    ];
    await this.pick(deeds)();
  }

  /** Everybody hears everything, and does what is to be done. */
  async settle(): Promise<void> {
    for (let round = 0; round < 3; round++) {
      for (const device of this.members) {
        device.log = this.log;
        await device.vaults.ensureKeys();
      }
      exchange(...this.members);
    }
  }

  close(): void {
    for (const device of [...this.members, ...this.gone]) device.close();
  }
}

describe('many devices', () => {
  it(
    'E7, E8: whatever order things happen in, those who are in can read everything, and those who went nothing new',
    { timeout: 120_000 },
    async () => {
      for (let run = 0; run < runs; run++) {
        const house = new Household(seed + run);
        for (let device = 0; device < 4; device++) await house.join();
        await addVault(house.members[0]!, vault);
        for (let step = 0; step < 80; step++) await house.step();
        await house.settle();
        await check(house, seed + run);
        house.close();
      }
    },
  );
});

async function check({ members, gone, written }: Household, run: number): Promise<void> {
  const kids = new Set<string>();
  for (const device of members)
    for (const [id, { title, by }] of written) {
      // What a device had told nobody when it was removed is on that device alone.
      if (gone.includes(by) && !entriesOf(device.index).has(id)) continue;
      const entry = sealedOf(device, id);
      kids.add(readKeyId(entry.sealed));
      expect(await device.vaults.open(entry), `seed ${run}`).toMatchObject({ title });
    }
  expect(kids.size, `seed ${run}: one key at the end`).toBeLessThanOrEqual(1);
  const keys = readStoredKeys(members[0]!.index);
  const out = new Set(gone.map(({ keys: { did } }) => deviceSuffix(did)));
  for (const key of keys.values())
    expect(
      [...key.wraps.keys()].filter((device) => out.has(device)),
      `seed ${run}`,
    ).toEqual([]);
  // Nor did they ever see a wrap of it, whatever they were told.
  for (const { index, keys: own } of gone)
    for (const kid of kids)
      expect(readStoredKeys(index).get(kid)?.wraps.has(deviceSuffix(own.did)) ?? false, `seed ${run}`).toBe(
        false,
      );
}
