import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepPrepared } from './prepared.ts';

let sqlite: Sqlite.Database;
beforeEach(() => {
  sqlite = new Sqlite(':memory:');
  sqlite.exec(
    'create table rows (id integer primary key, word text); insert into rows (word) values (1), (2)',
  );
});
afterEach(() => void sqlite.close());

const all = 'select * from rows order by id';

describe('prepared statements', () => {
  it('one text is read once', () => {
    const { prepare } = keepPrepared(sqlite);
    expect(prepare(all)).toBe(prepare(all));
    expect(prepare('select 1 as one')).not.toBe(prepare(all));
    expect(prepare(all).all([])).toEqual([
      { id: 1, word: '1' },
      { id: 2, word: '2' },
    ]);
  });

  it('one that is being gone through is not begun again', () => {
    const { prepare } = keepPrepared(sqlite);
    const [rows] = [prepare(all).iterate([])];
    rows.next();
    expect(prepare(all).all([])).toHaveLength(2);
    expect([...rows]).toHaveLength(1);
  });

  it('sees tables that have changed since', () => {
    const { prepare } = keepPrepared(sqlite);
    expect(Object.keys(prepare(all).all([])[0] ?? {})).toEqual(['id', 'word']);
    sqlite.exec("alter table rows add column more text default 'x'");
    expect(prepare(all).all([])[0]).toEqual({ id: 1, word: '1', more: 'x' });
  });

  it('does not grow without end', () => {
    const { prepare } = keepPrepared(sqlite);
    const first = prepare(all);
    for (let i = 0; i < 400; i++) prepare(`select ${i} as number`);
    expect(prepare(all)).not.toBe(first);
  });
});
