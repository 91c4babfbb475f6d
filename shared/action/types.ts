import type { ActionType } from './define.ts';
import { cmnt } from './types/cmnt/cmnt.ts';
import { fllw } from './types/fllw/fllw.ts';
import { post } from './types/post/post.ts';
import { react } from './types/react/react.ts';

/** The list of action types: a new one is a folder and a line here. */
export const actionTypes: readonly ActionType[] = [post, cmnt, react, fllw];
