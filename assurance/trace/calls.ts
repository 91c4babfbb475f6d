/** One system call, as `strace -f -yy` writes it. */
export interface Call {
  readonly thread: number;
  readonly name: string;
  /** What stands between the brackets. */
  readonly args: string;
  /** Number of the line at which it began, and of the one at which it was done: Infinity when it never was. */
  readonly began: number;
  readonly done: number;
  /** What it gave back; undefined when it never was done. */
  readonly result: number | undefined;
}

/** A call in which the process was killed gives back `?`, though it may have had its effect. */
const whole = /^(\d+) +(\w+)\((.*)\) += (-?\d+|\?)/s;
const unfinished = /^(\d+) +(\w+)\((.*) <unfinished \.\.\.>$/s;
const resumed = /^(\d+) +<\.\.\. (\w+) resumed>(.*)\) += (-?\d+)/s;
const never = { done: Infinity, result: undefined };

/** The calls of a trace in the order in which they began. What is no call (signals, ends of threads) is passed over. */
export function parseTrace(text: string): Call[] {
  const calls: Call[] = [];
  const open = new Map<string, number>();
  for (const [line, one] of text.split('\n').entries()) {
    const begin = unfinished.exec(one);
    const end = resumed.exec(one);
    const both = whole.exec(one);
    if (begin) {
      const [, thread = '', name = '', args = ''] = begin;
      open.set(thread, calls.length);
      calls.push({ thread: Number(thread), name, args, began: line, ...never });
    } else if (end) {
      const [, thread = '', , rest = '', result = ''] = end;
      const at = open.get(thread);
      const call = at === undefined ? undefined : calls[at];
      open.delete(thread);
      if (at !== undefined && call)
        calls[at] = { ...call, args: call.args + rest, done: line, result: Number(result) };
    } else if (both) {
      const [, thread = '', name = '', args = '', result = ''] = both;
      const end = result === '?' ? never : { done: line, result: Number(result) };
      calls.push({ thread: Number(thread), name, args, began: line, ...end });
    }
  }
  return calls;
}

const descriptor = /^\d+<((?:TCP|TCPv6):\[.*?\]|[^>]*)>/;

/** What the descriptor in the first place stands for: a path, or a connection as `TCP:[…->…:port]`. */
export function subjectOf({ args }: Call): string | undefined {
  return descriptor.exec(args)?.[1];
}

/** The paths that a call names, in their order. */
export function pathsOf({ args }: Call): string[] {
  return [...args.matchAll(/"(\/[^"]*)"/g)].map(([, path]) => path!);
}
