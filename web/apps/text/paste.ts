import { Plugin } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import { isInCode } from './commands.ts';
import { schema } from './schema.ts';

/** Keeps a picture on this device and gives its id `b1~…`. */
export type SaveBlob = (blob: Blob) => Promise<string>;

export interface PasteOptions {
  saveBlob: SaveBlob;
  /** Told when something pasted or dropped could not be kept. */
  onError: (error: unknown) => void;
}

/** Picture files and Markdown text, pasted or dropped. */
export function pasteAndDrop({ saveBlob, onError }: PasteOptions): Plugin {
  const insertPictures = async (view: EditorView, files: File[], at: number): Promise<void> => {
    let pos = at;
    for (const file of files) {
      const blob = await saveBlob(file);
      if (view.isDestroyed) return;
      const node = schema.nodes.image.create({ src: '', alt: nameOf(file), blob });
      pos = Math.min(pos, view.state.doc.content.size);
      const tr = view.state.tr.replaceRangeWith(pos, pos, node);
      pos = tr.mapping.map(pos, 1);
      view.dispatch(tr.scrollIntoView());
    }
  };
  const takePictures = (view: EditorView, transfer: DataTransfer | null, at: number): boolean => {
    const files = [...(transfer?.files ?? [])].filter((file) => file.type.startsWith('image/'));
    if (files.length === 0) return false;
    insertPictures(view, files, at).catch(onError);
    return true;
  };
  return new Plugin({
    props: {
      handlePaste(view, event) {
        const transfer = event.clipboardData;
        // Word and Docs put a picture of the text beside the text.
        const html = transfer?.getData('text/html') ?? '';
        if ((html === '' || isOnlyPicture(html)) && takePictures(view, transfer, view.state.selection.from))
          return true;
        const text = transfer?.getData('text/plain') ?? '';
        if (html !== '' || isInCode(view.state) || !looksLikeMarkdown(text)) return false;
        pasteMarkdown(view, text).catch(onError);
        return true;
      },
      handleDrop(view, event, _slice, moved) {
        if (moved) return false;
        const pos = view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos;
        return takePictures(view, event.dataTransfer, pos ?? view.state.selection.from);
      },
    },
  });
}

/** Whether HTML is a picture and nothing else, as when one was copied from a page: its file is better than its address. */
export function isOnlyPicture(html: string): boolean {
  return /<img\b/i.test(html) && html.replace(/<[^<>]*>/g, '').trim() === '';
}

/** Whether plain text is meant as Markdown: it has a construct that would be lost as plain lines. */
export function looksLikeMarkdown(text: string): boolean {
  return [
    /^#{1,6} \S/m,
    /^[ \t]*[-*+] \S.*\n\s*[-*+] \S/m,
    /^[ \t]*[-*+] \[[ xX]\] /m,
    /^[ \t]*1[.)] \S.*\n\s*2[.)] \S/m,
    /^(```|~~~)/m,
    /^> \S/m,
    /^\|.*\|\s*\n\|[\s:|-]+\|/m,
    /\[[^[\]\n]+\]\((?:[^()\s]|\([^()\s]*\))+\)/,
    /\*\*\S[^*\n]*\*\*/,
  ].some((pattern) => pattern.test(text));
}

async function pasteMarkdown(view: EditorView, text: string): Promise<void> {
  const { markdownSlice } = await import('./markdown/slice.ts');
  if (view.isDestroyed) return;
  const slice = markdownSlice(text, view.state.selection.$from.depth);
  view.dispatch(view.state.tr.replaceSelection(slice).scrollIntoView());
}

function nameOf(file: File): string {
  return file.name.replace(/\.[^.]*$/, '');
}
