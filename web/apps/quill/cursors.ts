import packaged from 'quill-cursors/core';

/** The package is CommonJS: what its types call the default export is a member of what is imported. */
function unwrap(found: typeof packaged): typeof packaged {
  const inner: unknown = Reflect.get(found, 'default');
  return typeof inner === 'function' ? (inner as typeof packaged) : found;
}
const QuillCursors = unwrap(packaged);

/** Colour of a caret whose owner did not say one that we take, from the name. */
export type ColorOf = (name: string) => string;

type Cursor = ReturnType<packaged['createCursor']>;

/** Carets of the others. They send what they like: only a short name and a plain colour are taken from it. */
export class NamedCarets extends QuillCursors {
  override createCursor(id: string, name: unknown, color: unknown): Cursor {
    const words = typeof name === 'string' ? name.slice(0, 40) : '';
    const plain = typeof color === 'string' && /^#[0-9a-f]{6}$/i.test(color) ? color : undefined;
    const { colorOf = () => '#5d646c' } = this.options as { colorOf?: ColorOf };
    return super.createCursor(id, words, plain ?? colorOf(words));
  }
}
