import { dropCursor } from 'prosemirror-dropcursor';
import { gapCursor } from 'prosemirror-gapcursor';
import { inputRules } from 'prosemirror-inputrules';
import { keymap } from 'prosemirror-keymap';
import { type Command, Plugin } from 'prosemirror-state';
import { commands } from '../commands.ts';
import { markRule } from '../input-rules.ts';
import type { LaterContext, LaterPart } from '../later.ts';
import { schema } from '../schema.ts';
import { duplicateBlock, moveBlock } from './block-commands.ts';
import { calloutRule, createCalloutView } from './callouts.ts';
import { captionKeys, captionedPicture, pictureView } from './captions.ts';
import { createCodeView } from './code-view.ts';
import { createDateView } from './dates.ts';
import { editableFields } from './editable-fields.ts';
import { emojiPicker } from './emoji.ts';
import { blockHandles } from './handles.ts';
import { codeHighlight } from './highlight.ts';
import { cleanPaste } from './clean-paste.ts';
import { raiseRawBlocks } from './raise-raw.ts';
import { slashMenu } from './slash-menu.ts';
import { tablePlugins } from './tables.ts';
import './blocks.css';

/** Menus, tables, callouts, captions, colours and handles. */
export const blocks: LaterPart = (context) => [
  cleanPaste(context),
  slashMenu(context),
  emojiPicker(context.onError),
  blockKeys(context),
  rules(context),
  ...tablePlugins(),
  captionKeys(),
  views(context),
  editableFields(),
  codeHighlight(context.onError),
  blockHandles(),
  raiseRawBlocks(context),
  dropCursor({ color: false, class: 'drop-caret', width: 2 }),
  gapCursor(),
];

function blockKeys({ mayWriteNew }: LaterContext): Plugin {
  const newer = (command: Command): Command => {
    return (state, dispatch, view) => mayWriteNew() && command(state, dispatch, view);
  };
  return keymap({
    'Alt-Shift-ArrowUp': moveBlock(-1),
    'Alt-Shift-ArrowDown': moveBlock(1),
    'Mod-Shift-d': duplicateBlock,
    'Mod-u': newer(commands.underline),
    'Mod-Shift-h': newer(commands.highlight),
  });
}

function rules({ mayWriteNew }: LaterContext): Plugin {
  const highlight = markRule(/(?:^|[^=])(==([^=\s](?:[^=]*[^=\s])?)==)$/, schema.marks.highlight);
  return inputRules({ rules: mayWriteNew() ? [highlight, calloutRule(mayWriteNew)] : [] });
}

function views({ view, mayWriteNew }: LaterContext): Plugin {
  const picture = pictureView(view);
  return new Plugin({
    props: {
      nodeViews: {
        callout: (node, editor, getPos) => createCalloutView(node, editor, getPos),
        code_block: (node, editor, getPos) => createCodeView(node, editor, getPos),
        date: (node, editor, getPos) => createDateView(node, editor, getPos),
        ...(picture && { image: captionedPicture(picture, mayWriteNew) }),
      },
    },
  });
}
