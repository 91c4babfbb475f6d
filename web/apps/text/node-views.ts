import type { Node, NodeType } from 'prosemirror-model';
import type { Plugin } from 'prosemirror-state';
import type { EditorView, NodeView, NodeViewConstructor } from 'prosemirror-view';
import { schema } from './schema.ts';

const { nodes } = schema;

/** Nodes that plugins show in their own way, at once or when they come. */
const shown = [
  ...[nodes.callout, nodes.code_block, nodes.date, nodes.doc_link],
  ...[nodes.image, nodes.mention, nodes.raw_block, nodes.table, nodes.task_item],
];

/** ProseMirror itself shows a node for which there is none. */
type Maker = (...given: Parameters<NodeViewConstructor>) => NodeView | undefined;

/**
 * What shows these nodes: whatever plugin comes first then. Were they found by ProseMirror, it would draw the whole text again when
 * plugins come later, which takes as long as opening a long document.
 */
export function nodeViews(): Record<string, NodeViewConstructor> {
  const makers = shown.map((type): [string, Maker] => [
    type.name,
    (node, view, ...rest) => makerOf(type, view.state.plugins)?.(node, view, ...rest),
  ]);
  return Object.fromEntries(makers) as Record<string, NodeViewConstructor>;
}

/** Draws the text again when it has nodes that plugins which just came show in their own way. */
export function showAgain(view: EditorView, added: readonly Plugin[]): void {
  const other = new Set(shown.filter((type) => makerOf(type, added) !== undefined));
  if (has(view.state.doc, other)) view.setProps({ nodeViews: nodeViews() });
}

function makerOf({ name }: NodeType, plugins: readonly Plugin[]): NodeViewConstructor | undefined {
  return plugins.map((plugin) => plugin.props.nodeViews?.[name]).find((maker) => maker !== undefined);
}

function has(doc: Node, types: ReadonlySet<NodeType>): boolean {
  let found = false;
  doc.descendants((node) => {
    found ||= types.has(node.type);
    return !found;
  });
  return found;
}
