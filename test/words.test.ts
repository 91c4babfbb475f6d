import { describe, expect, it } from 'vitest';
import { listFiles, readSource } from './source-files.ts';

const texts = listFiles().filter((path) => !/\.(png|ico|woff2?|jpe?g|webp)$/.test(path));

/** Put together here, so that this file does not name them itself. */
const registries = [
  ['registry', 'npmjs', 'org'],
  ['registry', 'yarnpkg', 'com'],
  ['registry', 'npmmirror', 'com'],
  ['npm', 'pkg', 'github', 'com'],
  ['files', 'pythonhosted', 'org'],
  ['static', 'crates', 'io'],
].map((parts) => parts.join('.'));

/** Texts that lie outside this project: who clones it could not look them up. */
const elsewhere = [
  /\bCLOUDILLO-WIRE\b|\bWIRE §/,
  /\b(DESIGN|STYLE|EXPERIENCE|ASSURANCE|STACK|SPEED)(\.md|\s*§|\s+[CHM]\d|:)/,
  /\/work\//,
];

function lines(pattern: (line: string) => boolean): string[] {
  return texts
    .filter((path) => path !== 'test/words.test.ts')
    .flatMap((path) =>
      readSource(path)
        .split('\n')
        .map((line, i) => ({ at: `${path}:${i + 1}`, line })),
    )
    .filter(({ line }) => pattern(line))
    .map(({ at }) => at);
}

describe('words that must not stand in the project', () => {
  it('no file names the host of a package registry', () => {
    expect(texts).toContain('package-lock.json');
    expect(lines((line) => registries.some((host) => line.includes(host)))).toEqual([]);
  });

  it('nothing refers to texts that lie outside the project', () => {
    expect(lines((line) => elsewhere.some((pattern) => pattern.test(line)))).toEqual([]);
  });

  it('finds what it looks for', () => {
    for (const sample of [
      '(DESIGN §4)',
      'ASSURANCE C10',
      'see STYLE.md',
      'DESIGN: sign first',
      '../CLOUDILLO-WIRE',
    ])
      expect(
        elsewhere.some((pattern) => pattern.test(sample)),
        sample,
      ).toBe(true);
    for (const sample of ['SECURITY.md', 'the design of it', 'STACK overflow', 'SPEC §4'])
      expect(
        elsewhere.some((pattern) => pattern.test(sample)),
        sample,
      ).toBe(false);
  });
});
