import { retriedSchema, routes } from '../../../shared/routes.ts';
import { type RelayApi, segment } from '../relay/relay-api.ts';
import type { ActionRow } from '../store/action-rows.ts';
import { readRow } from './say.ts';
import { writeAgain, type WriteOptions } from './write.ts';

/** What can be done about an action that did not arrive. */
export interface Failures {
  /**
   * Sends again: what the relay refused is signed anew, with what was refused because of it; what a receiver refused is delivered again.
   * @throws RelayUnreachable for the latter
   */
  retry(id: string): Promise<void>;
  /** Takes a refused action, and what answers it, off this device. */
  discard(id: string): Promise<void>;
}

interface FailureOptions extends WriteOptions {
  api: RelayApi;
  onWritten: () => void;
}

export function createFailures(options: FailureOptions): Failures {
  const { db, api, onWritten } = options;

  /** The row, and the refused rows that name it by its `id`. */
  async function withAnswers(row: ActionRow): Promise<ActionRow[]> {
    const found = [row];
    for (const { id } of found) {
      const answers = [
        ...(await db.actions.where('p').equals(id).toArray()),
        ...(await db.actions.where('sub').equals(id).toArray()),
      ];
      found.push(
        ...answers.filter(({ state, id: of }) => state === 'refused' && found.every((f) => f.id !== of)),
      );
    }
    return found;
  }

  return {
    retry: async (id) => {
      const row = await readRow(db, id);
      if (row.state === 'refused') {
        for (const failed of await withAnswers(row)) await writeAgain(failed, options);
      } else if (row.actionId !== undefined) {
        await api.post(
          `${routes.actions}${segment(row.actionId)}/deliveries`,
          { retry: true },
          retriedSchema,
        );
      }
      onWritten();
    },
    discard: async (id) => {
      const row = await readRow(db, id);
      if (row.state !== 'refused') return;
      const ids = (await withAnswers(row)).map((failed) => failed.id);
      await db.transaction('rw', db.actions, db.outbox, async () => {
        await db.actions.bulkDelete(ids);
        await db.outbox.where('id').anyOf(ids).delete();
      });
    },
  };
}
