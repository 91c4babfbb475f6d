/** What is counted and measured, as Prometheus reads it (text format 0.0.4). */
export interface Registry {
  /** Only grows. @returns adds to the count of these labels, given in the order of `labels` */
  counter(
    name: string,
    help: string,
    labels?: readonly string[],
  ): (values?: readonly string[], by?: number) => void;
  /** Seconds. @param buckets upper bounds, rising */
  histogram(name: string, help: string, buckets: readonly number[]): (seconds: number) => void;
  /** Looked at when somebody asks; a number, or one for each value of `label`. */
  gauge(name: string, help: string, read: () => Reading | Promise<Reading>, label?: string): void;
  format(): Promise<string>;
}

export type Reading = number | Readonly<Record<string, number>>;

type Lines = () => string[] | Promise<string[]>;

/** Combinations of labels of one counter; what comes after is counted together. */
const mostSeries = 500;

export function createRegistry(): Registry {
  const metrics: Lines[] = [];
  const head = (name: string, help: string, type: string) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
  ];
  return {
    counter(name, help, labels = []) {
      const counts = new Map<string, number>();
      const known = new Map<string, string>();
      if (labels.length === 0) counts.set('', 0);
      metrics.push(() => [
        ...head(name, help, 'counter'),
        ...[...counts].map(([key, n]) => `${name}${key} ${n}`),
      ]);
      const overflow = formatLabels(
        labels,
        labels.map(() => 'other'),
      );
      const find = (values: readonly string[]) => {
        const wanted = formatLabels(labels, values);
        return counts.has(wanted) || counts.size < mostSeries ? wanted : overflow;
      };
      return (values = [], by = 1) => {
        const told = values.join('\n');
        const key = known.get(told) ?? find(values);
        if (key !== overflow) known.set(told, key);
        counts.set(key, (counts.get(key) ?? 0) + by);
      };
    },
    histogram(name, help, buckets) {
      const counts = buckets.map(() => 0);
      const all = { count: 0, sum: 0 };
      metrics.push(() => [
        ...head(name, help, 'histogram'),
        ...buckets.map((bound, i) => `${name}_bucket{le="${bound}"} ${counts[i]}`),
        ...[`${name}_bucket{le="+Inf"} ${all.count}`, `${name}_sum ${all.sum}`, `${name}_count ${all.count}`],
      ]);
      return (seconds) => {
        all.count += 1;
        all.sum += seconds;
        buckets.forEach((bound, i) => {
          if (seconds <= bound) counts[i] = (counts[i] ?? 0) + 1;
        });
      };
    },
    gauge(name, help, read, label = '') {
      metrics.push(async () => {
        const reading = await read();
        const rows = typeof reading === 'number' ? [['', reading] as const] : Object.entries(reading);
        const key = (value: string) => (typeof reading === 'number' ? '' : formatLabels([label], [value]));
        return [...head(name, help, 'gauge'), ...rows.map(([value, n]) => `${name}${key(value)} ${n}`)];
      });
    },
    async format() {
      const lines: string[] = [];
      for (const read of metrics) lines.push(...(await read()));
      return `${lines.join('\n')}\n`;
    },
  };
}

function formatLabels(names: readonly string[], values: readonly string[]): string {
  if (names.length === 0) return '';
  const escape = (text: string) => text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n');
  return `{${names.map((name, i) => `${name}="${escape(values[i] ?? '')}"`).join(',')}}`;
}
