import { PerformanceObserver } from 'node:perf_hooks';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { collectYoung } from '../memory.ts';
import { createSpend } from './spent-chunks.ts';

const collection = v.object({ detail: v.object({ kind: v.number() }) });
/** `NODE_PERFORMANCE_GC_MINOR`. */
const minor = 1;

describe('chunks of a body', () => {
  it('are let go after every eight mebibytes, whatever their size', () => {
    let times = 0;
    const spend = createSpend(() => void times++);
    for (let i = 0; i < 127; i++) spend(64 * 1024);
    expect(times).toBe(0);
    spend(64 * 1024);
    expect(times).toBe(1);
    spend(100 * 1024 * 1024);
    expect(times).toBe(2);
    spend(1);
    expect(times).toBe(2);
  });

  it('go by a look at what is young, and the flag that shows it stays hidden', async () => {
    const kinds: number[] = [];
    const seen = Promise.withResolvers<void>();
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) kinds.push(v.parse(collection, entry).detail.kind);
      if (kinds.filter((kind) => kind === minor).length >= 2) seen.resolve();
    });
    observer.observe({ entryTypes: ['gc'] });
    collectYoung();
    collectYoung();
    await seen.promise;
    observer.disconnect();
    expect('gc' in globalThis).toBe(false);
  });
});
