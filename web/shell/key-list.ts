import { t as tHome } from '../i18n/home/translate.ts';
import type { KeysKey } from '../i18n/keys/en.ts';
import { t as tKeys } from '../i18n/keys/translate.ts';
import { t as tSearch } from '../i18n/search/translate.ts';
import { t } from '../i18n/translate.ts';
import { keyNames, keysOfPlace, places } from './key-names.ts';
import { placeName } from './place-names.ts';

/** What keys do, and the ways to press it: one after the other of a way is pressed together or in turn, as the keys go. */
export interface KeyLine {
  label: string;
  ways: readonly (readonly string[])[];
}

export interface KeyGroup {
  id: 'everywhere' | 'writing' | 'blocks' | 'beside' | 'lists' | 'boards';
  lines: KeyLine[];
}

const [mod] = keyNames.bold;

/** All keys, in the groups in which one looks for them. */
export function listKeys(): KeyGroup[] {
  return [
    { id: 'everywhere', lines: listEverywhere() },
    { id: 'writing', lines: listWriting() },
    { id: 'blocks', lines: blocks.map(toLine) },
    { id: 'beside', lines: beside.map(toLine) },
    {
      id: 'lists',
      lines: [{ label: tKeys('keys.letters'), ways: [[tKeys('keys.aLetter')]] }, ...lists.map(toLine)],
    },
    { id: 'boards', lines: boards.map(toLine) },
  ];
}

type Named = readonly [KeysKey, ...(readonly string[])[]];

const blocks: readonly Named[] = [
  ['keys.insert', ['/']],
  ['keys.menu', [mod, '/']],
  ['keys.move', ['Alt', '⇧', '↑'], ['Alt', '⇧', '↓']],
  ['keys.duplicate', [mod, '⇧', 'D']],
  ['keys.nextCell', ['Tab'], ['⇧', 'Tab']],
  ['keys.cellBelow', ['Enter']],
  ['keys.width', ['Alt', '⇧', '←'], ['Alt', '⇧', '→']],
  ['keys.leave', [mod, 'Enter']],
];

const beside: readonly Named[] = [
  ['keys.link', ['[', '[']],
  ['keys.mention', ['@']],
  ['keys.comment', [mod, 'Alt', 'M']],
  ['keys.find', [mod, 'F']],
  ['keys.focus', [mod, '⇧', 'F']],
];

const lists: readonly Named[] = [
  ['keys.open', ['Enter']],
  ['keys.choose', ['Space']],
  ['keys.all', [mod, 'A']],
  ['keys.rename', ['F2']],
  ['keys.cut', [mod, 'X'], [mod, 'V']],
  ['keys.trash', ['Delete']],
];

const boards: readonly Named[] = [
  ['keys.carry', ['Space']],
  ['keys.carryOn', ['↑'], ['↓'], ['←'], ['→']],
];

const marks: readonly Named[] = [
  ['keys.underline', [mod, 'U']],
  ['keys.strike', [mod, '⇧', 'X']],
  ['keys.highlight', [mod, '⇧', 'H']],
  ['keys.headings', [mod, 'Alt', '1 – 3'], [mod, 'Alt', '0']],
  ['keys.listKinds', [mod, '⇧', '7 – 9']],
  ['keys.emoji', [':', '…']],
];

function toLine([key, ...ways]: Named): KeyLine {
  return { label: tKeys(key), ways };
}

function listEverywhere(): KeyLine[] {
  return [
    { label: tHome('keys.help'), ways: [keyNames.help] },
    { label: tSearch('search.title'), ways: [keyNames.search] },
    ...Object.values(places).map((place) => ({
      label: tHome('keys.go', { page: placeName(place) }),
      ways: [keysOfPlace(place)],
    })),
    { label: tHome('keys.space'), ways: [keyNames.space] },
    { label: tHome('keys.new'), ways: [keyNames.newDocument] },
    { label: tHome('keys.escape'), ways: [keyNames.escape] },
  ];
}

function listWriting(): KeyLine[] {
  return [
    { label: tHome('keys.toolbar'), ways: [keyNames.toolbar] },
    { label: t('toolbar.bold'), ways: [keyNames.bold] },
    { label: t('toolbar.italic'), ways: [keyNames.italic] },
    { label: t('toolbar.code'), ways: [keyNames.code] },
    ...marks.map(toLine),
    { label: t('toolbar.undo'), ways: [keyNames.undo] },
    toLine(['keys.redo', [mod, '⇧', 'Z']]),
  ];
}
