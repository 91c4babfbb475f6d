import { expect, test } from 'vitest';
import { nameCheckSchema } from '../../../shared/api/names.ts';
import type { NameCheck } from '../../state/names.ts';
import { reachWords, recordWords, tlsWords } from './words.ts';

const { hosts, tls, reach } = nameCheckSchema.entries;
const states = {
  record: hosts.item.entries.state.options,
  tls: tls.entries.state.options,
  reach: reach.entries.state.options,
};
const host = { host: 'cl-o.ana.example', required: true, records: [], found: ['10.0.0.1'] };
const check = (change: Partial<NameCheck>) =>
  ({
    ...{ idTag: 'ana.example', ok: false, hosts: [{ ...host, state: 'ok' }] },
    ...{ tls: { state: 'ok' }, reach: { state: 'ok' } },
    ...change,
  }) as NameCheck;

test('N17: every state has words of its own, with what was found', () => {
  const words = [
    ...states.record.map((state) => recordWords({ ...host, state })),
    ...states.tls.map((state) => tlsWords(check({ tls: { state } }))),
    ...states.reach.map((state) => reachWords(check({ reach: { state } }))),
  ];
  expect(new Set(words).size).toBe(words.length);
  expect(words.filter((text) => text.includes('{{') || text.trim() === '')).toEqual([]);
  expect(recordWords({ ...host, state: 'private' })).toContain('10.0.0.1');
  expect(tlsWords(check({ tls: { state: 'wrong-name' } }))).toContain('cl-o.ana.example');
});

test('N17: no record is told from no answer', () => {
  expect(recordWords({ ...host, state: 'none' })).toContain('no such record');
  expect(recordWords({ ...host, state: 'unanswered' })).toContain('do not answer');
});
