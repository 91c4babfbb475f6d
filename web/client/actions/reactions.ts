/** The six reactions of the wire. */
export const reactionKinds = ['LIKE', 'LOVE', 'LAUGH', 'WOW', 'SAD', 'ANGRY'] as const;
export type ReactionKind = (typeof reactionKinds)[number];
