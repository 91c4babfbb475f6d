import { InputRule, inputRules, textblockTypeInputRule, wrappingInputRule } from 'prosemirror-inputrules';
import type { MarkType, ResolvedPos } from 'prosemirror-model';
import { type Plugin, TextSelection, type Transaction } from 'prosemirror-state';
import { isLiveHref, schema } from './schema.ts';

const { nodes, marks } = schema;

/** What turns into formatting while one types Markdown. Undo right after it gives the typed characters back. */
export function markdownInputRules(): Plugin {
  return inputRules({
    rules: [
      textblockTypeInputRule(/^(#{1,6})\s$/, nodes.heading, (match) => ({ level: match[1]?.length ?? 1 })),
      wrappingInputRule(/^\s*>\s$/, nodes.blockquote),
      // Before the bullet rule, so that "- [ ] " becomes a task and not a bullet.
      taskRule(),
      wrappingInputRule(/^\s*([-+*])\s$/, nodes.bullet_list),
      wrappingInputRule(
        /^(\d{1,9})[.)]\s$/,
        nodes.ordered_list,
        (match) => ({ order: Number(match[1]) }),
        (match, node) => node.childCount + Number(node.attrs['order']) === Number(match[1]),
      ),
      textblockTypeInputRule(/^```(\S*)\s$/, nodes.code_block, (match) => ({ params: match[1] ?? '' })),
      ruleRule(),
      markRule(/(?:^|[^*\w])(\*\*([^*\s](?:[^*]*[^*\s])?)\*\*)$/, marks.strong),
      markRule(/(?:^|[^_\w])(__([^_\s](?:[^_]*[^_\s])?)__)$/, marks.strong),
      markRule(/(?:^|[^*\w])(\*([^*\s](?:[^*]*[^*\s])?)\*)$/, marks.em),
      markRule(/(?:^|[^_\w])(_([^_\s](?:[^_]*[^_\s])?)_)$/, marks.em),
      markRule(/(?:^|[^`])(`([^`]+)`)$/, marks.code),
      markRule(/(?:^|[^~])(~~([^~\s](?:[^~]*[^~\s])?)~~)$/, marks.strike),
      linkRule(),
    ],
  });
}

/** "[ ] " or "[x] " at the start of a paragraph, or of a bullet that was just made. */
function taskRule(): InputRule {
  return new InputRule(/^\s*\[([ xX]?)\]\s$/, (state, match, start, end) => {
    const checked = /x/i.test(match[1] ?? '');
    const $start = state.doc.resolve(start);
    if ($start.parent.type !== nodes.paragraph) return null;
    const tr = state.tr.delete(start, end);
    const inBullet = $start.depth >= 3 && $start.node(-1).type === nodes.list_item;
    if (inBullet) return $start.node(-2).childCount === 1 ? bulletToTask(tr, $start, checked) : null;
    const range = tr.doc.resolve(start).blockRange();
    if (range === null) return null;
    return tr.wrap(range, [{ type: nodes.task_list }, { type: nodes.task_item, attrs: { checked } }]);
  });
}

function bulletToTask(tr: Transaction, $start: ResolvedPos, checked: boolean): Transaction {
  const listPos = $start.before(-2);
  const list = tr.doc.nodeAt(listPos);
  const item = list?.firstChild;
  if (list === null || item === null || item === undefined) return tr;
  const task = nodes.task_list.create(null, nodes.task_item.create({ checked }, item.content));
  tr.replaceWith(listPos, listPos + list.nodeSize, task);
  return tr.setSelection(TextSelection.create(tr.doc, $start.start()));
}

function ruleRule(): InputRule {
  return new InputRule(/^(?:---|\*\*\*|___)$/, (state, _match, start) => {
    const $start = state.doc.resolve(start);
    if ($start.parent.type !== nodes.paragraph) return null;
    const before = $start.before();
    const tr = state.tr.replaceWith(before, $start.after(), [
      nodes.horizontal_rule.create(),
      nodes.paragraph.create(),
    ]);
    return tr.setSelection(TextSelection.create(tr.doc, before + 2));
  });
}

/** The first group is what is replaced, the second the text that stays. */
export function markRule(pattern: RegExp, type: MarkType): InputRule {
  return new InputRule(pattern, (state, match, start, end) => {
    const [whole = '', marked = '', text = ''] = match;
    const from = start + whole.length - marked.length;
    if (state.doc.rangeHasMark(from, end, marks.code)) return null;
    const before = state.doc.textBetween(from, end, '', '\ufffc');
    // The last character is not in the document yet; an image in the middle is never thrown away.
    if (before.includes('\ufffc')) return null;
    const open = (marked.length - text.length) / 2;
    const tr = state.tr.delete(from + open + text.length, end).delete(from, from + open);
    tr.addMark(from, from + text.length, type.create());
    return tr.removeStoredMark(type);
  });
}

function linkRule(): InputRule {
  return new InputRule(/(^|[^!])\[([^[\]]+)\]\(([^()\s]+)\)$/, (state, match, start, end) => {
    const [, before = '', text = '', href = ''] = match;
    if (!isLiveHref(href)) return null;
    const from = start + before.length;
    if (state.doc.rangeHasMark(from, end, marks.code)) return null;
    const link = marks.link.create({ href });
    const tr = state.tr.delete(from + 1 + text.length, end).delete(from, from + 1);
    return tr.addMark(from, from + text.length, link).removeStoredMark(marks.link);
  });
}
