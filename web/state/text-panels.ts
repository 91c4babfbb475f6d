import { createSignal, type Accessor } from 'solid-js';
import { isCoarse } from './pointer.ts';
import { createFlag } from './stored.ts';

/** Something that somebody said about words of a document. `at` is milliseconds since 1970. */
export interface CommentMessage {
  id: string;
  /** Id tag; empty for somebody without a name. Not proven: it is what the message says. */
  by: string;
  name: string;
  at: number;
  text: string;
}

/** A conversation about words of a document. */
export interface CommentThread {
  id: string;
  /** The words as they were when it began. */
  quote: string;
  /** When it was resolved, in milliseconds since 1970; 0 while it is open. */
  resolved: number;
  messages: readonly CommentMessage[];
}

/** Comments of the document on the screen. */
export interface CommentsPort {
  /** In the order of the text; those whose words are gone at the end. */
  threads: Accessor<readonly CommentThread[]>;
  /** Whether its words are still in the text. */
  isPlaced(thread: string): boolean;
  active: Accessor<string | undefined>;
  /** The words that a new comment is about; undefined while none is written. */
  draft: Accessor<string | undefined>;
  mayComment(): boolean;
  isMine(message: CommentMessage): boolean;
  /** Begins a comment on the selection; false when nothing is selected. */
  begin(): boolean;
  /** Ends the draft without a comment. */
  cancel(): void;
  start(text: string): void;
  answer(thread: string, text: string): void;
  resolve(thread: string, resolved: boolean): void;
  /** Takes a message away; gives what brings it back. */
  remove(thread: string, message: string): () => void;
  /** Marks the words of a thread and brings them into view. */
  show(thread: string | undefined): void;
}

export interface FindOptions {
  query: string;
  matchCase: boolean;
  wholeWord: boolean;
}

/** Find and replace in the document on the screen. */
export interface FindPort {
  options: Accessor<FindOptions>;
  /** How many places were found, whether counting ended there, and which of them is the current one (from 1; 0: none). */
  found: Accessor<{ count: number; isCut: boolean; current: number }>;
  search(options: FindOptions): void;
  move(by: 1 | -1): void;
  replace(text: string): void;
  /** One step for undo. Returns how many places were replaced. */
  replaceAll(text: string): number;
  /** Ends the search and selects the current place. */
  end(): void;
}

export interface OutlineEntry {
  /** Where the heading begins in the editor's document. */
  pos: number;
  level: number;
  text: string;
}

export interface TextCount {
  words: number;
  characters: number;
  /** Time to read it, in minutes, at least 1 when there are words. */
  minutes: number;
}

/** Headings and size of the document on the screen; read only while somebody watches. */
export interface OutlinePort {
  headings: Accessor<readonly OutlineEntry[]>;
  /** Index of the heading under which the caret, or else the top of the window, stands; -1 before the first. */
  current: Accessor<number>;
  count: Accessor<TextCount>;
  /** Of the selection; undefined when nothing is selected. */
  selected: Accessor<TextCount | undefined>;
  watch(): () => void;
  jump(entry: OutlineEntry): void;
}

/** Somebody who has the document open, too. */
export interface Present {
  /** Client id of their window. */
  client: number;
  name: string;
  /** `#rrggbb` */
  color: string;
}

/** Who else is here, and whose caret the window follows. */
export interface PresencePort {
  others: Accessor<readonly Present[]>;
  following: Accessor<number | undefined>;
  /** Follows a caret until one moves oneself; undefined ends it. */
  follow(client: number | undefined): void;
}

/** What stands beside a text in the editor. */
export interface Companions {
  /** The document. */
  readonly id: string;
  readonly comments: CommentsPort;
  readonly find: FindPort;
  readonly outline: OutlinePort;
  readonly presence: PresencePort;
  /** Puts the caret back into the text. */
  focus(): void;
  /** Whether it may be edited at all, apart from reading it now. */
  mayWrite(): boolean;
}

const [companions, setCompanions] = createSignal<Companions>();
export { companions };

/** Says what stands beside the text on the screen. Returns its end. */
export function provideCompanions(next: Companions): () => void {
  setCompanions(next);
  return () => setCompanions((now) => (now === next ? undefined : now));
}

export type PanelName = 'comments' | 'outline' | 'links';
const [panel, setPanel] = createSignal<PanelName>();
const [finding, setFinding] = createSignal(false);
const [focusMode, setFocusMode] = createSignal(false);
export { finding, focusMode, panel, setFinding, setFocusMode, setPanel };

const [writesAtOnce, setWritesAtOnce] = createFlag('islet:writes-at-once');
const [reading, setReading] = createSignal(false);
export { reading };

/** Whether documents open for reading on this device: on a touch screen, unless Edit was chosen last. */
export function opensForReading(): boolean {
  return isCoarse() && !writesAtOnce();
}

/** Turns reading on or off; `chosen` by hand it is remembered on this device. */
export function setReadingMode(on: boolean, chosen: boolean): void {
  setReading(on);
  if (chosen) setWritesAtOnce(!on);
}
