import { appendFileSync } from 'node:fs';
import { env } from 'node:process';

/**
 * Notes how often something was tried in this run, and held, for the report of `npm run assurance`. Called behind the last
 * expectation: what failed is not counted.
 */
export function counted(what: string, count: number): void {
  const { ISLET_COUNTS: file } = env;
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ what, count })}\n`);
}
