import type { Random } from '../../../shared/bytes.ts';
import type { KeyStore } from '../device/key-store.ts';
import type { RelayApi } from '../relay/relay-api.ts';
import type { Database } from '../store/database.ts';
import { type Conversations, createConversations } from './conversations.ts';
import { createFailures, type Failures } from './failures.ts';
import { flushOutbox, nextHold } from './flush.ts';
import { createPosts, type Posts } from './posts.ts';
import { readVerdict, type Verdict } from './proof.ts';
import { pullActions, pullPeople } from './pull.ts';
import { refillRelay } from '../restore/refill.ts';
import { createRelations, type Relations } from './relations.ts';
import { readRow, type Say } from './say.ts';
import { createShares, type Shares } from './shares.ts';
import { flushStandings } from './standings.ts';
import { type Author, writeAction } from './write.ts';

/** What a person can say, with or without a network. Rejections carry a message for people. */
export interface Actions extends Posts, Relations, Shares, Failures {
  readonly conversations: Conversations;
  readVerdict(id: string): Promise<Verdict>;
  /** Sends what waits and reads what is new. @throws RelayUnreachable */
  exchange(): Promise<void>;
}

interface ActionsOptions {
  db: Database;
  api: RelayApi;
  author: Author;
  store: KeyStore;
  now: () => number;
  random: Random;
  /** Something waits for the relay. */
  onWritten: () => void;
}

export function createActions(options: ActionsOptions): Actions {
  const { db, api, author, store, now, random, onWritten } = options;
  const { idTag } = author.membership;
  const say: Say = {
    ...{ db, idTag },
    write: async (action) => {
      const id = await writeAction(action, { db, author, now, random });
      if (action.hold === undefined) onWritten();
      return id;
    },
  };
  const later = (ms: number): void => void setTimeout(onWritten, ms + 100);

  return {
    ...createPosts(say, later, now),
    ...createRelations({ say, api, onWritten }),
    ...createShares(say),
    ...createFailures({ db, author, now, random, api, onWritten }),
    conversations: createConversations(say),
    readVerdict: async (id) => readVerdict(await readRow(db, id), api, idTag),
    exchange: async () => {
      const membership = (await store.membership()) ?? author.membership;
      await refillRelay({ db, api, idTag, now });
      try {
        await flushOutbox({ db, api, author: { ...author, membership }, store, now }).finally(() =>
          flushStandings(db, api),
        );
        // What an earlier page held back has nobody else who waits for it.
        const hold = await nextHold(db, now());
        if (hold !== undefined) later(hold);
      } finally {
        await pullActions({ db, api, idTag });
        await pullPeople(db, api);
      }
    },
  };
}
