/** Longest wait, in milliseconds: a window that is not seen draws no frame. */
const LONGEST = 100;

/** Resolves when what is on the page now is drawn, or after a tenth of a second. */
export function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, LONGEST);
    // What follows a frame in a task of its own comes after it is drawn.
    requestAnimationFrame(() => setTimeout(resolve));
  });
}
