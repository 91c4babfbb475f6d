import { Parchment } from 'quill/core.js';
import { BlockEmbed } from 'quill/blots/block.js';
import Embed from 'quill/blots/embed.js';

/** Draws an embed of the given value. What it gives is no part of the text and cannot be written in. */
export type Draw = (value: unknown) => Node;

const { Attributor, Scope } = Parchment;
const VALUE = 'data-kept-value';
const FORMATS = 'data-kept-formats';

/** A name that stands in a class and in an attribute, whatever it was before. */
function hexOf(name: string): string {
  return [...new TextEncoder().encode(name)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function readJson(node: Element, attribute: string): unknown {
  const source = node.getAttribute(attribute);
  if (source === null) return undefined;
  try {
    return JSON.parse(source) as unknown;
  } catch {
    // Pasted from somewhere else: it says nothing.
    return undefined;
  }
}

function readMembers(node: Element, attribute: string): Record<string, unknown> {
  const value = readJson(node, attribute);
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** Lines that tell a table's shape and hold no words. */
const TABLE_SHAPE = /^table-(temporary|col)$/;

/**
 * Keeps a format that nothing here shows, so that it goes along when a line is split or words are moved. Lines of a table
 * are marked, so that they can be told from the others.
 */
export function keptFormat(name: string, of: 'lines' | 'characters'): Parchment.Attributor {
  const mark = /^table(-|$)/.test(name) ? (TABLE_SHAPE.test(name) ? 'shape' : 'cell') : undefined;
  class Kept extends Attributor {
    override add(node: HTMLElement, value: unknown): boolean {
      node.setAttribute(this.keyName, JSON.stringify(value));
      if (mark !== undefined) node.setAttribute('data-table', mark);
      return true;
    }
    override remove(node: HTMLElement): void {
      super.remove(node);
      if (mark !== undefined) node.removeAttribute('data-table');
    }
    override value(node: HTMLElement): unknown {
      return readJson(node, this.keyName);
    }
  }
  const scope = of === 'lines' ? Scope.BLOCK_ATTRIBUTE : Scope.INLINE_ATTRIBUTE;
  return new Kept(name, `data-kept-${hexOf(name)}`, { scope });
}

/** Sets a format of an embed, whose formats are all kept as they are; null and false take it away. */
function setFormat(node: HTMLElement, name: string, value: unknown): void {
  const formats = readMembers(node, FORMATS);
  if (value === null || value === undefined || value === false) delete formats[name];
  else formats[name] = value;
  if (Object.keys(formats).length === 0) node.removeAttribute(FORMATS);
  else node.setAttribute(FORMATS, JSON.stringify(formats));
}

/** An embed inside a line. Its value is kept to the letter, whatever of it is shown. */
export function keptInline(name: string, draw: Draw): typeof Embed {
  return class Kept extends Embed {
    static override blotName = name;
    static override tagName = 'SPAN';
    static override className = `ql-kept-${hexOf(name)}`;
    static override create(value?: unknown): HTMLElement {
      const node = document.createElement('span');
      node.classList.add('kept-embed', this.className);
      node.setAttribute(VALUE, JSON.stringify(value));
      return node;
    }
    static override value(node: Element): unknown {
      return readJson(node, VALUE);
    }
    static override formats(node: HTMLElement): Record<string, unknown> {
      return readMembers(node, FORMATS);
    }
    constructor(scroll: Parchment.ScrollBlot, node: Node) {
      super(scroll, node);
      this.contentNode.replaceChildren(draw(readJson(this.domNode as Element, VALUE)));
    }
    override format(format: string, value: unknown): void {
      if (this.scroll.query(format, Scope.INLINE) !== null) super.format(format, value);
      else setFormat(this.domNode as HTMLElement, format, value);
    }
    html(): string {
      return (this.domNode.cloneNode(false) as Element).outerHTML;
    }
  };
}

/** An embed on a line of its own, kept to the letter like those inside a line. */
export function keptBlock(name: string, draw: Draw): typeof BlockEmbed {
  return class Kept extends BlockEmbed {
    static override blotName = name;
    static override tagName = 'DIV';
    static override className = `ql-kept-${hexOf(name)}`;
    static override create(value?: unknown): HTMLElement {
      const node = document.createElement('div');
      node.classList.add('kept-embed', this.className);
      node.setAttribute(VALUE, JSON.stringify(value));
      node.setAttribute('contenteditable', 'false');
      return node;
    }
    static override value(node: Element): unknown {
      return readJson(node, VALUE);
    }
    static override formats(node: HTMLElement): Record<string, unknown> {
      return readMembers(node, FORMATS);
    }
    constructor(scroll: Parchment.ScrollBlot, node: Node) {
      super(scroll, node);
      this.domNode.replaceChildren(draw(readJson(this.domNode, VALUE)));
    }
    override format(format: string, value: unknown): void {
      setFormat(this.domNode, format, value);
    }
    html(): string {
      return (this.domNode.cloneNode(false) as Element).outerHTML;
    }
  };
}
