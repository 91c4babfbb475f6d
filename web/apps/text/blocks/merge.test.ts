import { sinkListItem } from 'prosemirror-schema-list';
import { EditorState } from 'prosemirror-state';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { isNewerThan } from '../../../client/documents/document-model.ts';
import { text } from '../../../client/documents/text-model.ts';
import { contentSync, raiseSchema } from '../content-sync.ts';
import { exportMarkdown, writeContent } from '../markdown/document.ts';
import { parseMarkdown } from '../markdown/parse.ts';
import { schemaVersionOf } from '../schema-version.ts';
import { schema } from '../schema.ts';
import { duplicateBlock, moveBlock } from './block-commands.ts';
import { toggleCallout } from './callouts.ts';
import { toFirstVersion } from './clean-paste.ts';
import { contentOf, copyOf, edit, exchange, sharedOf, typing } from './edit-fixture.ts';
import { raiseRaw, settleRaised } from './raise-raw.ts';
import { tableCommands } from './tables.ts';

const { nodes } = schema;
const table = '| head | b |\n|---|---|\n| cell | d |\n';

/** Changes one document on two devices apart, and brings them together. */
function apart(source: string, one: (doc: Y.Doc) => void, other: (doc: Y.Doc) => void): string {
  const here = sharedOf(source);
  const there = copyOf(here);
  one(here);
  other(there);
  exchange(here, there);
  expect(contentOf(here).toJSON()).toEqual(contentOf(there).toJSON());
  return exportMarkdown(here);
}

describe('two at once lose nothing', () => {
  test('a row here, a column and words there', () => {
    const made = apart(
      table,
      (doc) => edit(doc, 'cell', tableCommands.rowBelow, typing('X')),
      (doc) => edit(doc, 'head', tableCommands.columnAfter, typing('Y')),
    );
    for (const words of ['head', 'b', 'cell', 'd', 'X', 'Y']) expect(made).toContain(words);
    expect(made.trim().split('\n')).toHaveLength(4);
  });

  test('a table made wider here and there can be changed by both afterwards', () => {
    const here = sharedOf(table);
    const there = copyOf(here);
    edit(here, 'head', tableCommands.columnAfter);
    edit(there, 'head', tableCommands.rowBelow);
    exchange(here, there);
    edit(here, 'cell', tableCommands.rowBelow, typing('X'));
    edit(there, 'cell', tableCommands.columnBefore, typing('Y'));
    exchange(here, there);
    for (const words of ['head', 'cell', 'X', 'Y']) expect(exportMarkdown(there)).toContain(words);
    expect(exportMarkdown(here)).toBe(exportMarkdown(there));
  });

  test('an item is put under another here and written in there', () => {
    const made = apart(
      '- [ ] a\n- [ ] bee\n- [ ] c\n',
      (doc) => edit(doc, 'bee', sinkListItem(nodes.task_item)),
      (doc) => edit(doc, 'c', typing('see ')),
    );
    expect(made).toBe('- [ ] a\n  - [ ] bee\n- [ ] see c\n');
  });

  test('a callout changes its kind here and its words there', () => {
    const made = apart(
      '> [!NOTE]\n> words\n',
      (doc) => edit(doc, 'words', toggleCallout('warning')),
      (doc) => edit(doc, 'words', typing('more ')),
    );
    expect(made).toBe('> [!WARNING]\n> more words\n');
  });

  test('one block is moved here, another doubled there', () => {
    const made = apart(
      'one\n\ntwo\n\nthree\n',
      (doc) => edit(doc, 'three', moveBlock(-1)),
      (doc) => edit(doc, 'one', duplicateBlock),
    );
    for (const words of ['one', 'two', 'three']) expect(made).toContain(words);
  });
});

