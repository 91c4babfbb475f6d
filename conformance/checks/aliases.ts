import { type Check, describe, type Target, type Verdict } from '../check.ts';
import { membersOf, readJson } from '../json.ts';
import { actionId, hash } from '../token.ts';
import type { Answer } from '../transport.ts';

/** What an answer says, without what is different each time. */
function gist({ status, headers, bytes, text }: Answer): string {
  const said = membersOf(readJson(text));
  const content = 'data' in said ? said['data'] : 'error' in said ? said['error'] : hash(bytes);
  return JSON.stringify([status, headers['content-type'], content]);
}

/** Both paths answer alike, and not because neither is there. */
async function compare({ ask }: Target, today: string, documented: string): Promise<Verdict> {
  const [ours, alias, unrouted] = [
    await ask(today),
    await ask(documented),
    await ask('/api/no-such-thing/x'),
  ];
  const missing = ours.status === 404 && gist(alias) === gist(unrouted) && gist(ours) !== gist(unrouted);
  return { ok: !missing && gist(ours) === gist(alias), seen: `${describe(ours)} / ${describe(alias)}` };
}

function alias(
  name: string,
  paths: (target: Target) => [today: string, documented: string],
  file = false,
): Check {
  return {
    ...{ name: `documented alias ${name}`, expected: "like today's path", demand: 'alias' },
    ...(file && { needs: ['file' as const] }),
    run: (target) => compare(target, ...paths(target)),
  };
}

const unknown = actionId('nobody said this');

/** Paths of the documentation. */
export const aliasChecks: readonly Check[] = [
  alias('/api/action/:id', () => [`/api/actions/${unknown}`, `/api/action/${unknown}`]),
  alias('/api/file/:id', ({ file }) => [`/api/files/${file}`, `/api/file/${file}`], true),
  alias(
    '/api/file/:id/descriptor',
    ({ file }) => [`/api/files/${file}/descriptor`, `/api/file/${file}/descriptor`],
    true,
  ),
  alias('/api/store/:id', ({ file }) => [`/api/files/${file}`, `/api/store/${file}`], true),
  alias(
    '/api/store/:id/metadata',
    ({ file }) => [`/api/files/${file}/metadata`, `/api/store/${file}/metadata`],
    true,
  ),
];
