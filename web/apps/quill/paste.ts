import { Delta } from 'quill/core.js';

/** A picture in pasted HTML. What is not at an address of its own, or inside the HTML, is left out. */
export function pastedPicture(node: Node, delta: Delta): Delta {
  const source = node instanceof Element ? (node.getAttribute('src') ?? '') : '';
  return /^(https?:\/\/|data:image\/)/i.test(source) ? new Delta().insert({ image: source }) : delta;
}

/** Colours and sizes of another page would not fit here, least of all in the dark. Colours of Quillo's palette stay. */
export function cleanPasted(_node: Node, delta: Delta): Delta {
  return new Delta(
    delta.ops.map((op) => {
      if (op.attributes === undefined) return op;
      const kept = Object.entries(op.attributes).filter(([name, value]) => {
        if (name === 'color' || name === 'background') return /^var\(--palette-/.test(String(value));
        return name !== 'size' && name !== 'font' && name !== 'bid';
      });
      return kept.length === 0
        ? { insert: op.insert ?? '' }
        : { ...op, attributes: Object.fromEntries(kept) };
    }),
  );
}
