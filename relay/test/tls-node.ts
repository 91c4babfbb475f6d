import closeWithGrace from 'close-with-grace';
import * as v from 'valibot';
import { parseJson } from '../../shared/parse.ts';
import { parseConfig } from '../config.ts';
import { createNode } from '../node.ts';

/** A relay as its owner runs it, but for one thing: names have the addresses that `HOSTS` says, in JSON. */
const hosts = parseJson(v.record(v.string(), v.array(v.string())), process.env.HOSTS ?? '{}');
const node = await createNode(parseConfig([], process.env), {
  resolve: (host) => {
    const addresses = hosts[host];
    return addresses ? Promise.resolve(addresses) : Promise.reject(new Error(`no address for ${host}`));
  },
});
closeWithGrace({ delay: 10_000, logger: false }, () => node.close());
process.stdout.write(`Islet is at ${node.url}\nSet up Islet: ${node.setupLink ?? ''}\n`);
