import { expect, test } from 'vitest';
import { de } from './de.ts';
import { en } from './en.ts';

test('the words about copied keys are there in both languages, with the same values in them', () => {
  expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort());
  const values = (text: string) => (text.match(/{{\w+}}/g) ?? []).sort();
  for (const [key, text] of Object.entries(en))
    expect(values(de[key as keyof typeof de])).toEqual(values(text));
});
