import { expect, test } from 'vitest';
import { routes } from '../../shared/routes.ts';
import { createDice } from '../../shared/test/seeded.ts';
import { counted } from '../../shared/test/counted.ts';
import { TestDevice } from './device.ts';
import { flood } from './flood.ts';
import { createNetwork } from './network.ts';
import { patience, sized } from './sizes.ts';

test(
  'H5: under hostile frames and bodies and slow connections others are answered, and nothing of it is stored',
  { timeout: patience },
  async () => {
    const network = await createNetwork('alice.test');
    const alice = await TestDevice.enrolFirst(network, network.relays[0]);
    const device = await alice.sync();
    await device.next('welcome');
    const size = {
      frames: sized(2_000, 100_000),
      sockets: 8,
      bodies: sized(100, 100_000),
      atOnce: 8,
      slow: 12,
    };
    const attack = flood(alice.relay, size, createDice());
    let isOver = false;
    void attack.finally(() => (isOver = true));
    let answered = 0;
    do {
      expect((await alice.relay.ask('/healthz')).status).toBe(200);
      answered++;
    } while (!isOver);
    const { closes, statuses, waiting } = await attack;
    expect(answered).toBeGreaterThan(2);
    // 4400: no frame; 4401: it did not say who it is; 1006: cut off, or given up by the attacker; 1008, 1009: too many or too much.
    const known = [1005, 1006, 1008, 1009, 4400, 4401];
    expect([...closes.keys()].filter((code) => !known.includes(code))).toEqual([]);
    expect([...statuses.keys()].filter((status) => ![400, 401, 413].includes(status))).toEqual([]);
    expect(await alice.items()).toEqual([]);
    expect((await alice.relay.ask(routes.me)).status).toBe(200);
    expect(device.closed).toBeUndefined();
    counted('hostile frames', size.frames);
    counted('hostile bodies', size.bodies);
    for (const socket of waiting) socket.destroy();
    device.close();
    await network.close();
  },
);
