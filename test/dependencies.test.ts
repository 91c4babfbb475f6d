import * as v from 'valibot';
import { expect, test } from 'vitest';
import { parseJson } from '../shared/parse.ts';
import { readSource } from './source-files.ts';
import { counted } from '../shared/test/counted.ts';

const lockSchema = v.object({
  packages: v.record(
    v.string(),
    v.object({
      hasInstallScript: v.optional(v.boolean(), false),
      resolved: v.optional(v.string()),
      integrity: v.optional(v.string()),
      link: v.optional(v.boolean(), false),
    }),
  ),
});
const packages = Object.entries(parseJson(lockSchema, readSource('package-lock.json')).packages);
const installed = packages.filter(([path, { link }]) => path !== '' && !link);

test('no package runs a script when it is installed, but the one that is named', () => {
  const scripted = installed.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path);
  const allowed = parseJson(
    v.object({ allowScripts: v.record(v.string(), v.boolean()) }),
    readSource('package.json'),
  );
  expect(scripted).toEqual(Object.keys(allowed.allowScripts).map((name) => `node_modules/${name}`));
  expect(readSource('.npmrc').split('\n')).toContain('ignore-scripts=true');
});

test('every package is pinned by a hash and comes from nowhere but a registry', () => {
  expect(installed.length).toBeGreaterThan(100);
  const loose = installed
    .filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))
    .map(([path]) => path);
  expect(loose).toEqual([]);
  counted('packages that are pinned', installed.length);
  const elsewhere = installed.filter(
    ([, { resolved }]) => resolved !== undefined && !/^https:\/\//.test(resolved),
  );
  expect(elsewhere.map(([path]) => path)).toEqual([]);
});
