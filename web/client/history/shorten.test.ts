import { describe, expect, test } from 'vitest';
import type { Change, PastNode, PastText } from './past-view.ts';
import { shortenPast } from './shorten.ts';

const plain = { step: undefined, marks: [], attrs: {} };
const words = (text: string, change: Change): PastText => ({ ...plain, kind: 'text', text, change });
const node = (name: string, children: (PastNode | PastText)[], change: Change = 'same'): PastNode => ({
  ...plain,
  ...{ kind: 'node', name, change, children },
});

/** A root with cards, each with words; `changed` says which are new. */
function cards(count: number, changed: (index: number) => boolean = () => false): PastNode[] {
  const all = Array.from({ length: count }, (_, index) => {
    const change = changed(index) ? 'added' : 'same';
    return node(`c${index}`, [words(`words ${index}`, change)], change);
  });
  return [node('cards', all)];
}

function pieces(nodes: readonly (PastNode | PastText)[]): (PastNode | PastText)[] {
  return nodes.flatMap((one) => [one, ...(one.kind === 'node' ? pieces(one.children) : [])]);
}

const textsIn = (nodes: readonly PastNode[]): string[] =>
  pieces(nodes).flatMap((one) => (one.kind === 'text' ? one.text : []));

describe('a long moment of a history', () => {
  test('is drawn as it is while it is short', () => {
    const nodes = cards(10);
    expect(shortenPast(nodes, 21)).toEqual({ nodes, left: 0 });
  });

  test('is so many pieces however long the document is, and says how many are left out', () => {
    const { nodes, left } = shortenPast(cards(5000), 1000);
    const drawn = pieces(nodes).length;
    expect(drawn).toBeGreaterThanOrEqual(1000);
    expect(drawn).toBeLessThanOrEqual(1002);
    expect(drawn + left).toBe(10_001);
    expect(textsIn(nodes).slice(0, 2)).toEqual(['words 0', 'words 1']);
  });

  test('has what changed wherever it stands, with what is around it, and in its order', () => {
    const texts = textsIn(
      shortenPast(
        cards(5000, (index) => index === 4000),
        1000,
      ).nodes,
    );
    expect(texts).toContain('words 4000');
    expect(texts).toContain('words 3997');
    expect(texts).toContain('words 4003');
    expect(texts[0]).toBe('words 0');
    const numbers = texts.map((text) => Number(text.slice(6)));
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  });

  test('is as short when all of it changed', () => {
    expect(
      pieces(
        shortenPast(
          cards(5000, () => true),
          1000,
        ).nodes,
      ).length,
    ).toBeLessThanOrEqual(1002);
  });
});
