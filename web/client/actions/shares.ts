import { parseOther, type Say } from './say.ts';

/** What the other one may do with a document. */
export type ShareLevel = 'read' | 'comment' | 'write';

export interface SharedDocument {
  /** 24 characters. */
  id: string;
  title: string;
  /** `islet/text` when absent. */
  contentType?: string;
}

/** Documents shared with people (SPEC R9). */
export interface Shares {
  /** Shares, or changes what they may do. */
  share(document: SharedDocument, idTag: string, level: ShareLevel): Promise<void>;
  revoke(document: SharedDocument, idTag: string): Promise<void>;
}

const types: Record<ShareLevel, string> = { read: 'FSHR', comment: 'FSHR:COMMENT', write: 'FSHR:WRITE' };

export function createShares(say: Say): Shares {
  async function tell(t: string, { id, title, contentType = 'islet/text' }: SharedDocument, name: string) {
    // A name is required, and of at most 255 characters.
    const content = { contentType, fileName: title.trim().slice(0, 255) || '–', fileTp: 'CRDT' };
    await say.write({ t, sub: id, aud: parseOther(say, name), v: 'D', content });
  }
  return {
    share: (document, name, level) => tell(types[level], document, name),
    revoke: (document, name) => tell('FSHR:DEL', document, name),
  };
}
