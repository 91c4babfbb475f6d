import * as v from 'valibot';
import { parseIdTag } from '../../../shared/identity/id-tag.ts';
import { profileSchema } from '../../../shared/identity/key-set.ts';
import { routes, trustSchema } from '../../../shared/routes.ts';
import { type RelayApi, RelayUnreachable, segment } from '../relay/relay-api.ts';
import { parseOther, type Say } from './say.ts';
import { writeStanding } from './standings.ts';

const previewSchema = v.object({
  ...profileSchema.entries,
  trust: v.optional(trustSchema),
  picture: v.optional(v.object({ id: v.string(), descriptor: v.string() })),
});

/** Who somebody says they are, asked of their own relay. */
export type Preview = v.InferOutput<typeof previewSchema>;

/** How the identity stands to others. Names are id tags; all but `preview` waits while the relay is away. */
export interface Relations {
  /** @throws RelayUnreachable; IsletError when nobody answers under this name */
  preview(idTag: string): Promise<Preview>;
  follow(idTag: string): Promise<void>;
  unfollow(idTag: string): Promise<void>;
  /** Asks to be connected, with words for the other one. */
  connect(idTag: string, words?: string): Promise<void>;
  /** Agrees to be connected. */
  accept(idTag: string): Promise<void>;
  /** Says no, takes a request back, or ends a connection. */
  disconnect(idTag: string): Promise<void>;
  block(idTag: string, blocked: boolean): Promise<void>;
  mute(idTag: string, muted: boolean): Promise<void>;
  /** A changed key or device log was seen, and is accepted. */
  trust(idTag: string): Promise<void>;
}

interface RelationOptions {
  say: Say;
  api: RelayApi;
  /** Something waits for the relay. */
  onWritten: () => void;
}

export function createRelations({ say, api, onWritten }: RelationOptions): Relations {
  const { db, write } = say;

  const preview = (name: string): Promise<Preview> =>
    api.get(routes.people + segment(parseIdTag(name)), previewSchema);

  async function relate(name: string, t: string, words?: string): Promise<void> {
    await write({ t, aud: parseOther(say, name), v: 'D', ...(words && { content: words }) });
  }

  /** Offline it waits like anything else; a name that answers wrongly is told at once. */
  async function reach(name: string): Promise<void> {
    await preview(name).catch((error: unknown) => {
      if (!(error instanceof RelayUnreachable)) throw error;
    });
  }

  async function decide(name: string, standing: Parameters<typeof writeStanding>[2]): Promise<void> {
    await writeStanding(db, parseOther(say, name), standing);
    onWritten();
  }

  return {
    preview,
    follow: async (name) => {
      await reach(name);
      await relate(name, 'FLLW');
    },
    unfollow: (name) => relate(name, 'FLLW:DEL'),
    connect: async (name, words) => {
      await reach(name);
      await relate(name, 'CONN', words);
    },
    accept: (name) => relate(name, 'CONN:ACC'),
    disconnect: (name) => relate(name, 'CONN:DEL'),
    block: (name, blocked) => decide(name, { blocked }),
    mute: (name, muted) => decide(name, { muted }),
    trust: (name) => decide(name, { trust: 'accepted' }),
  };
}
