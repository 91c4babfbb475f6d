import { createDice } from '../../shared/test/seeded.ts';
import { type FloodResult, type FloodSize, flood } from './flood.ts';
import { type RelaySetting, startRelay } from './relay-process.ts';

export interface FloodFigures extends FloodResult {
  /** The worst of what `/metrics` told meanwhile: p99 of the event loop's delay in seconds, and memory in bytes. */
  readonly loopDelay: number;
  readonly memory: number;
}

/**
 * The same attack on a relay in a process of its own, which tells how it is while it is attacked (`docs/running.md`). The wanted
 * figures for 100,000 frames and bodies are 0.1 s and 300 MB.
 * @param folder empty, becomes the data directory; `pause`: milliseconds between two looks; `program`, `environment`: of the relay, its sources
 * unless told otherwise
 */
export async function measureFlood(
  folder: string,
  size: FloodSize,
  { seed, pause = 1_000, ...how }: { seed: number; pause?: number } & Omit<RelaySetting, 'folder'>,
): Promise<FloodFigures> {
  const running = await startRelay({ folder, ...how });
  try {
    const read = async (): Promise<Pick<FloodFigures, 'loopDelay' | 'memory'>> => {
      const { text } = await running.relay.ask('/metrics', { host: `localhost:${running.port}` });
      const find = (pattern: RegExp) => Number(pattern.exec(text)?.[1]);
      return {
        loopDelay: find(/^islet_event_loop_delay_seconds\{quantile="0.99"\} (\S+)$/m),
        memory: find(/^islet_resident_memory_bytes (\S+)$/m),
      };
    };
    await running.enrol();
    // What the start took is not of the attack.
    await read();
    let [loopDelay, memory] = [0, 0];
    const attack = flood(running.relay, size, createDice(seed));
    let isOver = false;
    const over = attack.finally(() => (isOver = true));
    while (!isOver) {
      await Promise.race([over, new Promise((resolve) => setTimeout(resolve, pause))]);
      const seen = await read();
      loopDelay = Math.max(loopDelay, seen.loopDelay);
      memory = Math.max(memory, seen.memory);
    }
    const result = await attack;
    for (const socket of result.waiting) socket.destroy();
    return { ...result, loopDelay, memory };
  } finally {
    await running.kill();
  }
}
