import { readFileSync } from 'node:fs';

/** Ticks of `/proc/<pid>/stat` are hundredths of a second on every Linux. */
const tick = 10;

/** Milliseconds of CPU that a process has used in all its threads. @throws Error where there is no /proc */
export function readCpu(pid: number): number {
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
    .slice(11);
  return (Number(user) + Number(system)) * tick;
}

/** MiB of memory that a process has at the moment. @throws Error where there is no /proc */
export function readMemory(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  if (kilobytes === undefined) throw new Error('/proc does not say how much memory a process has');
  return Number(kilobytes) / 1024;
}
