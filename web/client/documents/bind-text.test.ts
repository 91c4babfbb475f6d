import fc from 'fast-check';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { holds } from '../../../shared/test/seeded.ts';
import { type TextField, bindText, writeText } from './bind-text.ts';

class Field extends EventTarget implements Pick<TextField, 'value' | 'selectionStart' | 'selectionEnd'> {
  value = '';
  selectionStart = 0;
  selectionEnd = 0;
  setSelectionRange(start: number, end: number): void {
    this.selectionStart = start;
    this.selectionEnd = end;
  }
}

it('sets a text by the piece that differs, in whole characters', async () => {
  await holds(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 9 }),
      fc.string({ unit: 'grapheme', maxLength: 9 }),
      (a, b) => {
        const doc = new Y.Doc();
        const text = doc.getText('t');
        text.insert(0, a);
        doc.transact(() => writeText(text, b));
        expect(text.toString()).toBe(b);
      },
    ),
    { runs: 100 },
  );
  const doc = new Y.Doc();
  const text = doc.getText('t');
  text.insert(0, '🎈🎉');
  doc.transact(() => writeText(text, '🎈🎊'));
  expect(text.toString()).toBe('🎈🎊');
});

it('keeps the caret among its words while somebody else writes before and after them', () => {
  const text = new Y.Doc().getText('t');
  text.insert(0, 'one two three');
  const field = new Field();
  const end = bindText(field, text, 'mine');
  field.setSelectionRange(4, 7);
  text.insert(0, 'zero ');
  text.insert(text.length, ' four');
  expect([field.value, field.selectionStart, field.selectionEnd]).toEqual(['zero one two three four', 9, 12]);
  text.delete(0, 5);
  expect([field.selectionStart, field.selectionEnd]).toEqual([4, 7]);
  text.delete(2, 5);
  expect([field.value, field.selectionStart, field.selectionEnd]).toEqual(['on three four', 2, 2]);
  field.value = 'on three five';
  field.dispatchEvent(new Event('input'));
  expect(text.toString()).toBe('on three five');
  end();
  text.insert(0, 'not shown ');
  expect(field.value).toBe('on three five');
});
