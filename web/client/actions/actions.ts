import type { Random } from '../../../shared/bytes.ts';
import { parseIdTag } from '../../../shared/identity/id-tag.ts';
import { profileSchema } from '../../../shared/identity/key-set.ts';
import { routes } from '../../../shared/routes.ts';
import type { KeyStore } from '../device/key-store.ts';
import { type RelayApi, RelayUnreachable, segment } from '../relay/relay-api.ts';
import type { ActionRow } from '../store/action-rows.ts';
import type { Database } from '../store/database.ts';
import { flushOutbox } from './flush.ts';
import { storePicture } from './picture.ts';
import { readVerdict, type Verdict } from './proof.ts';
import { pullActions, pullPeople } from './pull.ts';
import { type Author, type NewAction, writeAction } from './write.ts';

/** What a person can say, with or without a network. */
export interface Actions {
  post(text: string, picture?: File): Promise<void>;
  /** `id` is of the row that is commented on or liked. */
  comment(id: string, text: string): Promise<void>;
  setLike(id: string, liked: boolean): Promise<void>;
  follow(idTag: string): Promise<void>;
  unfollow(idTag: string): Promise<void>;
  /** Puts a refused action into the outbox again. */
  retry(id: string): Promise<void>;
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
  /** Something waits in the outbox. */
  onWritten: () => void;
}

export function createActions({ db, api, author, store, now, random, onWritten }: ActionsOptions): Actions {
  const { idTag } = author.membership;

  async function write(action: NewAction): Promise<void> {
    await writeAction(action, { db, author, now, random });
    onWritten();
  }

  async function readRow(id: string): Promise<ActionRow> {
    const row = await db.actions.get(id);
    if (!row) throw new Error('This is not on this device any more.');
    return row;
  }

  /** The owner of what is answered; one's own content needs none (SPEC R1). */
  function ownerOf(row: ActionRow): Pick<NewAction, 'aud'> {
    const owner = row.aud ?? row.iss;
    return owner === idTag ? {} : { aud: parseIdTag(owner) };
  }

  async function relate(name: string, t: 'FLLW' | 'FLLW:DEL'): Promise<void> {
    const aud = parseIdTag(name);
    if (aud === idTag) throw new Error('That is your own name.');
    await write({ t, aud, v: 'D' });
  }

  return {
    post: async (text, picture) => {
      const uploads = picture ? [await storePicture(db, picture)] : [];
      await write({ t: picture ? 'POST:IMG' : 'POST', text, v: 'F', uploads });
    },
    comment: async (id, text) =>
      write({ t: 'CMNT', text, about: id, aboutAs: 'p', v: 'F', ...ownerOf(await readRow(id)) }),
    setLike: async (id, liked) =>
      write({
        t: liked ? 'REACT:LIKE' : 'REACT:DEL',
        about: id,
        aboutAs: 'sub',
        v: 'F',
        ...ownerOf(await readRow(id)),
      }),
    follow: async (name) => {
      await api.get(routes.people + segment(parseIdTag(name)), profileSchema).catch((error: unknown) => {
        // Offline the follow waits like anything else; a name that answers wrongly is told at once.
        if (error instanceof RelayUnreachable) return;
        throw error;
      });
      await relate(name, 'FLLW');
    },
    unfollow: (name) => relate(name, 'FLLW:DEL'),
    retry: async (id) => {
      const { text, t, about, aud, uploads } = await readRow(id);
      await write({
        t,
        v: t.startsWith('FLLW') ? 'D' : 'F',
        ...(text === '' ? {} : { text }),
        ...(uploads === undefined ? {} : { uploads }),
        ...(about === undefined ? {} : { about, aboutAs: t.startsWith('REACT') ? 'sub' : 'p' }),
        ...(aud === undefined ? {} : { aud: parseIdTag(aud) }),
      });
      await db.actions.delete(id);
    },
    readVerdict: async (id) => readVerdict(await readRow(id), api, idTag),
    exchange: async () => {
      const membership = (await store.membership()) ?? author.membership;
      try {
        await flushOutbox({ db, api, author: { ...author, membership }, store, now });
      } finally {
        await pullActions({ db, api, idTag });
        await pullPeople(db, api);
      }
    },
  };
}
