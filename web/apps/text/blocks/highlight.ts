import type { Node } from 'prosemirror-model';
import { Plugin, PluginKey, type Transaction } from 'prosemirror-state';
import { Decoration, DecorationSet, type EditorView } from 'prosemirror-view';
import { schema } from '../schema.ts';

/** Longest code that gets colours, in characters. */
const LONGEST = 40_000;

/** A piece of code that looks alike; places are counted from the start of the code. */
export interface Piece {
  from: number;
  to: number;
  classes: string;
}

/** Cuts code of a language into pieces; nothing for a language it does not know. */
export type Highlighter = (language: string, code: string) => readonly Piece[];

interface Highlights {
  highlighter: Highlighter | undefined;
  decorations: DecorationSet;
}

const key = new PluginKey<Highlights>('code-highlight');

/** The language that a code block names. */
export function languageOf(block: Node): string {
  return /^\S*/.exec(String(block.attrs['params']))?.[0].toLowerCase() ?? '';
}

/**
 * Colours in code. The grammars are fetched when a document has code of a named language; they change nothing but how it
 * looks.
 */
export function codeHighlight(onError: (error: unknown) => void): Plugin {
  return new Plugin<Highlights>({
    key,
    state: {
      init: () => ({ highlighter: undefined, decorations: DecorationSet.empty }),
      apply: (tr, before) => applyTo(before, tr),
    },
    props: { decorations: (state) => key.getState(state)?.decorations },
    view(view) {
      let asked = false;
      const load = (): void => {
        if (asked || !hasLanguage(view.state.doc)) return;
        asked = true;
        fetchHighlighter().then(
          (highlighter) => tell(view, highlighter),
          (error: unknown) => {
            asked = false;
            onError(error);
          },
        );
      };
      load();
      return { update: (_view, before) => (before.doc === view.state.doc ? undefined : load()) };
    },
  });
}

async function fetchHighlighter(): Promise<Highlighter> {
  return (await import('./grammars.ts')).highlightCode;
}

function tell(view: EditorView, highlighter: Highlighter): void {
  if (!view.isDestroyed) view.dispatch(view.state.tr.setMeta(key, highlighter));
}

function applyTo(before: Highlights, tr: Transaction): Highlights {
  const given = tr.getMeta(key) as Highlighter | undefined;
  const highlighter = given ?? before.highlighter;
  if (highlighter === undefined || (given === undefined && !tr.docChanged)) return before;
  const old = new Set<Node>();
  if (given === undefined) eachCode(tr.before, (block) => old.add(block));
  let decorations = before.decorations.map(tr.mapping, tr.doc);
  eachCode(tr.doc, (block, pos) => {
    if (old.has(block)) return;
    const stale = decorations.find(pos, pos + block.nodeSize);
    decorations = decorations.remove(stale).add(tr.doc, decorate(block, pos, highlighter));
  });
  return { highlighter, decorations };
}

function decorate(block: Node, pos: number, highlighter: Highlighter): Decoration[] {
  const language = languageOf(block);
  if (language === '' || block.content.size > LONGEST) return [];
  // One character for each thing, so that places in the text are places in the document.
  const code = block.textBetween(0, block.content.size, undefined, '\n');
  return highlighter(language, code).map(({ from, to, classes }) =>
    Decoration.inline(pos + 1 + from, pos + 1 + to, { class: classes }),
  );
}

function hasLanguage(doc: Node): boolean {
  let found = false;
  eachCode(doc, (block) => (found ||= languageOf(block) !== ''));
  return found;
}

function eachCode(doc: Node, act: (block: Node, pos: number) => void): void {
  doc.descendants((node, pos) => {
    if (node.type === schema.nodes.code_block) act(node, pos);
    return !node.inlineContent;
  });
}