describe('schema versions', () => {
  const plain = '# a\n\n- [ ] b\n\n| c |\n|---|\n';
  const newer = '> [!NOTE]\n> a\n';

  test('J10: a document says the least version that knows all it holds, and never a lower one', () => {
    const inside = ['<u>a</u>', '- <mark>b</mark>', 'c <time datetime="2026-01-02">2026-01-02</time>', newer];
    expect(schemaVersionOf(parseMarkdown(plain))).toBe(1);
    for (const source of inside) expect(schemaVersionOf(parseMarkdown(source)), source).toBe(2);
    const doc = sharedOf(plain);
    const meta = doc.getMap('meta');
    expect(meta.get('schema')).toBe(1);
    raiseSchema(meta, parseMarkdown(plain));
    expect(meta.get('schema')).toBe(1);
    raiseSchema(meta, parseMarkdown(newer));
    expect(meta.get('schema')).toBe(2);
    raiseSchema(meta, parseMarkdown(plain));
    expect(meta.get('schema')).toBe(2);
    expect(isNewerThan(doc, text)).toBe(false);
    meta.set('schema', 3);
    expect(isNewerThan(doc, text)).toBe(true);
  });

  test('J10: a guest puts nothing of version 2 into a document of version 1', () => {
    const doc = sharedOf('a');
    const fragment = doc.getXmlFragment('content');
    const sync = (mayRaise: boolean) =>
      contentSync({ fragment, mapping: new Map(), mayRaise: () => mayRaise });
    const insert = (mayRaise: boolean): number => {
      const state = EditorState.create({ doc: parseMarkdown('a'), plugins: [sync(mayRaise)] });
      return state.apply(state.tr.insert(0, parseMarkdown(newer).content)).doc.childCount;
    };
    expect(insert(false)).toBe(1);
    expect(insert(true)).toBe(2);
    doc.getMap('meta').set('schema', 2);
    expect(insert(false)).toBe(2);
    const slice = toFirstVersion(
      parseMarkdown(`${newer}\nb <u>c</u> <time datetime="2026-01-02">2026-01-02</time>`).slice(0),
    );
    expect(slice.content.textBetween(0, slice.content.size, '\n')).toBe('a\nb c 2026-01-02');
    slice.content.forEach((node) => expect(schemaVersionOf(node)).toBe(1));
  });
});

describe('source that was kept before the schema knew it', () => {
  const source = '<u>old</u> words';
  const raise = (doc: Y.Doc, mayWriteNew = true) =>
    raiseRaw(doc, { parse: parseMarkdown, mayWriteNew: () => mayWriteNew });
  const kept = (...sources: string[]): Y.Doc => {
    const doc = new Y.Doc();
    const blocks = sources.map((one) => nodes.raw_block.create({ source: one }));
    writeContent(doc, nodes.doc.create(null, blocks));
    return doc;
  };
  const kinds = (doc: Y.Doc): string[] => contentOf(doc).children.map((node) => node.type.name);

  test('J11: becomes a block, and what is still unknown stays', () => {
    const doc = kept(source, '<div>x</div>', '---\nfront: matter\n---');
    raise(doc);
    expect(kinds(doc)).toEqual(['paragraph', 'raw_block', 'raw_block']);
    expect(exportMarkdown(doc)).toContain('<u>old</u> words');
    expect(doc.getMap('meta').get('schema')).toBe(2);
    const guest = kept(source);
    raise(guest, false);
    expect(kinds(guest)).toEqual(['raw_block']);
  });

  test('J11: source that counts on a definition stays with it', () => {
    const doc = kept('<u>[a]</u>', '[a]: https://x.org');
    raise(doc);
    expect(kinds(doc)).toEqual(['raw_block', 'raw_block']);
  });

  test('J11: raised on two devices apart it is there once, whoever settles it', () => {
    const here = kept(source);
    const there = copyOf(here);
    raise(here);
    raise(there);
    exchange(here, there);
    expect(kinds(here)).toEqual(['paragraph', 'paragraph']);
    settleRaised(here);
    settleRaised(there);
    exchange(here, there);
    expect(kinds(here)).toEqual(['paragraph']);
    expect(exportMarkdown(there)).toBe('<u>old</u> words\n');
    expect(Y.encodeStateVector(here)).toEqual(Y.encodeStateVector(there));
  });

  test('J11: one that was changed since is not taken away', () => {
    const here = kept(source);
    const there = copyOf(here);
    raise(here);
    raise(there);
    edit(there, ' words', typing(' and new'));
    exchange(here, there);
    settleRaised(here);
    settleRaised(there);
    exchange(here, there);
    expect(kinds(here)).toEqual(['paragraph', 'paragraph']);
    expect(exportMarkdown(here)).toContain('and new');
  });
});
