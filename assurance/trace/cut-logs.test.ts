import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestDevice } from '../../relay/test/device.ts';
import { startRelay } from '../../relay/test/relay-process.ts';
import { patience, sized } from '../../relay/test/sizes.ts';
import { decodeBatch } from '../../relay/socket/log.ts';
import { openStore } from '../../relay/store/database.ts';
import { counted } from '../../shared/test/counted.ts';
import { createDice } from '../../shared/test/seeded.ts';
import { claimsOf, createDraftActor, createNeighbour, hashOf, hashOfClaims } from '../kill/actors.ts';
import { type Item, judge, type Line } from '../kill/auditor.ts';
import { lookAtAll } from '../kill/looks.ts';
import { openNeighbour, roomy } from '../kill/neighbour.ts';
import { RowActor } from '../kill/row-actor.ts';

/** Of a log of the database: its header, and what stands before each page of a frame. */
const headerBytes = 32;
const frameBytes = 24 + 4096;
const steps = sized(8, 60);
/** Logs that are cut, and of them those that a whole relay opens. */
const cuts = sized(40, 3000);
const whole = sized(1, 40);

let folder: string;
/** The data of a relay that was stopped by a cut of the power, as far as the disk goes. */
let base: string;
let device: TestDevice;
let port: number;
/** What was said in which order; `at` is not a time here, but how long the log was. */
const lines: Line[] = [];
const dice = createDice();
const logOf = (data: string) => join(data, 'private', 'islet.db-wal');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'islet-cuts-'));
  const live = join(folder, 'live');
  base = join(folder, 'base');
  const environment = { ...roomy, ISLET_NEIGHBOURS_DIR: folder };
  const relay = await startRelay({ folder: live, environment });
  try {
    device = await relay.enrol();
    port = relay.port;
    const neighbour = await openNeighbour(folder, device);
    const journal = {
      say: (said: object) => void lines.push({ at: statSync(logOf(live)).size, ...said } as Line),
    };
    const parts = { device, journal, dice };
    const actors = [new RowActor(parts), createDraftActor(parts), createNeighbour(parts, neighbour)];
    for (let step = 0; step < steps; step++) {
      for (const actor of actors) {
        await actor.step(true);
        // One after the other, so that it is known what was answered when the log was how long.
        while (actor.open() > 0) await actor.step(false);
      }
    }
    for (const actor of actors) actor.close();
    await neighbour.close();
    // The log was not begun anew meanwhile.
    expect(lines.map(({ at }) => at)).toEqual(lines.map(({ at }) => at).toSorted((a, b) => a - b));
  } finally {
    await relay.kill();
  }
  await cp(live, base, { recursive: true });
}, patience);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The data with less of the log; `torn`: what was to be written last is there as anything. */
function cut(name: string, end: number, torn: boolean): string {
  const data = join(folder, name);
  mkdirSync(join(data, 'private'), { recursive: true });
  copyFileSync(join(base, 'private', 'islet.db'), join(data, 'private', 'islet.db'));
  const log = readFileSync(logOf(base));
  const rest = torn ? randomBytes(Math.min(frameBytes, log.length - end)) : Buffer.alloc(0);
  writeFileSync(logOf(data), Buffer.concat([log.subarray(0, end), rest]));
  return data;
}

/** What was said by the time the log had this length, with what is there now. */
function judgeCut(end: number, seen: Readonly<Record<string, readonly Item[]>>): readonly string[] {
  const said = lines.filter((line) => line.say === 'intend' || line.at <= end);
  const intended = said.map((line) => (line.say === 'intend' ? { ...line, at: 0 } : line));
  const looks = Object.entries(seen).flatMap(([store, items]): Line[] => [
    { at: end, say: 'look', store, look: store },
    { at: end, say: 'seen', store, look: store, items },
  ]);
  return judge([...intended, ...looks]).failures;
}

/** What the database holds, and whether it is sound. */
async function readStore(data: string): Promise<Record<string, Item[]>> {
  const { db, close } = await openStore(join(data, 'private'), Date.now);
  try {
    const sound = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(db);
    expect(sound.rows).toEqual([{ integrity_check: 'ok' }]);
    const stored = await db.selectFrom('sync_batches').select('batch').orderBy('seq').execute();
    const batches = stored.map(({ batch }) => decodeBatch(batch));
    const actions = await db.selectFrom('actions').select(['token', 'action_id']).orderBy('seq').execute();
    return {
      rows: batches.flatMap(({ session, first, rows }) =>
        rows.map(({ update }, n) => ({ id: `${session}/${first + n}`, hash: hashOf(update) })),
      ),
      actions: actions
        .map(({ token, action_id }) => ({ token, effect: action_id, ...claimsOf(token) }))
        .filter(({ t }) => t === 'POST')
        .map(({ token, effect, _: id }) => ({ id, hash: hashOfClaims(token), effect })),
    };
  } finally {
    await close();
  }
}

/** At the end of each frame, and anywhere else. */
function chooseEnds(): number[] {
  const { size } = statSync(logOf(base));
  // What was there before anybody was enrolled is of no interest.
  const from = lines[0]!.at;
  const frames = Math.floor((size - headerBytes) / frameBytes);
  const bounds = Array.from({ length: frames + 1 }, (_, i) => headerBytes + i * frameBytes).filter(
    (end) => end >= from,
  );
  const some = bounds.filter(() => dice() < cuts / 2 / bounds.length);
  const anywhere = Array.from(
    { length: cuts - some.length },
    () => from + Math.floor(dice() * (size - from)),
  );
  return [...some, ...anywhere, size];
}

describe('S10, D6, R4: a log of the database that was cut', () => {
  test(
    'at any byte, clean or torn: it opens, is sound, and has all that was answered by then and nothing else',
    async () => {
      let short = 0;
      const ends = chooseEnds();
      for (const [i, end] of ends.entries()) {
        const data = cut(`cut-${i}`, end, dice() < 0.3);
        const seen = await readStore(data);
        expect(judgeCut(end, seen), `the log ends at ${end}`).toEqual([]);
        if (seen.rows!.length + seen.actions!.length < lines.filter(({ say }) => say === 'intend').length)
          short++;
        rmSync(data, { recursive: true });
      }
      expect(short).toBeGreaterThan(0);
      expect(lines.filter(({ say }) => say === 'ack').length).toBeGreaterThan(2 * steps);
      counted('cut logs', ends.length);
    },
    patience,
  );

  test(
    'a whole relay starts with it, and shows the same',
    async () => {
      const { size } = statSync(logOf(base));
      for (let i = 0; i < whole; i++) {
        const end = lines[0]!.at + Math.floor(dice() * (size - lines[0]!.at));
        const data = join(folder, `whole-${i}`);
        await cp(base, data, { recursive: true });
        writeFileSync(logOf(data), readFileSync(logOf(base)).subarray(0, end));
        const relay = await startRelay({
          folder: data,
          port,
          environment: { ...roomy, ISLET_NEIGHBOURS_DIR: folder },
        });
        try {
          const seen: Record<string, readonly Item[]> = {};
          const note = (said: { say: string }) => {
            const line = said as Line;
            if (line.say === 'seen') seen[line.store] = line.items;
          };
          await lookAtAll(device, { say: note }, []);
          expect(judgeCut(end, seen), `the log ends at ${end}`).toEqual([]);
        } finally {
          await relay.kill();
          rmSync(data, { recursive: true });
        }
      }
      counted('relays that start with a cut log', whole);
    },
    patience,
  );
});
