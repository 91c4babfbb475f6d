/** Marks that a style says, as elements. */
const marks: readonly [property: string, pattern: RegExp, element: string][] = [
  ['font-weight', /^(bold(er)?|[6-9]\d\d)$/, 'strong'],
  ['font-style', /^(italic|oblique)/, 'em'],
  ['text-decoration', /line-through/, 's'],
  ['text-decoration-line', /line-through/, 's'],
  ['text-decoration', /underline/, 'u'],
  ['text-decoration-line', /underline/, 'u'],
];

/** Where styles are read from. */
export const STYLE = 'data-style';

/** A tag, with what stands in quotes; and in it what is quoted, or the name of its style. */
const TAG = /<[a-z](?:"[^"]*"|'[^']*'|[^"'<>])*>/gi;
const STYLE_NAME = /"[^"]*"|'[^']*'|(?<=[\s"'/])style(?=\s*=)/gi;

/**
 * HTML with its styles under another name. The policy of our pages allows no styles in the text: the browser makes a report of each that it
 * reads, which took a hundred times as long as reading it, and has none of it in the parsed element.
 */
export function hideStyles(html: string): string {
  return html.replace(TAG, (tag) =>
    tag.replace(STYLE_NAME, (part) => (/^style$/i.test(part) ? STYLE : part)),
  );
}

/** Makes elements of styles that mean something. */
export function readStyles(body: HTMLElement): void {
  for (const element of body.querySelectorAll(`[${STYLE}]`)) {
    for (const [property, pattern, name] of marks) {
      const isOfLink = name === 'u' && element.closest('a') !== null;
      if (!isOfLink && pattern.test(styleOf(element, property))) wrapContent(element, name);
    }
    const align = styleOf(element, 'text-align');
    if (element.matches('td, th') && /^(left|center|right)$/.test(align))
      element.setAttribute('align', align);
  }
  // A link is underlined anyway, wherever it comes from.
  for (const element of body.querySelectorAll('a u')) unwrap(element);
}

/** Editors of code give each line a box of its own in one with their font. */
export function readCode(body: HTMLElement): void {
  const box = body.querySelector(':scope > div');
  if (box === null || body.querySelectorAll(':scope > :not(meta)').length > 1) return;
  if (
    !styleOf(box, 'white-space').startsWith('pre') ||
    !/mono|consolas|menlo|courier/.test(styleOf(box, 'font-family'))
  )
    return;
  const pre = box.ownerDocument.createElement('pre');
  const lines = [...box.childNodes].map((line) => (line.nodeName === 'BR' ? '' : (line.textContent ?? '')));
  pre.textContent = lines.join('\n');
  box.replaceWith(pre);
}

/** One property of a style as it was written, in small letters; empty when it is not said. */
export function styleOf(element: Element, property: string): string {
  const style = element.getAttribute(STYLE) ?? '';
  for (const declaration of style.split(';')) {
    const [name = '', ...value] = declaration.split(':');
    if (name.trim().toLowerCase() === property) return value.join(':').trim().toLowerCase();
  }
  return '';
}

/** The element without itself: what is in it takes its place. */
export function unwrap(element: Element): void {
  element.replaceWith(...element.childNodes);
}

/** The same under another name. */
export function rename(element: Element, name: string): Element {
  const renamed = element.ownerDocument.createElement(name);
  for (const { name: attribute, value } of element.attributes) renamed.setAttribute(attribute, value);
  renamed.append(...element.childNodes);
  element.replaceWith(renamed);
  return renamed;
}

function wrapContent(element: Element, name: string): void {
  const wrapper = element.ownerDocument.createElement(name);
  wrapper.append(...element.childNodes);
  element.append(wrapper);
}
