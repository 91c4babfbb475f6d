import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';
import * as v from 'valibot';

/** Loaded into a server that is measured, before its own code: on SIGWINCH it collects what it does not use any more. */
setFlagsFromString('--expose-gc');
const collect = v.parse(v.function(), runInNewContext('gc'));
if (isMainThread) process.on('SIGWINCH', () => void collect());
