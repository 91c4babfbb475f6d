import MarkdownIt from 'markdown-it';

/** Reference definitions and whatever else rules keep while they read one document. */
export interface MarkdownEnv {
  references?: Record<string, { href: string; title?: string }>;
}

/** Renders Markdown as any reader of it would: to judge whether two sources mean the same. */
export const renderer = createParser();

/** Reads Markdown with addresses as they are written, so that they can be written again. */
export const reader = createParser();
reader.normalizeLink = (address) => address;
reader.normalizeLinkText = (address) => address;

function createParser(): MarkdownIt {
  // CommonMark with tables and strikethrough; HTML is recognised so that it can be kept, never rendered on a page.
  return new MarkdownIt({ html: true, linkify: false, typographer: false });
}

/** Whether two Markdown sources show the same, with the same reference definitions at hand. */
export function meansTheSame(one: string, other: string, env: MarkdownEnv): boolean {
  return normalizedHtml(one, env) === normalizedHtml(other, env);
}

function normalizedHtml(source: string, env: MarkdownEnv): string {
  const html = renderer.render(source, { references: { ...env.references } });
  return html
    .split(/(<pre>.*?<\/pre>)/s)
    .map((part) => (part.startsWith('<pre>') ? part : collapse(part)))
    .join('')
    .trim();
}

/** White space that shows: none beside block tags and line breaks, one space elsewhere. */
function collapse(html: string): string {
  return html
    .replace(/<br\s*\/?>/g, '<br>')
    .replace(/\s+/g, ' ')
    .replace(/ ?(<\/?(?:p|h[1-6]|ul|ol|li|blockquote|hr|br|table|thead|tbody|tr|th|td)\b[^>]*>) ?/g, '$1');
}
