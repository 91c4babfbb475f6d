import { expect, test } from 'vitest';
import { IsletError } from '../../shared/errors.ts';
import { describeCause, toFault } from './faults.ts';

const failure = (code: string) => Object.assign(new Error(`it said ${code}`), { code });

test.each([
  ['ENOSPC', 'E-SYS-FULL', 507],
  ['EDQUOT', 'E-SYS-FULL', 507],
  ['SQLITE_FULL', 'E-SYS-FULL', 507],
  ['EIO', 'E-SYS-UNAVAIL', 503],
  ['EMFILE', 'E-SYS-UNAVAIL', 503],
  ['EROFS', 'E-SYS-UNAVAIL', 503],
  ['SQLITE_IOERR', 'E-SYS-UNAVAIL', 503],
])('%s is told as %s', (code, fault, status) => {
  const error = failure(code);
  expect(toFault(error)).toMatchObject({ code: fault, status, value: error });
});

test('refusals of our own pass as they are', () => {
  const ours = new IsletError('E-BLOB-DAMAGED', 'damaged');
  expect(toFault(ours)).toBe(ours);
  expect(toFault('a text').code).toBe('E-SYS-UNAVAIL');
});

test('a cause is told as far down as it is known', () => {
  const refused = new Error('connect ECONNREFUSED 127.0.0.1:9');
  const both = new AggregateError([refused, new Error('connect ECONNREFUSED ::1:9')]);
  expect(describeCause(new TypeError('fetch failed', { cause: both }))).toBe(refused.message);
  expect(describeCause(new Error('alone'))).toBe('alone');
  expect(describeCause('a text')).toBe('a text');
});
