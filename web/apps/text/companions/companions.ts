import { keymap } from 'prosemirror-keymap';
import { Plugin } from 'prosemirror-state';
import { createDocumentId } from '../../../client/documents/document-id.ts';
import { mayWrite as mayWriteEntry } from '../../../client/rooms/may-write.ts';
import { documentList, random } from '../../../state/documents.ts';
import { identityState } from '../../../state/identity.ts';
import { focusMode, panel, provideCompanions, setFocusMode, setPanel } from '../../../state/text-panels.ts';
import type { LaterContext, LaterPart } from '../later.ts';
import { cards } from './card.tsx';
import { commentPlugin } from './comment-plugin.ts';
import { createComments } from './comments.ts';
import { createFind, findPlugin, openFind } from './find-plugin.ts';
import { linkPlugins, openLinkAtCaret } from './links.ts';
import { modes } from './modes.ts';
import { createOutline } from './outline.ts';
import { createPresence } from './presence.ts';
import './companions.css';

/** What stands beside a text: comments, links, finding, outline, who else is here, reading and focus. */
export const companions: LaterPart = (context) => {
  const { view, open } = context;
  const row = () => documentList().find(({ id }) => id === open.id);
  const mayWrite = () => mayWriteEntry(row() ?? {});
  const comments = createComments({
    ...{ view, doc: open.doc, self, mayComment: mayWrite },
    isOwn: () => row()?.owner === undefined,
    newId: () => createDocumentId(random),
    now: () => Date.now(),
  });
  const find = createFind(view, mayWrite);
  const outline = createOutline(view);
  const presence = createPresence(view, open.awareness);
  const pick = (thread: string) => {
    comments.show(thread);
    // On a phone a panel would cover what one touched to write.
    if (panel() === undefined && matchMedia('(min-width: 768px)').matches) setPanel('comments');
  };
  const provide = () =>
    provideCompanions({
      ...{ id: open.id, comments, find, outline, presence, mayWrite },
      focus() {
        // Whether it may be edited may have changed in this very task.
        view.setProps({});
        view.focus();
      },
    });
  return [
    keys(context, { comments, find }),
    commentPlugin(open.doc, { onChange: comments.refresh, onPick: pick }),
    findPlugin(find.refresh),
    modes(mayWrite),
    ...linkPlugins(context),
    cards(),
    lifetime(outline, provide, presence),
  ];
};

/** Ends with the editor what stands beside it. */
function lifetime(
  outline: ReturnType<typeof createOutline>,
  provide: () => () => void,
  presence: ReturnType<typeof createPresence>,
): Plugin {
  return new Plugin({
    view(view) {
      const withdraw = provide();
      return {
        update: () => outline.refresh(),
        destroy() {
          withdraw();
          outline.close();
          // Other plugins may be put in while the editor stands.
          queueMicrotask(() => (view.isDestroyed ? presence.close() : undefined));
        },
      };
    },
  });
}

function keys(
  { view }: LaterContext,
  { comments, find }: { comments: ReturnType<typeof createComments>; find: ReturnType<typeof createFind> },
): Plugin {
  return keymap({
    'Mod-Alt-m': () => {
      comments.begin();
      setPanel('comments');
      // One that was begun takes the keys again: they would overwrite the words that are selected.
      document.querySelector<HTMLElement>('.thread-card.draft textarea')?.focus();
      return true;
    },
    'Mod-f': () => {
      openFind(view, find);
      return true;
    },
    'Mod-Shift-f': () => {
      setFocusMode(!focusMode());
      return true;
    },
    'Mod-Enter': openLinkAtCaret,
  });
}

/** Who comments here. */
function self(): { by: string; name: string } {
  const { identity } = identityState;
  return identity.kind === 'claimed'
    ? { by: identity.idTag, name: identity.name || identity.idTag }
    : { by: '', name: '' };
}
