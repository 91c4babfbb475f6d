import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bytes } from '../bytes.ts';
import { holds } from '../test/seeded.ts';
import { codeOf } from '../test/vectors.ts';
import { importEntryKey, openEntry, readKeyId, sealEntry, type SealedContent } from './sealed-entry.ts';

const kid = 'k'.repeat(22);
const id = 'e'.repeat(24);
const random = (n: number): Bytes => crypto.getRandomValues(new Uint8Array(n));
const folderKey = new Uint8Array(32).fill(3);
const blob = 'b1~47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU';

const film: SealedContent = {
  title: 'Canary – Geburt.webm',
  mime: 'video/webm',
  size: 12,
  variants: [
    {
      ...{ name: 'vid.orig', blob, key: 'A'.repeat(43), format: 'webm' },
      ...{ size: 12, width: 640, height: 360, duration: 1.5 },
    },
  ],
};

async function seal(content: SealedContent): Promise<string> {
  return sealEntry(content, { id, kid, key: await importEntryKey(folderKey), random });
}

describe('E5: sealed entries', () => {
  it('E5: names, types and keys come back, and are nowhere in the text', async () => {
    const sealed = await seal(film);
    expect(readKeyId(sealed)).toBe(kid);
    expect(await openEntry(sealed, { id, key: await importEntryKey(folderKey) })).toEqual(film);
    expect(Buffer.from(sealed.slice(23), 'base64url').toString('latin1')).not.toContain('Canary');
  });

  it('E5: the length of a name is not to be seen', () =>
    holds(
      fc.asyncProperty(fc.string({ maxLength: 60 }), async (title) => {
        const text = await seal({ title, variants: [] });
        const bytes = Buffer.from(text.slice(23), 'base64url').length - 12 - 16;
        expect(bytes % 256).toBe(0);
      }),
      { runs: 20 },
    ));

  it('E5: it opens for its own entry, under its own key, and whole', async () => {
    const sealed = await seal(film);
    const key = await importEntryKey(folderKey);
    const other = await importEntryKey(new Uint8Array(32).fill(4));
    expect(await codeOf(() => openEntry(sealed, { id: 'f'.repeat(24), key }))).toBe('E-SEALED-DAMAGED');
    expect(await codeOf(() => openEntry(sealed, { id, key: other }))).toBe('E-SEALED-DAMAGED');
    const renamed = `${'l'.repeat(22)}${sealed.slice(22)}`;
    expect(await codeOf(() => openEntry(renamed, { id, key }))).toBe('E-SEALED-DAMAGED');
    const cut = sealed.slice(0, -8);
    expect(await codeOf(() => openEntry(cut, { id, key }))).toBe('E-SEALED-DAMAGED');
  });

  it.each(['', 'x', `${kid}.`, `${kid}.AAAA`, `${kid.slice(1)}.AAAA`, `${kid}.${'A'.repeat(70_000)}`])(
    'E5: %#. is no sealed entry',
    async (text) => {
      const key = await importEntryKey(folderKey);
      expect(await codeOf(() => openEntry(text, { id, key }))).toBe('E-SEALED-FORMAT');
    },
  );
});
