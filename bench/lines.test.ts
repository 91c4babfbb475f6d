import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { areInstalled } from './install.ts';
import { lastClock, typeEdits } from './lines/edits.ts';
import { traceToUpdates } from './lines/seeded.ts';
import { createTrace } from './trace.ts';

describe('what the servers are given', () => {
  it('typed characters are an update each, and how far it got is read from any of them or from all merged', () => {
    const doc = new Y.Doc();
    const updates = [...typeEdits(doc, 3), ...typeEdits(doc, 2)];
    expect(updates).toHaveLength(5);
    expect(updates.map((update) => lastClock(update, doc.clientID))).toEqual([1, 2, 3, 4, 5]);
    expect(lastClock(Y.mergeUpdates(updates.slice(0, 4)), doc.clientID)).toBe(4);
    expect(lastClock(updates[0]!, doc.clientID + 1)).toBe(0);
  });

  it('a trace is the same updates every time, and makes the text that the trace makes', () => {
    const trace = createTrace(4, 2_000);
    const updates = traceToUpdates(trace, 300);
    expect(updates).toHaveLength(7);
    expect(traceToUpdates(trace, 300)).toEqual(updates);
    const doc = new Y.Doc();
    for (const update of updates) Y.applyUpdate(doc, update);
    let text = '';
    for (const { at, removed, inserted } of trace)
      text = text.slice(0, at) + inserted + text.slice(at + removed);
    expect(doc.getText('text').toString()).toBe(text);
  });
});

describe('whether peers are installed', () => {
  let folder = '';
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('not when they are absent, nor when the lock file is younger', async () => {
    folder = await mkdtemp(join(tmpdir(), 'islet-install-'));
    const lock = join(folder, 'package-lock.json');
    await writeFile(lock, '{}');
    expect(await areInstalled(folder)).toBe(false);
    await mkdir(join(folder, 'node_modules'));
    await writeFile(join(folder, 'node_modules', '.package-lock.json'), '{}');
    await utimes(lock, 1_000, 1_000);
    expect(await areInstalled(folder)).toBe(true);
    await utimes(join(folder, 'node_modules', '.package-lock.json'), 999, 999);
    expect(await areInstalled(folder)).toBe(false);
  });
});
