/** Strokes of each icon in a square of 24. */
const strokes: Readonly<Record<string, string>> = {
  text: 'M5 6h14M12 6v13',
  bullets: 'M9 6h11M9 12h11M9 18h11M4 6h.01M4 12h.01M4 18h.01',
  numbers: 'M10 6h10M10 12h10M10 18h10M4 5l1.5-1v5M3.5 15.5c2-1.5 3 .5 0 3.5h3',
  tasks: 'M3 6l2 2 3-4M3 16l2 2 3-4M12 6h8M12 17h8',
  quote: 'M5 5v14M10 8h9M10 13h9M10 18h5',
  code: 'M9 7l-5 5 5 5M15 7l5 5-5 5',
  table: 'M4 5h16v14H4zM4 10h16M10 5v14',
  rule: 'M4 12h16M7 6h10M7 18h10',
  image: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9h.01',
  date: 'M4 6h16v14H4zM4 10h16M8 3v4M16 3v4',
  emoji: 'M12 3a9 9 0 1 0 .01 0M8.5 14.5c2 2.5 5 2.5 7 0M9 9.5h.01M15 9.5h.01',
  note: 'M12 3a9 9 0 1 0 .01 0M12 11v5M12 8h.01',
  tip: 'M9 18h6M10 21h4M12 3a6 6 0 0 0-3.5 11v1.5h7V14A6 6 0 0 0 12 3',
  warning: 'M12 4l9 16H3zM12 10v4M12 17h.01',
  danger: 'M8 3h8l5 5v8l-5 5H8l-5-5V8zM12 8v5M12 16h.01',
  grip: 'M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01',
  up: 'M12 19V5M6 11l6-6 6 6',
  down: 'M12 5v14M6 13l6 6 6-6',
  left: 'M19 12H5M11 6l-6 6 6 6',
  right: 'M5 12h14M13 6l6 6-6 6',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  remove: 'M5 7h14M10 4h4M7 7l1 13h8l1-13M10 11v5M14 11v5',
  merge: 'M4 5h16v14H4zM8 12h8M10 9l-3 3 3 3M14 9l3 3-3 3',
  split: 'M4 5h16v14H4zM12 5v14',
};

const SVG = 'http://www.w3.org/2000/svg';

/** An icon by its name; what has none (an emoji, a letter) is shown as text. It says nothing to a screen reader. */
export function drawIcon(name: string): HTMLElement {
  const box = document.createElement('span');
  box.className = 'block-icon';
  box.setAttribute('aria-hidden', 'true');
  const path = strokes[name];
  if (path === undefined) {
    box.textContent = name;
    return box;
  }
  const svg = document.createElementNS(SVG, 'svg');
  const line = document.createElementNS(SVG, 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  line.setAttribute('d', path);
  svg.append(line);
  box.append(svg);
  return box;
}
