import { Parchment } from 'quill/core.js';
import Block from 'quill/blots/block.js';
import Break from 'quill/blots/break.js';
import Container from 'quill/blots/container.js';
import Cursor from 'quill/blots/cursor.js';
import Inline from 'quill/blots/inline.js';
import Scroll from 'quill/blots/scroll.js';
import TextBlot from 'quill/blots/text.js';
import { AlignClass } from 'quill/formats/align.js';
import { BackgroundStyle } from 'quill/formats/background.js';
import Blockquote from 'quill/formats/blockquote.js';
import Bold from 'quill/formats/bold.js';
import CodeBlock, { Code, CodeBlockContainer } from 'quill/formats/code.js';
import { ColorStyle } from 'quill/formats/color.js';
import { DirectionClass } from 'quill/formats/direction.js';
import Header from 'quill/formats/header.js';
import Indent from 'quill/formats/indent.js';
import Italic from 'quill/formats/italic.js';
import List, { ListContainer } from 'quill/formats/list.js';
import Script from 'quill/formats/script.js';
import Strike from 'quill/formats/strike.js';
import Underline from 'quill/formats/underline.js';
import { keptBlock, keptFormat, keptInline } from './kept.ts';
import { KeptLink } from './links.ts';
import { BLOCK_EMBEDS, type DeltaOp, blocksBeginLines, embedName, findUnknown } from './model.ts';
import type { Drawings } from './pictures.ts';

const { EmbedBlot, Registry, Scope, StyleAttributor } = Parchment;

/** What carries the text, and is no format: a neighbour's format or embed of such a name cannot be held. */
const structure = [
  Block,
  Break,
  Container,
  Cursor,
  Inline,
  Scroll,
  TextBlot,
  ListContainer,
  CodeBlockContainer,
];

/** Sizes are CSS sizes in points; others are kept without being shown. */
class PointSize extends StyleAttributor {
  override canAdd(_node: HTMLElement, value: unknown): boolean {
    return typeof value === 'string' && /^\d{1,3}pt$/.test(value);
  }
}
const Size = new PointSize('size', 'font-size', { scope: Scope.INLINE });

/** Quill's own throws embeds out of code, which the text still has. */
class CodeLine extends CodeBlock {
  static override allowedChildren = [...CodeBlock.allowedChildren, EmbedBlot];
}

const formats = [
  AlignClass,
  BackgroundStyle,
  Blockquote,
  Bold,
  Code,
  CodeLine,
  ColorStyle,
  DirectionClass,
  Header,
  Indent,
  Italic,
  KeptLink,
  List,
  Script,
  Size,
  Strike,
  Underline,
];

const embeds = ['image', 'formula', 'cl-image', 'cl-document', 'video'] as const;

/** The formats of one editor: those of Quillo, and whatever else its text uses, kept. */
export interface Formats {
  readonly registry: Parchment.Registry;
  /** Makes room for what `ops` use. False when a name in them stands for something else here. */
  admit(ops: DeltaOp[]): boolean;
}

/** `ops` is the text as it is now: it decides how embeds stand in their lines. */
export function createFormats(ops: DeltaOp[], drawings: Drawings): Formats {
  const registry = new Registry();
  registry.register(...structure, ...formats);
  const carriers = new Set<string>(structure.map(({ blotName }) => blotName));
  const embedNames = new Set<string>(embeds);
  const onOwnLine = blocksBeginLines(ops) ? BLOCK_EMBEDS : [];
  for (const name of embeds)
    registry.register((onOwnLine.includes(name) ? keptBlock : keptInline)(name, drawings[name]));
  const isKnown = (name: string): boolean => registry.query(name) !== null;
  return {
    registry,
    admit(next) {
      const unknown = findUnknown(next, isKnown);
      for (const name of unknown.embeds) {
        embedNames.add(name);
        registry.register(keptInline(name, drawings.unknown(name)));
      }
      for (const name of unknown.inline) registry.register(keptFormat(name, 'characters'));
      for (const name of unknown.lines) registry.register(keptFormat(name, 'lines'));
      return next.every((op) => {
        const embed = embedName(op);
        const names = Object.keys(op.attributes ?? {});
        return (
          (embed === undefined || embedNames.has(embed)) &&
          names.every((name) => !carriers.has(name) && !embedNames.has(name))
        );
      });
    },
  };
}
