import { performance } from 'node:perf_hooks';
import closeWithGrace from 'close-with-grace';
import { runKeys } from './admin/keys.ts';
import { runQuota } from './admin/quota.ts';
import { runReadmit } from './admin/readmit.ts';
import { parseConfig } from './config.ts';
import { createLog } from './log.ts';
import { collectAll, createRest, restLook } from './memory.ts';
import { createNode } from './node.ts';

/** What an operator does beside running it. */
const commands: Readonly<
  Record<string, (args: readonly string[], environment: NodeJS.ProcessEnv) => Promise<string>>
> = { quota: runQuota, keys: runKeys, readmit: runReadmit };

/** Runs one relay until it is told to stop, or the command that was asked for; what keeps it from that is said in one line. */
async function main(): Promise<void> {
  const [command, ...args] = process.argv.slice(2);
  const run = command !== undefined && Object.hasOwn(commands, command) ? commands[command] : undefined;
  if (run) return void process.stdout.write(`${await run(args, process.env)}\n`);
  const config = parseConfig(process.argv.slice(2), process.env);
  const log = createLog(config.logLevel);
  const addresses = config.privateAddresses.map(({ address, prefix }) => `${address}/${prefix}`);
  if (addresses.length > 0)
    log.warn({ addresses }, 'FOR DEVELOPMENT ONLY: whoever has a name can make this relay connect to these');
  const node = await createNode(config, { log });
  closeWithGrace({ delay: 10_000, logger: false }, async ({ err }) => {
    if (err) log.fatal({ err }, 'stopping after an error');
    await node.close();
  });
  const worked = () => performance.eventLoopUtilization().active;
  setInterval(createRest({ worked, collect: collectAll }), restLook).unref();
  const lines = [`Islet is at ${node.url}`];
  if (node.setupLink) {
    lines.push(`Set up Islet: ${node.setupLink}`);
    lines.push(`With an archive: ${node.setupLink.replace('/setup#', '/setup?archive#')}`);
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${message.replaceAll(/^/gm, 'islet: ')}\n`);
  process.exitCode = 1;
});
