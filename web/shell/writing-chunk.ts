import { blocks } from '../apps/text/blocks/blocks.ts';
import { companions } from '../apps/text/companions/companions.ts';
import { historyUndo } from '../apps/text/history-undo.ts';
import type { LaterPart } from '../apps/text/later.ts';

/** What a writer has besides the keys: fetched when the editor stands. */
export const writing: LaterPart = (context) => [
  ...blocks(context),
  ...companions(context),
  ...historyUndo(context),
];
