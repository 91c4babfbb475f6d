import { formatBytes } from '../../i18n/translate.ts';
import { formatPercent, t, tCount } from '../../i18n/files/translate.ts';
import type { FileItem, FileState } from '../../state/files.ts';

/** A title without characters that would turn the line round or cannot be seen; what is empty gets a word. */
export function shownTitle(item: Pick<FileItem, 'title' | 'locked'>): string {
  if (item.locked) return t('files.is.sealed');
  const title = item.title.replace(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, '');
  return title.trim() || t('files.untitled');
}

/** The size of a file in words; nothing for folders and documents. */
export function shownSize(item: FileItem): string {
  return item.size === undefined || item.type === 'folder' ? '' : formatBytes(item.size);
}

export type WhereKind =
  | 'here'
  | 'relay'
  | 'copies'
  | 'nowhere'
  | 'running'
  | 'fetching'
  | 'waiting'
  | 'full'
  | 'refused'
  | 'damaged'
  | 'stopped';

/** Where the bytes of a file are, in one word with its picture; what is under way or went wrong comes first. */
export function whereOf(state: FileState): { kind: WhereKind; text: string } {
  const { transfer, here, relay, copies } = state;
  if (transfer) {
    const percent = formatPercent(transfer.total > 0 ? Math.min(1, transfer.sent / transfer.total) : 0);
    if (transfer.state === 'running') {
      const kind = transfer.kind === 'upload' ? 'running' : 'fetching';
      return { kind, text: t(`files.where.${kind}`, { percent }) };
    }
    if (transfer.state === 'refused')
      return { kind: 'refused', text: t('files.where.refused', { reason: transfer.reason ?? '' }) };
    return { kind: transfer.state, text: t(`files.where.${transfer.state}`) };
  }
  if (copies > 1) return { kind: 'copies', text: tCount('files.where.copies', copies) };
  const kind = here ? 'here' : relay ? 'relay' : 'nowhere';
  return { kind, text: t(`files.where.${kind}`) };
}

/** Every place that has the bytes, for who wants to know which copies these are. */
export function placesOf({ here, relay, copies }: FileState): string {
  const others = copies - Number(here) - Number(relay);
  const places = [
    here ? t('files.where.here') : '',
    relay ? t('files.where.relay') : '',
    others > 0 ? tCount('files.detail.others', others) : '',
  ];
  return places.filter((place) => place !== '').join(' · ');
}

/** Hours, minutes and seconds as people write them. */
export function formatLength(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (n: number) => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
