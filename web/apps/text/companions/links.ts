import type { Node } from 'prosemirror-model';
import { type Command, NodeSelection, Plugin } from 'prosemirror-state';
import type { EditorView, NodeView } from 'prosemirror-view';
import { createEffect, createRoot } from 'solid-js';
import { prosemirrorToYXmlFragment } from 'y-prosemirror';
import { createDocumentId } from '../../../client/documents/document-id.ts';
import { cleanTitle } from '../../../client/documents/title.ts';
import { t } from '../../../i18n/companions/translate.ts';
import { random } from '../../../state/documents.ts';
import { identityState } from '../../../state/identity.ts';
import { findTitles, linkTarget, openLinked } from '../../../state/linked.ts';
import { people } from '../../../state/people.ts';
import { openText } from '../../../state/text-app.ts';
import { type Suggestion, suggest } from '../blocks/suggest.ts';
import type { LaterContext } from '../later.ts';
import { schema } from '../schema.ts';

const { nodes } = schema;
/** So many people are offered. */
const MOST_PEOPLE = 8;

/** `[[` offers documents and makes new ones, `@` offers people; both are shown as they are called now. */
export function linkPlugins(context: LaterContext): Plugin[] {
  const { open, onError } = context;
  return [
    suggest({
      ...{ trigger: /(\[\[([^[\]]*))$/, id: 'link-list', label: t('link.list'), onError },
      find: (query) => (context.mayWriteNew() ? offerDocuments(query, open.id, onError) : []),
    }),
    suggest({
      ...{
        trigger: /(?:^|[\s(\ufffc])(@([\p{L}\p{N}._-]*))$/u,
        id: 'mention-list',
        label: t('mention.list'),
      },
      ...{ onError, find: (query) => (context.mayWriteNew() ? offerPeople(query) : []) },
    }),
    new Plugin({
      props: {
        nodeViews: { doc_link: createLinkView, mention: createMentionView },
        handleClickOn(_view, _pos, node) {
          if (node.type !== nodes.doc_link) return false;
          openLinked(idOf(node));
          return true;
        },
      },
    }),
  ];
}

/** Opens the link at the caret, if there is one. */
export const openLinkAtCaret: Command = ({ selection }, dispatch) => {
  const node = selection instanceof NodeSelection ? selection.node : undefined;
  const { nodeBefore, nodeAfter } = selection.$from;
  const link = [node, nodeBefore, nodeAfter].find((one) => one?.type === nodes.doc_link);
  if (!link) return false;
  if (dispatch) openLinked(idOf(link));
  return true;
};

function idOf(node: Node): string {
  return String(node.attrs['id']);
}

function offerDocuments(query: string, own: string, onError: (error: unknown) => void): Suggestion[] {
  const title = cleanTitle(query);
  const found = findTitles(query, own);
  const offered: Suggestion[] = found.map((row) => ({
    ...{ id: row.id, label: row.title },
    apply: (view) => insert(view, nodes.doc_link.create({ id: row.id, title: row.title })),
  }));
  const isKnown = found.some((row) => row.title.toLowerCase() === title.toLowerCase());
  if (title === '' || isKnown) return offered;
  const create = (view: EditorView) => {
    const id = createDocumentId(random);
    insert(view, nodes.doc_link.create({ id, title }));
    createLinked(id, title).catch(onError);
  };
  return [...offered, { id: 'new', label: t('link.new', { title }), apply: create }];
}

/** A new document that begins with its title. */
async function createLinked(id: string, title: string): Promise<void> {
  const { documents } = await openText();
  const created = await documents.open(id);
  const heading = nodes.heading.create({ level: 1 }, schema.text(title));
  const doc = nodes.doc.create(null, [heading, nodes.paragraph.create()]);
  created.doc.transact(() => prosemirrorToYXmlFragment(doc, created.doc.getXmlFragment('content')));
  await created.close();
}

function offerPeople(query: string): Suggestion[] {
  const wanted = query.toLowerCase();
  const { identity } = identityState;
  const self = identity.kind === 'claimed' ? [{ idTag: identity.idTag, name: identity.name }] : [];
  const known = people.people.filter(
    (person) => !person.blocked && (person.following || person.follower || person.connected === 'connected'),
  );
  return [...known, ...self]
    .filter(({ idTag, name }) => `${name}\n${idTag}`.toLowerCase().includes(wanted))
    .slice(0, MOST_PEOPLE)
    .map(({ idTag, name }) => ({
      ...{ id: idTag, label: name || idTag, hint: name ? idTag : undefined },
      apply: (view) => insert(view, nodes.mention.create({ idTag })),
    }));
}

function insert(view: EditorView, node: Node): void {
  view.dispatch(view.state.tr.replaceSelectionWith(node, false).scrollIntoView());
}

/** A link says how its document is called now, and what became of it. */
function createLinkView(node: Node): NodeView {
  const dom = document.createElement('span');
  dom.dataset['doc'] = idOf(node);
  dom.setAttribute('role', 'link');
  const dispose = createRoot((end) => {
    createEffect(() => {
      const { state, row } = linkTarget(idOf(node));
      const title = row?.title.trim() || String(node.attrs['title']) || t('link.untitled');
      dom.className = `doc-link doc-link-${state}`;
      const isLost = state === 'trashed' || state === 'gone';
      // Whatever changes in the library is told to every link of the text.
      if (dom.textContent !== title) dom.textContent = title;
      if (isLost) dom.setAttribute('aria-label', t(`link.${state}`, { title }));
      else dom.removeAttribute('aria-label');
    });
    return end;
  });
  return { dom, ignoreMutation: () => true, destroy: dispose };
}

function createMentionView(node: Node): NodeView {
  const dom = document.createElement('span');
  const idTag = String(node.attrs['idTag']);
  dom.className = 'mention';
  dom.dataset['mention'] = idTag;
  const dispose = createRoot((end) => {
    createEffect(() => (dom.textContent = `@${nameOf(idTag)}`));
    return end;
  });
  return { dom, ignoreMutation: () => true, destroy: dispose };
}

/** What somebody is called here; the id tag of who is not known. */
export function nameOf(idTag: string): string {
  const { identity } = identityState;
  if (identity.kind === 'claimed' && identity.idTag === idTag) return identity.name || idTag;
  return people.people.find((person) => person.idTag === idTag)?.name || idTag;
}
