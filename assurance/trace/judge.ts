import { dirname } from 'node:path';
import { type Call, pathsOf, subjectOf } from './calls.ts';

/** What somebody was told, and what must have been on the disk by then. */
export interface Told {
  readonly name: string;
  /** The answer: the first bytes that went to this port with this text in them. */
  readonly answer: { readonly port: number; readonly text: string };
  /** Text that is in the database by then. Without one, whatever was written to the database is to be synced. */
  readonly record?: string;
  /** A file: text that it contains, and the name that it has by then, where it has one. */
  readonly file?: { readonly text: string; readonly name?: string };
}

const writes = ['write', 'writev', 'pwrite64', 'pwritev', 'pwritev2'];
const sends = ['write', 'writev', 'sendto', 'sendmsg'];
const syncs = ['fsync', 'fdatasync'];
const log = /\/islet\.db-wal$/;

interface Trace {
  readonly calls: readonly Call[];
  /** The line at which the answer left. */
  readonly by: number;
}

/**
 * What does not hold of a trace: one sentence for each.
 * @param told in the order in which it was told: an answer is looked for behind the one before, since ports are used again
 */
export function judgeTrace(calls: readonly Call[], told: readonly Told[]): string[] {
  let before = -1;
  return told.flatMap((one) => {
    const answer = findAnswer(one.answer, calls, before);
    if (!answer) return [`${one.name}: no answer is in the trace`];
    before = answer.began;
    const trace = { calls, by: answer.began };
    return judgeFile(one, trace)
      .concat(judgeRecord(one, trace))
      .map((failure) => `${one.name}: ${failure}`);
  });
}

function findAnswer({ port, text }: Told['answer'], calls: readonly Call[], after: number): Call | undefined {
  return calls.find(
    (call) =>
      call.began > after &&
      sends.includes(call.name) &&
      subjectOf(call)?.startsWith('TCP') &&
      subjectOf(call)?.endsWith(`:${port}]`) &&
      call.args.includes(text),
  );
}

/** Calls that were done, and well, before the answer left. */
function doneBefore({ calls, by }: Trace, names: readonly string[], after = -1): Call[] {
  return calls.filter(
    ({ name, began, done, result }) =>
      names.includes(name) && began > after && done < by && result !== undefined && result >= 0,
  );
}

function isSynced(trace: Trace, path: string, after: number): boolean {
  return doneBefore(trace, syncs, after).some((call) => subjectOf(call) === path);
}

/** The line at which a path was last written to before the answer; a write that is under way counts. */
function lastWrite({ calls, by }: Trace, path: string): number {
  const last = calls.filter(
    (call) => call.began < by && writes.includes(call.name) && subjectOf(call) === path,
  );
  return Math.max(-1, ...last.map(({ done }) => done));
}

function judgeRecord({ record, file }: Told, trace: Trace): string[] {
  const written = doneBefore(trace, writes).filter(
    (call) => log.test(subjectOf(call) ?? '') && call.args.includes(record ?? ''),
  );
  const first = written[0];
  if (!first) return ['answered before it was written to the database'];
  const path = subjectOf(first)!;
  if (!isSynced(trace, path, lastWrite(trace, path))) return [`answered before ${path} was synced`];
  const placed = file?.name === undefined ? undefined : findRename(trace, file.name);
  if (record !== undefined && placed && first.began < placed.done)
    return ['the database speaks of the file before it has its name'];
  return judgeName(path, trace);
}

function findRename(trace: Trace, name: string): Call | undefined {
  return doneBefore(trace, ['rename', 'renameat', 'renameat2']).find((call) =>
    pathsOf(call)[1]?.endsWith(`/${name}`),
  );
}

function judgeFile({ file }: Told, trace: Trace): string[] {
  if (!file) return [];
  const write = doneBefore(trace, writes).find(
    (call) =>
      subjectOf(call)?.startsWith('/') && !log.test(subjectOf(call)!) && call.args.includes(file.text),
  );
  if (!write) return ['answered before its bytes were written to a file'];
  const path = subjectOf(write)!;
  if (file.name === undefined) {
    if (!isSynced(trace, path, lastWrite(trace, path))) return [`answered before ${path} was synced`];
    return judgeName(path, trace);
  }
  const rename = findRename(trace, file.name);
  if (!rename) return [`answered before it was called ${file.name}`];
  const [from, to] = pathsOf(rename);
  if (from !== path) return [`what was called ${file.name} is ${from}, and its bytes are in ${path}`];
  const ready = { ...trace, by: rename.began };
  if (!isSynced(ready, path, lastWrite(ready, path))) return [`${path} got its name before it was synced`];
  return judgeName(to!, trace);
}

/** A name that was made in this trace, and those of the folders above it, are in folders that were synced since. */
function judgeName(path: string, trace: Trace): string[] {
  const failures: string[] = [];
  for (let name = path; name !== dirname(name); name = dirname(name)) {
    const made = findMaking(name, trace);
    if (made && !isSynced(trace, dirname(name), made.done))
      failures.push(`answered before ${dirname(name)} was synced, in which ${name} is new`);
  }
  return failures;
}

/** The first call that gave a path its name. */
function findMaking(path: string, trace: Trace): Call | undefined {
  return doneBefore(trace, ['mkdir', 'mkdirat', 'rename', 'renameat', 'renameat2', 'openat']).find(
    (call) => pathsOf(call).at(-1) === path && (call.name !== 'openat' || call.args.includes('O_CREAT')),
  );
}
