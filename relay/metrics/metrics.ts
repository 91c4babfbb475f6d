import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createRegistry, type Reading, type Registry } from './registry.ts';

/** What a relay counts while it works. No name, address, title or text of anybody is in it. */
export interface Metrics {
  /** A request was answered. @param door pattern of its path, never the path itself; `seconds`: until the answer began */
  request(door: string, method: string, status: number, seconds: number): void;
  /** Somebody was asked to wait. */
  limited(rule: string): void;
  /** What became of a token that came: `stored`, `known`, …, or the code of the refusal. */
  verdict(what: string): void;
  /** A signature of a neighbour was looked at. */
  verified(isGood: boolean): void;
  /** A delivery ended so, or was tried in vain. */
  delivered(outcome: string): void;
  /** A transaction reached the disk. */
  committed(seconds: number): void;
  gauge(name: string, help: string, read: () => Reading | Promise<Reading>, label?: string): void;
  format(): Promise<string>;
  close(): void;
}

const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const nanosecond = 1e-9;

export function createMetrics(): Metrics {
  const registry = createRegistry();
  const requests = registry.counter('islet_requests_total', 'Requests answered.', [
    'door',
    'method',
    'status',
  ]);
  const durations = registry.histogram('islet_request_seconds', 'Until an answer began.', bounds);
  const limited = registry.counter('islet_limited_total', 'Refused because it was too much.', ['rule']);
  const verdicts = registry.counter('islet_inbox_total', 'Tokens from outside.', ['verdict']);
  const verified = registry.counter('islet_verifications_total', 'Signatures of neighbours.', ['result']);
  const deliveries = registry.counter('islet_deliveries_total', 'Tries to deliver.', ['outcome']);
  const commits = registry.histogram('islet_commit_seconds', 'Until a transaction was on the disk.', bounds);
  const close = watchProcess(registry);
  return {
    request(door, method, status, seconds) {
      requests([door, method, String(status)]);
      durations(seconds);
    },
    limited: (rule) => limited([rule]),
    verdict: (what) => verdicts([what]),
    verified: (isGood) => verified([isGood ? 'good' : 'bad']),
    delivered: (outcome) => deliveries([outcome]),
    committed: commits,
    gauge: registry.gauge,
    format: registry.format,
    close,
  };
}

/** @returns ends the measuring */
function watchProcess({ gauge }: Registry): () => void {
  const loop = monitorEventLoopDelay({ resolution: 20 });
  loop.enable();
  gauge(
    'islet_event_loop_delay_seconds',
    'How late the event loop was since it was last asked.',
    () => {
      const read = (n: number) => (Number.isFinite(n) ? n * nanosecond : 0);
      const found = { 0.5: read(loop.percentile(50)), 0.99: read(loop.percentile(99)), 1: read(loop.max) };
      loop.reset();
      return found;
    },
    'quantile',
  );
  gauge('islet_resident_memory_bytes', 'Memory that the process holds.', () => process.memoryUsage.rss());
  gauge('islet_heap_bytes', 'Memory of JavaScript objects.', () => process.memoryUsage().heapUsed);
  gauge('islet_uptime_seconds', 'Since the process began.', () => Math.round(process.uptime()));
  return () => loop.disable();
}
