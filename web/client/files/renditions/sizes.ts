/** Squares that renditions of pictures fit into, in pixels (SPEC B8). */
export const sizes = [
  ['vis.hd', 1920],
  ['vis.md', 1280],
  ['vis.sd', 720],
  ['vis.tn', 256],
] as const;

/** Side of a profile picture, which fills its square. */
export const profileSide = 80;

export interface PlannedRendition {
  readonly name: string;
  readonly width: number;
  readonly height: number;
}

/** Renditions of a picture of this extent, the largest first; none that would not be smaller than the picture. */
export function planRenditions(
  width: number,
  height: number,
  wanted: readonly string[] = sizes.map(([name]) => name),
): PlannedRendition[] {
  const longest = Math.max(width, height);
  return sizes
    .filter(([name, side]) => wanted.includes(name) && side < longest)
    .map(([name, side]) => ({
      name,
      width: Math.max(1, Math.round((width * side) / longest)),
      height: Math.max(1, Math.round((height * side) / longest)),
    }));
}
