import type { Check } from '../check.ts';
import { accessChecks } from './access.ts';
import { aliasChecks } from './aliases.ts';
import { fileChecks } from './files.ts';
import { bodyChecks, grammarChecks } from './grammar.ts';
import { farewellChecks, inboxChecks } from './inbox.ts';
import { originChecks } from './origin.ts';
import { profileChecks } from './profile.ts';
import { readingChecks } from './reading.ts';
import { claimChecks, typeChecks } from './refusals.ts';
import { socketChecks } from './sockets.ts';

/** Everything that is looked at, in this order: what is accepted before what is refused, and goodbye at the end. */
export const checks: readonly Check[] = [
  ...profileChecks,
  ...originChecks,
  ...inboxChecks,
  ...accessChecks,
  ...readingChecks,
  ...fileChecks,
  ...socketChecks,
  ...aliasChecks,
  ...bodyChecks,
  ...grammarChecks,
  ...claimChecks,
  ...typeChecks,
  ...farewellChecks,
];
