import { describe, expect, test } from 'vitest';
import { hashText } from '../../shared/bytes.ts';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import { createRowChecks } from './check-rows.ts';

const idTag = parseIdTag('alice.test');
const checks = () =>
  createRowChecks(
    { format: 'islet-archive', v: 1, idTag, name: 'alice', madeAt: 0, schema: '', k: '1', keys: [] },
    [],
  );
const action = async (seq: number) => {
  const token = 'token';
  return { id_tag: idTag, seq, token, action_id: `a1~${await hashText(token)}` };
};

describe('W10: rows of an archive', () => {
  test('W10: no action brings the count of all identities of a relay to its end', async () => {
    await expect(checks().row('actions', await action(12))).resolves.toBeUndefined();
    for (const seq of [Number.MAX_SAFE_INTEGER, 1e12 + 1, 0, -1])
      await expect(checks().row('actions', await action(seq))).rejects.toThrow(/number/);
  });

  test('W10: no row is of somebody else', async () => {
    const row = { ...(await action(1)), id_tag: 'bob.test' };
    await expect(checks().row('actions', row)).rejects.toThrow(/somebody else/);
  });
});
