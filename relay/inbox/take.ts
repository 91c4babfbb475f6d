import type { ParsedAction } from '../../shared/action/action.ts';
import { IsletError } from '../../shared/errors.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import type { Lock } from '../identity/lock.ts';
import { deleteWaiting } from '../store/actions.ts';
import type { Executor } from '../store/database.ts';
import { type AnswerParts, listAnswers, prepareAnswers } from './answers.ts';
import type { Approval } from './approval.ts';
import type { Findings, Verdict } from './decide.ts';
import type { Verify } from './keys.ts';
import { type OwnAction, recordOwn, type SaidAction } from './own.ts';
import { keepTwin, pursue } from './pursue.ts';
import { recordAction, type StoredAction } from './record.ts';

export interface TakeParts extends AnswerParts {
  readonly idTag: IdTag;
  readonly verify: Verify;
  /** One decision at a time about an identity's actions. */
  readonly lock: Lock;
  /** Something from outside was stored; `recounts`: the action whose counts have changed by it. */
  readonly received: (stored: StoredAction, recounts: string | undefined) => void;
  /** The relay answered under a standing order. */
  readonly said: (said: SaidAction) => void;
  /** It passes by: devices that are there are told. */
  readonly passed: (action: ParsedAction) => void;
}

/** What became of a token. */
export interface Accepted {
  readonly status: Verdict;
  /** Tokens of what the relay answered at once. */
  readonly answers: readonly string[];
}

/** A token whose signature was looked at, on its way into the store. */
export interface Candidate {
  readonly found: Findings;
  readonly approval: Approval | undefined;
}

/** @returns once what became of it is on the disk @throws IsletError as `AcceptOne` */
export type Take = (candidate: Candidate) => Promise<Accepted>;

interface Waiting {
  readonly candidate: Candidate;
  readonly resolve: (accepted: Accepted) => void;
  readonly reject: (error: unknown) => void;
}

/** What is told once the transaction is on the disk. */
type Ending = () => void;

/** Tokens of one transaction: nothing else happens while it runs. */
const most = 32;

/** What comes in one turn of the loop, or while the disk is busy, shares a transaction; each is answered after it. */
export function createTake(parts: TakeParts): Take {
  const { lock } = parts;
  const line: Waiting[] = [];
  let running = false;

  const run = async (): Promise<void> => {
    running = true;
    while (line.length > 0) {
      await new Promise(setImmediate);
      await lock(() => takeAll(line.splice(0, most), parts));
    }
    running = false;
  };

  return (candidate) =>
    new Promise((resolve, reject) => {
      line.push({ candidate, resolve, reject });
      if (!running) void run();
    });
}

/** In the order they came. Never rejects: each is told its own end. */
async function takeAll(list: readonly Waiting[], parts: TakeParts): Promise<void> {
  for (let rest = list; rest.length > 0;) {
    const taken = await takeTogether(rest, parts);
    const next = rest[taken];
    if (next) await takeAlone(next, parts);
    rest = rest.slice(taken + 1);
  }
}

/** Takes them up to one that must be taken alone. @returns how many */
async function takeTogether(list: readonly Waiting[], parts: TakeParts): Promise<number> {
  const endings: Ending[] = [];
  try {
    await parts.db.transaction().execute(async (trx) => {
      for (const each of list) {
        const ending = await takeOne(trx, each, parts);
        if (!ending) break;
        endings.push(ending);
      }
    });
  } catch {
    // One of them broke it, or the disk did: each alone is told what went wrong, and harms no other.
    return 0;
  }
  endings.forEach((end, i) => tell(end, list[i]!));
  return endings.length;
}

function tell(end: Ending, { reject }: Waiting): void {
  try {
    end();
  } catch (error) {
    reject(error);
  }
}

/** With what standing orders have the relay answer, which is signed before the transaction begins. */
async function takeAlone(waiting: Waiting, parts: TakeParts): Promise<void> {
  const { candidate, reject } = waiting;
  try {
    const { found } = await pursue(candidate.found, { db: parts.db, parts, approval: candidate.approval });
    const answers = found.context ? await prepareAnswers(found.action, found.context, parts) : [];
    const ending = await parts.db.transaction().execute((trx) => takeOne(trx, waiting, parts, answers));
    if (ending) tell(ending, waiting);
  } catch (error) {
    reject(error);
  }
}

/** @returns undefined, having written nothing, when there is something to answer and `answers` are absent */
async function takeOne(
  trx: Executor,
  { candidate, resolve, reject }: Waiting,
  parts: TakeParts,
  answers?: readonly OwnAction[],
): Promise<Ending | undefined> {
  const { passed } = parts;
  const { found: start, approval } = candidate;
  const { action } = start;
  const end = await pursue(start, { db: trx, parts, approval }).catch(asRefusal);
  if (end instanceof IsletError) return () => reject(end);
  if (!('verdict' in end)) throw new Error('a decision without end');
  const { verdict, found } = end;
  if (verdict === 'stored') return store(trx, { found, answers, resolve }, parts);
  if (verdict === 'known') await keepTwin(trx, found);
  return () => {
    if (verdict === 'passed') passed(action);
    resolve({ status: verdict, answers: [] });
  };
}

function asRefusal(error: unknown): IsletError {
  if (error instanceof IsletError) return error;
  throw error;
}

interface Judged {
  readonly found: Findings;
  readonly answers: readonly OwnAction[] | undefined;
  readonly resolve: Waiting['resolve'];
}

/** The action, what follows from it, and what is answered under standing orders. */
async function store(
  trx: Executor,
  { found, answers, resolve }: Judged,
  { idTag, now, received, said }: TakeParts,
): Promise<Ending | undefined> {
  const { action, context, waits } = found;
  if (!context) throw new Error('taken without knowing what it stands in');
  if (!answers && (await listAnswers(action, context)).length > 0) return undefined;
  const effects = action.type.whenReceived?.(action.payload, context);
  if (waits) await deleteWaiting(trx, idTag, action);
  const token = action.token.text;
  const incoming = { idTag, action, token, proof: undefined, origin: 'received' as const, now: now() };
  const stored = await recordAction(trx, incoming, effects);
  const spoken: SaidAction[] = [];
  for (const answer of answers ?? []) spoken.push(await recordOwn(trx, idTag, answer, now()));
  return () => {
    received(stored, effects?.recounts);
    spoken.forEach(said);
    resolve({ status: 'stored', answers: (answers ?? []).map((answer) => answer.token) });
  };
}
