import type { Command, Plugin } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import { t } from '../../../i18n/blocks/translate.ts';
import type { BlocksKey } from '../../../i18n/blocks/en.ts';
import { commands } from '../commands.ts';
import type { LaterContext } from '../later.ts';
import { schema } from '../schema.ts';
import { insertBlock, insertInline, isInTable } from './block-commands.ts';
import { calloutKinds, toggleCallout } from './callouts.ts';
import { dayOf } from './dates.ts';
import { pickPicture } from './pick-picture.ts';
import { type Suggestion, suggest } from './suggest.ts';
import { createTable } from './tables.ts';

const { nodes } = schema;

/** An entry of the menu with all the words by which it is found. */
export interface SlashEntry extends Suggestion {
  words: readonly string[];
}

/** Entries whose words begin with what was typed: by their name first, then by another word. */
export function filterEntries(entries: readonly SlashEntry[], query: string): readonly SlashEntry[] {
  const wanted = query.toLowerCase();
  if (wanted === '') return entries;
  const rank = ({ words }: SlashEntry): number => {
    if (words[0]?.startsWith(wanted) === true) return 0;
    if (words.some((word) => word.startsWith(wanted))) return 1;
    return words[0]?.includes(` ${wanted}`) === true ? 2 : 3;
  };
  return entries.filter((entry) => rank(entry) < 3).sort((a, b) => rank(a) - rank(b));
}

/** `/` at the start of a line or behind a space offers every block. */
export function slashMenu(context: LaterContext): Plugin {
  return suggest({
    trigger: /(?:^|\s)(\/([\p{L}\d]*(?: [\p{L}\d]+)?))$/u,
    label: t('slash.label'),
    id: 'slash-list',
    find: (query) => filterEntries(entriesFor(context), query),
    onError: (error) => context.onError(error),
  });
}

function entriesFor(context: LaterContext): SlashEntry[] {
  const { view } = context;
  const date = () => nodes.date.create({ date: dayOf(new Date()) });
  const inCell = isInTable(view.state.selection.$from);
  const blocks = [
    entry('text', 'text', commands.paragraph),
    entry('heading1', 'H1', commands.heading1),
    entry('heading2', 'H2', commands.heading2),
    entry('heading3', 'H3', commands.heading3),
    entry('bullets', 'bullets', commands.bulletList),
    entry('numbers', 'numbers', commands.orderedList),
    entry('tasks', 'tasks', commands.taskList),
    entry('quote', 'quote', commands.blockquote),
    entry('code', 'code', commands.codeBlock),
    entry(
      'table',
      'table',
      insertBlock(() => createTable(3, 3)),
    ),
    entry('rule', 'rule', commands.horizontalRule),
  ];
  const callouts = calloutKinds.map((kind) => entry(kind, kind, toggleCallout(kind)));
  const newer = context.mayWriteNew();
  return [
    ...(inCell ? [] : blocks),
    ...(newer && !inCell ? callouts : []),
    { ...entry('image', 'image', () => false), apply: () => pickPicture(context) },
    ...(newer ? [entry('date', 'date', insertInline(date))] : []),
    { ...entry('emoji', 'emoji', () => false), apply: typeColon },
  ];
}

type EntryId = { [K in BlocksKey]: K extends `slash.words.${infer Id}` ? Id : never }[BlocksKey];

function entry(id: EntryId, icon: string, command: Command): SlashEntry {
  const label = t(`slash.${id}`);
  const others = t(`slash.words.${id}`).split(' ');
  return {
    ...{ id, label, icon, words: [label.toLowerCase(), ...others] },
    apply: (view) => void command(view.state, view.dispatch, view),
  };
}

/** A colon, behind which the next letters look for an emoji. */
function typeColon(view: EditorView): void {
  const { $from } = view.state.selection;
  const before = $from.parent.textBetween(0, $from.parentOffset, '', '\ufffc');
  view.dispatch(view.state.tr.insertText(before === '' || /\s$/.test(before) ? ':' : ' :'));
}
