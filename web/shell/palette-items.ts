import type { Navigator } from '@solidjs/router';
import { filterEntries } from '../client/documents/find-entries.ts';
import { matchLabel } from '../client/search/match-label.ts';
import type { Excerpt, Query } from '../client/search/search.ts';
import { t as tSearch } from '../i18n/search/translate.ts';
import { t } from '../i18n/translate.ts';
import { documentList } from '../state/documents.ts';
import { type Hit, showInDocument } from '../state/search.ts';
import type { Command } from './commands.ts';
import { findById, showOnPage } from './show-on-page.ts';

/** A kind of line, by which it has its sign. */
export type ItemKind = Hit['kind'] | 'action' | 'setting';

/** A line of the palette. */
export interface Item {
  id: string;
  kind: ItemKind;
  /** Of a document. */
  type?: string | undefined;
  title: string;
  marks: Hit['marks'];
  excerpt?: Excerpt | undefined;
  /** What stands small beside the title. */
  note?: string | undefined;
  keys?: readonly string[] | undefined;
  run(): void;
}

export interface Group {
  id: 'recent' | 'documents' | 'people' | 'said' | 'actions' | 'settings';
  items: Item[];
}

/** What is typed, and what the first sign of it says. */
export type Asked = { among: Query['among'] | 'actions'; words: string };

export function readAsked(typed: string): Asked {
  const words = typed.slice(1).trim();
  if (typed.startsWith('>')) return { among: 'actions', words };
  if (typed.startsWith('@')) return { among: 'people', words };
  if (typed.startsWith('#')) return { among: 'tags', words };
  return { among: 'all', words: typed.trim() };
}

/** More would not be read. */
export const mostHits = 24;
const recent = 7;

export interface Listing {
  asked: Asked;
  /** What the index gave for what was asked; undefined while it has not answered yet. */
  hits: readonly Hit[] | undefined;
  commands: readonly Command[];
  navigate: Navigator;
}

/** What the palette shows, group by group. */
export function listGroups({ asked, hits, commands, navigate }: Listing): Group[] {
  const { among, words } = asked;
  const matched = among === 'all' || among === 'actions' ? matchCommands(commands, words) : [];
  const [actions, settings] = (['actions', 'settings'] as const).map((id) => ({
    id,
    items: matched.filter(({ command }) => command.group === id).map(({ command }) => commandToItem(command)),
  }));
  const done = [actions!, settings!];
  if (among === 'actions') return withItems(done);
  if (among === 'all' && words === '')
    return withItems([{ id: 'recent', items: listRecent(navigate) }, ...done]);
  const found = groupHits(hits ?? listTitled(words, among), { navigate, words });
  // What is called exactly as one types is meant.
  const isMeant = words.length > 2 && matched[0]?.match === 3;
  return withItems(isMeant ? [...done, ...found] : [...found, ...done]);
}

function withItems(groups: readonly Group[]): Group[] {
  return groups.filter(({ items }) => items.length > 0);
}

function matchCommands(commands: readonly Command[], words: string) {
  return commands
    .map((command) => ({ command, match: matchLabel(words, command.label, command.words) }))
    .filter(({ match }) => match > 0)
    .sort((a, b) => b.match - a.match);
}

function commandToItem({ id, group, label, keys, run }: Command): Item {
  return { id, kind: group === 'settings' ? 'setting' : 'action', title: label, marks: [], keys, run };
}

function listRecent(navigate: Navigator): Item[] {
  return documentList()
    .slice(0, recent)
    .map(({ id, type, title }) => ({
      ...{ id: `d:${id}`, kind: 'document', type, title: title.trim() || t('document.untitled'), marks: [] },
      run: () => navigate(`/d/${id}`),
    }));
}

/** What can be told before the index has answered: documents by their titles. */
function listTitled(words: string, among: Asked['among']): Hit[] {
  if (among !== 'all') return [];
  return filterEntries(documentList(), { words })
    .slice(0, 8)
    .map(({ id, title, edited }) => ({
      ...{ key: `d:${id}`, kind: 'document', id, title, tags: [] },
      at: edited,
      marks: [],
    }));
}

const groupOf = {
  ...{ document: 'documents', file: 'documents', folder: 'documents', person: 'people' },
  ...{ post: 'said', comment: 'said', message: 'said' },
} as const satisfies Record<Hit['kind'], Group['id']>;

/** The best hit's group first. */
function groupHits(hits: readonly Hit[], how: { navigate: Navigator; words: string }): Group[] {
  const groups = new Map<Group['id'], Item[]>();
  for (const hit of hits) {
    const id = groupOf[hit.kind];
    groups.set(id, [...(groups.get(id) ?? []), hitToItem(hit, how)]);
  }
  return [...groups].map(([id, items]) => ({ id, items }));
}

const notes = { post: 'said.post', comment: 'said.comment', message: 'said.message' } as const;

function hitToItem(hit: Hit, { navigate, words }: { navigate: Navigator; words: string }): Item {
  const { kind, title, marks, excerpt, tags } = hit;
  const said = kind === 'post' || kind === 'comment' || kind === 'message';
  const note = said
    ? tSearch(notes[kind])
    : kind === 'person'
      ? hit.id
      : tags.map((tag) => `#${tag}`).join(' ') || undefined;
  return {
    ...{ id: hit.key, kind, marks, note },
    ...(kind === 'document' && { type: documentList().find(({ id }) => id === hit.id)?.type }),
    title: title.trim() || t('document.untitled'),
    ...(excerpt && { excerpt }),
    run: () => openHit(hit, { navigate, words }),
  };
}

function openHit(hit: Hit, { navigate, words }: { navigate: Navigator; words: string }): void {
  const { kind, id, excerpt } = hit;
  if (kind === 'document') {
    navigate(`/d/${id}`);
    const [mark] = excerpt?.marks ?? [];
    if (words !== '' && excerpt && mark) showInDocument(id, excerpt.text.slice(...mark));
  } else if (kind === 'folder') navigate(`/files?in=${encodeURIComponent(id)}`);
  else if (kind === 'file') {
    const folder = hit.parent ? `in=${encodeURIComponent(hit.parent)}&` : '';
    navigate(`/files?${folder}open=${encodeURIComponent(id)}`);
  } else if (kind === 'message') navigate(`/messages/${encodeURIComponent(hit.chat ?? '')}`);
  else {
    navigate(kind === 'person' ? '/people' : '/feed');
    showOnPage(() => findById(id));
  }
}
