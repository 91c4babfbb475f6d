import { describe, expect, it } from 'vitest';
import { listFiles, readSource } from './source-files.ts';

const rules = [...readSource('shared/SPEC.md').matchAll(/\*\*([A-Z]\d+)\*\*/g)].map((match) => match[1]!);

/** The rules that titles of tests cite: `it('T3, T5: …')`, `describe('G1–G6: …')`, and the `why` of vectors. */
function citations(): { rule: string; at: string }[] {
  const tests = listFiles().filter((path) => /\.(test|spec)\.ts$/.test(path) && path !== 'test/spec.test.ts');
  const vectors = listFiles('shared').filter((path) => path.endsWith('.json'));
  const titles = tests.flatMap((path) =>
    [...readSource(path).matchAll(/\b(?:it|test|describe)(?:\.each)?[^'"`]*?\(\s*['"`]([^'"`]*)/g)].map(
      (match) => ({ path, text: match[1]! }),
    ),
  );
  const later = tests.flatMap((path) =>
    [...readSource(path).matchAll(/\)\(\s*['"`]([^'"`]*)/g)].map((match) => ({ path, text: match[1]! })),
  );
  const whys = vectors.flatMap((path) =>
    [...readSource(path).matchAll(/"(?:why|about)": "([^"]*)/g)].map((match) => ({ path, text: match[1]! })),
  );
  return [...titles, ...later, ...whys].flatMap(({ path, text }) =>
    expand(text).map((rule) => ({ rule, at: `${path}: ${text}` })),
  );
}

/** `T1–T3, T5: …` and `… (T1–T3, T5)` → T1, T2, T3, T5. */
function expand(title: string): string[] {
  const list = /(?:^(?:SPEC )?|\((?:SPEC )?)([A-Z]\d+(?:(?:–|, | and )[A-Z]\d+)*)(?=[:)]| [a-z])/g;
  const heads = [...title.matchAll(list)].map((match) => match[1]!).join(', ');
  return [...heads.matchAll(/([A-Z])(\d+)(?:–[A-Z](\d+))?/g)].flatMap(([, letter, from, to]) => {
    const numbers = Array.from({ length: Number(to ?? from) - Number(from) + 1 }, (_, i) => Number(from) + i);
    return numbers.map((number) => `${letter}${number}`);
  });
}

describe('the SPEC and its tests', () => {
  const cited = citations();

  it('has each rule once', () => {
    expect(rules.length).toBeGreaterThan(50);
    expect(rules.toSorted()).toEqual([...new Set(rules)].toSorted());
  });

  it('tests cite rules that are there', () => {
    expect(cited.filter(({ rule }) => !rules.includes(rule)).map(({ at }) => at)).toEqual([]);
  });

  it('every rule is cited by a test', () => {
    const tested = new Set(cited.map(({ rule }) => rule));
    expect(rules.filter((rule) => !tested.has(rule))).toEqual([]);
  });

  it('reads lists and ranges of rules', () => {
    expect(expand('T1–T3, T5: the vectors')).toEqual(['T1', 'T2', 'T3', 'T5']);
    expect(expand('D2: without v')).toEqual(['D2']);
    expect(expand('a device is enrolled (P2, P3)')).toEqual(['P2', 'P3']);
    expect(expand('a title of another kind')).toEqual([]);
  });
});
