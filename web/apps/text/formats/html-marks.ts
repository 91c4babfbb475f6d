import type { Mark } from 'prosemirror-model';
import { isLiveHref, schema } from '../schema.ts';
import type { HtmlElement } from './html-tree.ts';

const { marks: types } = schema;

type Simple = 'em' | 'strong' | 'strike' | 'code' | 'underline' | 'highlight';

const TAGS: Readonly<Record<string, Simple>> = {
  em: 'em',
  i: 'em',
  cite: 'em',
  dfn: 'em',
  strong: 'strong',
  b: 'strong',
  s: 'strike',
  del: 'strike',
  strike: 'strike',
  code: 'code',
  kbd: 'code',
  samp: 'code',
  tt: 'code',
  u: 'underline',
  ins: 'underline',
  mark: 'highlight',
};

/** The marks inside an element: those around it, with its own. */
export function marksOf(element: HtmlElement, around: readonly Mark[]): readonly Mark[] {
  const { tag, attrs } = element;
  // Patterns look through it; more is no style that somebody gave to words.
  const style = (attrs.get('style') ?? '').slice(0, 2000);
  const named = Object.hasOwn(TAGS, tag) ? TAGS[tag] : undefined;
  let marks = around;
  // Google Docs wraps a whole page in <b style="font-weight:normal">.
  if (named !== undefined && !(named === 'strong' && /font-weight:\s*(normal|400)/i.test(style)))
    marks = types[named].create().addToSet(marks);
  for (const [pattern, name] of STYLES) if (pattern.test(style)) marks = types[name].create().addToSet(marks);
  const href = tag === 'a' ? (attrs.get('href') ?? '') : '';
  // Pages underline their links; that is no underline of the text.
  if (href === '' || !isLiveHref(href)) return marks;
  return types.link.create({ href, title: attrs.get('title') ?? '' }).addToSet(marks);
}

const STYLES: readonly (readonly [RegExp, Simple])[] = [
  [/font-style:\s*(italic|oblique)/i, 'em'],
  [/font-weight:\s*(bold|[6-9]\d\d)/i, 'strong'],
  [/text-decoration[^;]*line-through/i, 'strike'],
  [/text-decoration[^;]*underline/i, 'underline'],
];
