import Angry from 'lucide-solid/icons/face-angry';
import Frown from 'lucide-solid/icons/face-slightly-frowning';
import Heart from 'lucide-solid/icons/heart';
import Laugh from 'lucide-solid/icons/face-grinning';
import ThumbsUp from 'lucide-solid/icons/thumbs-up';
import type { Component } from 'solid-js';
import type { ReactionKind } from '../../client/actions/reactions.ts';

/** A face with an open mouth, drawn like the others. */
function Wow(props: { size?: number }) {
  return (
    <svg
      width={props.size ?? 24}
      height={props.size ?? 24}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      aria-hidden="true"
    >
      <circle cx="12" cy="12" r="10" />
      <circle cx="12" cy="15.5" r="2.2" />
      <path d="M9 9h.01M15 9h.01" />
    </svg>
  );
}

/** The sign of each reaction; words stand beside it or name it. */
export const reactionSigns: Record<ReactionKind, Component<{ size?: number }>> = {
  LIKE: ThumbsUp,
  LOVE: Heart,
  LAUGH: Laugh,
  WOW: Wow,
  SAD: Frown,
  ANGRY: Angry,
};
