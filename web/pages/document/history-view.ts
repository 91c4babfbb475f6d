import { type Accessor, createMemo, createSignal, onCleanup } from 'solid-js';
import type { Did } from '../../../shared/identity/did.ts';
import { type History, openHistory } from '../../client/history/open-history.ts';
import { viewPast, type PastNode } from '../../client/history/past-view.ts';
import { type ShortPast, shortenPast } from '../../client/history/shorten.ts';
import { findMoments, type Step } from '../../client/history/timeline.ts';
import type { Witnesses } from '../../client/history/verify.ts';
import { RelayUnreachable } from '../../client/relay/relay-api.ts';
import { t } from '../../i18n/history/translate.ts';
import { locale } from '../../i18n/translate.ts';
import { database } from '../../state/documents.ts';
import { historySource } from '../../state/history.ts';
import { openText } from '../../state/text-app.ts';
import { caretColor } from '../../ui/avatar.tsx';

export type Look = 'changes' | 'plain' | 'compare';

/** Somebody who wrote, as the history shows them. */
export interface Author {
  readonly name: string;
  readonly color: string;
}

/** A history on the screen: what is known of it, which moment is shown, and against which. */
export interface HistoryView {
  history: Accessor<History | undefined>;
  witnesses: Accessor<Witnesses | undefined>;
  failure: Accessor<string>;
  away: Accessor<boolean>;
  /** Moments that there are, and the one that is shown; 0 is before the first. */
  total: Accessor<number>;
  count: Accessor<number>;
  setCount(count: number): void;
  other: Accessor<number>;
  setOther(count: number): void;
  look: Accessor<Look>;
  setLook(look: Look): void;
  /** The whole document at the moment. */
  past: Accessor<PastNode[]>;
  /** What of it is drawn. */
  drawn: Accessor<ShortPast>;
  drawMore(): void;
  /** Whoever wrote up to the moment, each once. */
  writers: Accessor<Author[]>;
  authorOf(step: Step): Author;
  /** A moment in words. */
  moment(count: number): string;
  /** Steps up to the end of a moment. */
  stepsUpTo(count: number): number;
  /** Reads it again from this device. */
  reload(): Promise<void>;
}

/** So many pieces are drawn at first, and so many more when asked. */
const drawnAtOnce = 1500;

/** Shows at once what this device has, and then what the relay has besides. */
export function createHistoryView(id: string): HistoryView {
  const [history, setHistory] = createSignal<History>();
  const [witnesses, setWitnesses] = createSignal<Witnesses>();
  const [failure, setFailure] = createSignal('');
  const [away, setAway] = createSignal(false);
  const [count, setCount] = createSignal(0);
  const [other, setOther] = createSignal(0);
  const [look, setLook] = createSignal<Look>('changes');
  const [most, setMost] = createSignal(drawnAtOnce);
  let gone = false;
  const moments = createMemo(() => findMoments(history()?.timeline.steps ?? []));
  const total = () => moments().length;
  const stepsUpTo = (at: number) => moments()[at - 1] ?? 0;

  const reload = async (): Promise<void> => {
    const wasAtEnd = count() === total();
    const { documents } = await openText();
    const next = await openHistory(id, { db: await database(), documents, now: () => Date.now() });
    if (gone) return next.close();
    history()?.close();
    setHistory(next);
    const end = total();
    setCount((now) => (wasAtEnd ? end : Math.min(now, end)));
    setOther((now) => Math.min(now, end));
  };
  const load = async (): Promise<void> => {
    const source = historySource();
    await reload();
    if (!source) return;
    setWitnesses(await source.witnesses());
    try {
      if ((await source.fetch(id)) > 0) await reload();
    } catch (error) {
      if (!(error instanceof RelayUnreachable)) throw error;
      setAway(true);
    }
  };
  load().catch((error: unknown) => setFailure(error instanceof Error ? error.message : String(error)));
  onCleanup(() => {
    gone = true;
    history()?.close();
  });

  const past = createMemo(() => {
    const timeline = history()?.timeline;
    if (!timeline) return [];
    const at = Math.min(count(), total());
    const against = { changes: Math.max(at - 1, 0), plain: at, compare: other() }[look()];
    return viewPast(timeline, stepsUpTo(at), stepsUpTo(against));
  });
  const drawn = createMemo(() => shortenPast(past(), most()));
  const nameOf = (step: Step): string => {
    if (step.kind !== 'noted') return nameAuthor(step, witnesses());
    if (!historySource()) return t('hereAlone');
    // While the relay is away and no row is here, others may have written it, and sent it.
    const hasRows = history()?.timeline.steps.some(({ kind }) => kind !== 'noted') ?? false;
    return t(away() && !hasRows ? 'hereAway' : 'here');
  };
  const authorOf = (step: Step): Author => ({ name: nameOf(step), color: caretColor(step.author) });
  return {
    ...{
      history,
      witnesses,
      failure,
      away,
      total,
      count,
      setCount,
      other,
      setOther,
      look,
      setLook,
      past,
      drawn,
      reload,
      stepsUpTo,
      authorOf,
    },
    drawMore: () => setMost(most() + drawnAtOnce),
    // Named once each: a name may have to be looked for in all steps.
    writers: createMemo(() => {
      const last = new Map<string, Step>();
      for (const step of history()?.timeline.steps.slice(0, stepsUpTo(count())) ?? [])
        last.set(step.author, step);
      return [...last.values()].map(authorOf);
    }),
    moment(at) {
      const step = history()?.timeline.steps[stepsUpTo(at) - 1];
      if (!step) return t('beginning');
      return t('when', { time: formatMoment(step.at), who: nameOf(step) });
    },
  };
}

/** A day and a time, to the second: steps are close together. */
export function formatMoment(at: number): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'medium' }).format(at);
}

/** Who wrote a step, as the device log names them. */
export function nameAuthor({ author, kind }: Step, witnesses: Witnesses | undefined): string {
  if (kind === 'base') return t('base');
  if (kind === 'noted') return t('here');
  return nameDevice(author, witnesses);
}

/** The name of a device, or of a guest with who vouches for it. */
export function nameDevice(author: string, witnesses: Witnesses | undefined): string {
  if (author.startsWith('@')) return t('vouched', { name: author.slice(1) });
  return witnesses?.log.devices.get(author as Did)?.name ?? t('unknown');
}
