import type { LaterPart } from '../apps/text/later.ts';

/** What a writer has besides the keys: fetched when the editor stands. */
export const writing: LaterPart = () => [];
