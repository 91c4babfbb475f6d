/** Whether one points with a finger first: there a keyboard on the screen does not jump up by itself. */
export function isCoarse(): boolean {
  return matchMedia('(pointer: coarse)').matches;
}
