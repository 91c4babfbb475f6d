/** Where a popup belongs: a rectangle of the window, in CSS pixels. */
export interface Place {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const MARGIN = 8;

/** Puts a fixed popup under its place, or above it where there is more room, inside what can be seen. */
export function placePopup(popup: HTMLElement, place: Place): void {
  const seen = window.visualViewport;
  const [width, height] = [seen?.width ?? window.innerWidth, seen?.height ?? window.innerHeight];
  const [left, top] = [seen?.offsetLeft ?? 0, seen?.offsetTop ?? 0];
  const below = top + height - place.bottom - MARGIN;
  const above = place.top - top - MARGIN;
  const isBelow = below >= Math.min(popup.scrollHeight, 240) || below >= above;
  const room = Math.max(96, isBelow ? below : above) - MARGIN;
  popup.style.maxHeight = `${Math.min(room, 380)}px`;
  const tall = Math.min(popup.scrollHeight + 2, room, 380);
  popup.style.top = `${isBelow ? place.bottom + 4 : Math.max(top + MARGIN, place.top - tall - 4)}px`;
  const most = left + width - popup.offsetWidth - MARGIN;
  popup.style.left = `${Math.max(left + MARGIN, Math.min(place.left, most))}px`;
}
