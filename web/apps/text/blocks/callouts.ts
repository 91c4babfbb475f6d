import { lift, wrapIn } from 'prosemirror-commands';
import { InputRule } from 'prosemirror-inputrules';
import type { Node } from 'prosemirror-model';
import { type Command, Selection } from 'prosemirror-state';
import type { EditorView, NodeView } from 'prosemirror-view';
import { t } from '../../../i18n/blocks/translate.ts';
import { ancestor } from '../commands.ts';
import { schema } from '../schema.ts';
import { drawIcon } from './icons.ts';
import { type MenuLine, openMenu } from './menu-popup.ts';

const { nodes } = schema;

export const calloutKinds = ['note', 'tip', 'warning', 'danger'] as const;
export type CalloutKind = (typeof calloutKinds)[number];

/** The kind that is shown: what a later version wrote counts as a note. */
export function calloutKind(node: Node): CalloutKind {
  return calloutKinds.find((kind) => kind === node.attrs['kind']) ?? 'note';
}

/** Puts the block into a callout, makes the callout around it another one, or takes it away when it is of that kind. */
export function toggleCallout(kind: CalloutKind): Command {
  return (state, dispatch, view) => {
    const found = ancestor(state.selection.$from, (node) => node.type === nodes.callout);
    if (found === undefined) return wrapIn(nodes.callout, { kind })(state, dispatch, view);
    if (calloutKind(found.node) === kind) return removeCallout(state, dispatch, view);
    dispatch?.(state.tr.setNodeAttribute(found.pos, 'kind', kind));
    return true;
  };
}

/** Leaves what is in a callout, without it. */
const removeCallout: Command = (state, dispatch, view) => {
  const found = ancestor(state.selection.$from, (node) => node.type === nodes.callout);
  if (found === undefined) return lift(state, dispatch, view);
  dispatch?.(state.tr.replaceWith(found.pos, found.pos + found.node.nodeSize, found.node.content));
  return true;
};

/** `[!TIP] ` at the start of a quote makes a callout of it, as Markdown has them. */
export function calloutRule(mayWriteNew: () => boolean): InputRule {
  return new InputRule(/^\[!(note|tip|warning|danger|caution)\]\s$/i, (state, match, start, end) => {
    const $start = state.doc.resolve(start);
    const quote = $start.depth > 1 ? $start.node(-1) : undefined;
    if (quote?.type !== nodes.blockquote || $start.index(-1) > 0 || !mayWriteNew()) return null;
    const kind = match[1]?.toLowerCase() ?? 'note';
    const tr = state.tr.delete(start, end);
    return tr.setNodeMarkup($start.before(-1), nodes.callout, { kind: kind === 'caution' ? 'danger' : kind });
  });
}

/** Lines of a menu that change the callout around the caret. */
export function calloutLines(view: EditorView): MenuLine[] {
  const found = ancestor(view.state.selection.$from, (node) => node.type === nodes.callout);
  if (found === undefined) return [];
  return kindLines(calloutKind(found.node), (command) => void command(view.state, view.dispatch, view));
}

function kindLines(now: CalloutKind, run: (command: Command) => void): MenuLine[] {
  return [
    ...calloutKinds.map((kind) => ({
      ...{ id: kind, label: t(`callout.${kind}`), icon: kind, checked: kind === now },
      run: () => (kind === now ? undefined : run(toggleCallout(kind))),
    })),
    { id: 'plain', label: t('callout.remove'), icon: 'text', run: () => run(removeCallout) },
  ];
}

/** A callout: a button that shows and changes its kind, beside what it says. */
export function createCalloutView(node: Node, view: EditorView, getPos: () => number | undefined): NodeView {
  const dom = document.createElement('aside');
  const button = document.createElement('button');
  const contentDOM = document.createElement('div');
  dom.setAttribute('role', 'note');
  button.type = 'button';
  button.className = 'callout-kind';
  button.contentEditable = 'false';
  contentDOM.className = 'callout-content';
  dom.append(button, contentDOM);
  let current = node;
  const render = (): void => {
    const kind = calloutKind(current);
    dom.className = 'callout';
    dom.dataset['callout'] = kind;
    dom.setAttribute('aria-label', t(`callout.${kind}`));
    button.setAttribute('aria-label', t('callout.change', { kind: t(`callout.${kind}`) }));
    button.disabled = !view.editable;
    button.replaceChildren(drawIcon(kind));
  };
  const run = (command: Command): void => {
    const pos = getPos();
    if (pos === undefined) return;
    // The command works on the callout around the caret.
    const { tr, doc } = view.state;
    view.dispatch(tr.setSelection(Selection.near(doc.resolve(pos + 1))));
    command(view.state, view.dispatch, view);
  };
  button.addEventListener('click', () => {
    const lines = kindLines(calloutKind(current), run);
    const place = button.getBoundingClientRect();
    const parent = view.dom.parentElement ?? document.body;
    openMenu({ parent, label: t('callout.kinds'), lines, place, onClose: () => view.focus() });
  });
  render();
  return {
    dom,
    contentDOM,
    update(next) {
      if (next.type !== current.type) return false;
      current = next;
      render();
      return true;
    },
    stopEvent: (event) => event.target instanceof Element && button.contains(event.target),
    ignoreMutation: (change) => change.type !== 'selection' && !contentDOM.contains(change.target),
  };
}
