/** How far a finger goes for a step, in CSS pixels, and how much flatter than steep. */
const far = 60;
const flat = 2;

/** Swipes of one finger: to the left is the next. Not while a picture is enlarged, which is then moved instead. */
export function createSwipe(go: (step: number) => void) {
  let from: { id: number; x: number; y: number } | undefined;
  return {
    onPointerDown(event: PointerEvent) {
      const enlarged =
        event.target instanceof Element && event.target.closest('[data-enlarged], video, audio');
      const second = from !== undefined && from.id !== event.pointerId;
      from =
        event.pointerType === 'touch' && !enlarged && !second
          ? { id: event.pointerId, x: event.clientX, y: event.clientY }
          : undefined;
    },
    onPointerUp(event: PointerEvent) {
      if (from?.id !== event.pointerId) return;
      const [x, y] = [event.clientX - from.x, event.clientY - from.y];
      from = undefined;
      if (Math.abs(x) > far && Math.abs(x) > flat * Math.abs(y)) go(x < 0 ? 1 : -1);
    },
    onPointerCancel() {
      from = undefined;
    },
  };
}
