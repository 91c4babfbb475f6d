import type { Plugin } from 'prosemirror-state';
import { t } from '../../../i18n/blocks/translate.ts';
import { type Locale, locale } from '../../../i18n/translate.ts';
import { type Suggestion, suggest } from './suggest.ts';

/** An emoji with what it is called. */
export interface Emoji {
  unicode: string;
  label: string;
  /** `smile` of `:smile:`; the usual one first. */
  codes: readonly string[];
  /** All else it is found by, in small letters. */
  words: readonly string[];
}

const MOST = 8;

/** The pictures and their names in one language. Their files are fetched when this is called first. */
export async function loadEmoji(language: Locale): Promise<readonly Emoji[]> {
  const [{ default: named }, { default: codes }] = await Promise.all([
    language === 'de' ? import('emojibase-data/de/compact.json') : import('emojibase-data/en/compact.json'),
    import('emojibase-data/en/shortcodes/github.json'),
  ]);
  // As keyboards have them: faces first, thumbs up before thumbs down.
  const sorted = [...named].sort((a, b) => (a.order ?? 0) - (b.order ?? 0));
  return sorted.flatMap(({ hexcode, unicode, label, tags = [] }) => {
    const own = [codes[hexcode] ?? []].flat();
    // Lone letters for flags have no code and nobody looks for them.
    if (own.length === 0 && tags.length === 0) return [];
    const names = own.length > 0 ? own : [label.replace(/\s+/g, '_')];
    return [{ unicode, label, codes: names, words: [label, ...tags].map((word) => word.toLowerCase()) }];
  });
}

/** The emoji that a word asks for: those called so first, then those whose name begins so. */
export function findEmoji(all: readonly Emoji[], query: string): Emoji[] {
  const wanted = query.toLowerCase();
  const rank = ({ codes, words }: Emoji): number => {
    if (codes.includes(wanted)) return 0;
    // Two letters are the start of a word more often than the sign of a country.
    if (wanted.length > 2 && words.includes(wanted)) return 1;
    if (codes.some((code) => code.startsWith(wanted))) return 2;
    return words.some((word) => word.startsWith(wanted)) ? 3 : 4;
  };
  const ranked = all.map((emoji) => ({ emoji, rank: rank(emoji) })).filter((one) => one.rank < 4);
  return ranked
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MOST)
    .map((one) => one.emoji);
}

/** `:smile` offers emoji while one types. */
export function emojiPicker(onError: (error: unknown) => void): Plugin {
  let loaded: Promise<readonly Emoji[]> | undefined;
  const find = async (query: string): Promise<Suggestion[]> => {
    loaded ??= loadEmoji(locale());
    return findEmoji(await loaded, query).map(toSuggestion);
  };
  return suggest({
    trigger: /(?:^|[\s(])(:([\p{L}\d_+-]{2,}))$/u,
    label: t('emoji.label'),
    id: 'emoji-list',
    find,
    onError(error) {
      // The next word tries again.
      loaded = undefined;
      onError(error);
    },
  });
}

function toSuggestion({ unicode, label, codes: [code = ''] }: Emoji): Suggestion {
  return {
    ...{ id: code, label, icon: unicode, hint: `:${code}` },
    apply: (view) => view.dispatch(view.state.tr.insertText(`${unicode} `)),
  };
}
