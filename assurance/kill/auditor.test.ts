import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Item, judge, type Line, readLogs } from './auditor.ts';
import { openJournal } from './journal.ts';

const intend = (at: number, id: string, n: number, hash = `#${id}`): Line => ({
  ...{ at, say: 'intend', store: 'rows', thread: 't', n, id, hash },
});
const ack = (at: number, id: string, effect?: string): Line => ({
  ...{ at, say: 'ack', store: 'rows', id },
  ...(effect !== undefined && { effect }),
});
const item = (id: string, effect?: string): Item => ({
  ...{ id, hash: `#${id}` },
  ...(effect !== undefined && { effect }),
});
const look = (at: number, ...items: Item[]): Line[] => [
  { at, say: 'look', store: 'rows', look: `look ${at}` },
  { at: at + 1, say: 'seen', store: 'rows', look: `look ${at}`, items },
];
const [a, b, c] = [intend(0, 'a', 0), intend(1, 'b', 1), intend(2, 'c', 2)];
const failuresOf = (...lines: Line[]) => judge(lines).failures;

test('the auditor knows nothing of the product', () => {
  const source = readFileSync(new URL('auditor.ts', import.meta.url), 'utf8');
  const imports = [...source.matchAll(/from '([^']+)'/g)].map(([, from]) => from);
  expect(imports.every((from) => from!.startsWith('node:'))).toBe(true);
  expect(imports.length).toBeGreaterThan(0);
});

describe('what holds', () => {
  test('what was acknowledged is there; what was not may be there or not', () => {
    expect(judge([a, b, c, ack(3, 'a'), ...look(10, item('a'), item('b')), ack(20, 'b')])).toMatchObject({
      failures: ['nobody looked at rows after the last acknowledgement'],
    });
    const lines = [
      a,
      b,
      c,
      ack(3, 'a'),
      ...look(10, item('a'), item('b')),
      ...look(30, item('a'), item('b')),
    ];
    expect(judge(lines)).toEqual({ failures: [], intended: 3, acked: 1, looks: 2 });
  });

  test('the same acknowledged again, with the same effect', () => {
    expect(failuresOf(a, ack(3, 'a', 'x'), ack(4, 'a', 'x'), ...look(10, item('a', 'x')))).toEqual([]);
  });

  test('what is acknowledged while somebody looks may be missing there', () => {
    const [began, seen] = look(10);
    expect(failuresOf(a, began!, ack(10.5, 'a'), seen!, ...look(20, item('a')))).toEqual([]);
  });
});

describe('what is noticed', () => {
  test.each<[string, RegExp, Line[]]>([
    ['a lost acknowledgement', /a was acknowledged and is lost/, [a, ack(3, 'a'), ...look(10)]],
    [
      'one that is lost later',
      /look 20: rows a was acknowledged and is lost/,
      [a, ack(3, 'a'), ...look(10, item('a')), ...look(20)],
    ],
    [
      'a doubled effect',
      /a is there twice/,
      [a, b, ack(3, 'a'), ...look(10, item('a'), item('b'), item('a'))],
    ],
    ['two effects by turns', /a has two effects/, [a, ack(3, 'a', 'x'), ...look(10, item('a', 'y'))]],
    [
      'two answers to one question',
      /a has two effects/,
      [a, ack(3, 'a', 'x'), ack(4, 'a', 'y'), ...look(9, item('a'))],
    ],
    [
      'one effect of two',
      /have the same effect/,
      [a, b, ack(3, 'a', 'x'), ack(4, 'b', 'x'), ...look(10, item('a'), item('b'))],
    ],
    ['an invented effect', /z is there and nobody intended it/, [a, ...look(10, item('a'), item('z'))]],
    ['an effect before its cause', /b is there and nobody/, [a, intend(50, 'b', 1), ...look(10, item('b'))]],
    ['changed bytes', /a has other bytes/, [intend(0, 'a', 0, '#other'), ...look(10, item('a'))]],
    ['swapped order', /b is 1 of its thread/, [a, b, ack(3, 'a'), ...look(10, item('b'), item('a'))]],
    ['a gap', /c is 2 of its thread, behind 0/, [a, b, c, ...look(10, item('a'), item('c'))]],
    [
      'a reading that goes back',
      /b was seen before and is gone/,
      [a, b, ack(3, 'a'), ...look(10, item('a'), item('b')), ...look(20, item('a'))],
    ],
    ['an answer to nobody', /z was acknowledged and nobody had intended it/, [a, ack(3, 'z'), ...look(10)]],
    ['that nobody looked', /nobody looked at rows/, [a, ack(3, 'a')]],
    ['an end without a beginning', /has not begun/, [a, look(10)[1]!]],
    ['one name for two things', /intended with other bytes/, [a, intend(5, 'a', 0, '#b'), ...look(10)]],
  ])('%s', (_what, expected, lines) => {
    expect(failuresOf(...lines).join('\n')).toMatch(expected);
    // The order in which logs are read does not count.
    expect(failuresOf(...lines.toReversed()).toSorted()).toEqual(failuresOf(...lines).toSorted());
  });
});

test('the logs of all actors are read; a line that is none is not passed over', () => {
  const folder = mkdtempSync(join(tmpdir(), 'islet-audit-'));
  try {
    const heard: string[] = [];
    const one = openJournal(folder, 'one', ({ say }) => heard.push(say));
    const other = openJournal(folder, 'other', ({ say }) => heard.push(say));
    one.say({ say: 'intend', store: 'rows', thread: 't', n: 0, id: 'a', hash: '#a' });
    one.say({ say: 'ack', store: 'rows', id: 'a' });
    other.say({ say: 'look', store: 'rows', look: 'first' });
    other.say({ say: 'seen', store: 'rows', look: 'first', items: [{ id: 'a', hash: '#a' }] });
    expect(heard).toEqual(['intend', 'ack', 'look', 'seen']);
    expect(judge(readLogs(folder))).toEqual({ failures: [], intended: 1, acked: 1, looks: 1 });
    for (const bad of ['{"at":1,"say":"ack","store":"rows"}', '{"at":1,"say":"hm"}', '{"at":1']) {
      writeFileSync(join(folder, 'bad.jsonl'), `${bad}\n`);
      expect(() => readLogs(folder)).toThrow();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
