import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { matchLayers, parseIgnorePatterns } from '../../src/files/ignore.ts';

const NAMES = [
  ...['foo', 'bar', 'a', 'b', 'x.yaml', 'a.yaml', 'b.yml', 'c.yaml', 'keep.yaml', '.hidden', 'axxb'],
  ...['#x', '!x', 'foo ', 'a*b', '{a,b}.yaml', '+(a).yaml', '[a].yaml', ']', '-', 'a-b', 'A'],
];
const PATHS = [
  ...NAMES,
  ...['foo', 'a', 'x', '.d'].flatMap((one) => NAMES.map((name) => `${one}/${name}/deep.yaml`)),
  ...['foo', 'a', 'x'].flatMap((one) =>
    ['bar', 'a'].flatMap((two) => NAMES.map((n) => `${one}/${two}/${n}`)),
  ),
];
const PATTERNS = [
  ...['*.yaml', 'foo', '/foo', 'foo/', '/foo/', 'foo/bar', 'foo/bar/', 'foo//bar', '\\foo', 'foo ', 'foo\\ '],
  ...['foo/**', 'foo/*', '**/foo', '**/a/', 'a/**/b', 'a/**', 'foo/**/', '**', '/**', '*', '/*', '**/*.yaml'],
  ...['a*b', 'a**b', 'a*/b', '**foo', 'foo**', 'a/**b', '/a/*/c.yaml', '*.y?ml', '?', '????', 'x*l', '*x*x*'],
  ...['[ab].yaml', '[!a].yaml', '[^a].yaml', '[a-c].yaml', '[a\\-c].yaml', '[]]', '[]-]', '[[:alpha:]].yaml'],
  ...['[[:upper:]]', '[[:nope:]]', '[', 'a[', '[a', '[[]a].yaml', '{a,b}.yaml', '+(a).yaml', '.*', '.hidden'],
  ...['\\#x', '#x', '\\!x', 'a\\*b', 'a\\', '!', '/', '//', '!foo', ' foo', '\t'],
];
const SETS = [
  ...PATTERNS.map((pattern) => [pattern]),
  ...[
    ['*', '!foo'],
    ['*.yaml', '!keep.yaml'],
    ['foo/*', '!foo/bar'],
    ['a/', '!a/b'],
    ['!x.yaml', '*.yaml'],
  ],
  ['/*', '!/foo', '/foo/*', '!/foo/bar'],
];

/** What git excludes for each set of patterns. */
function askGit(): ReadonlySet<string>[] {
  const repository = mkdtempSync(join(tmpdir(), 'calico-admission-ignore-'));
  try {
    execFileSync('git', ['init', '-q', repository]);
    for (const [index, patterns] of SETS.entries()) {
      mkdirSync(join(repository, String(index)));
      writeFileSync(join(repository, String(index), '.gitignore'), `${patterns.join('\n')}\n`);
    }
    const input = SETS.flatMap((_, index) => PATHS.map((path) => `${index}/${path}\0`)).join('');
    const script = 'git -c core.excludesFile=/dev/null check-ignore --no-index -z --stdin';
    const answer = execFileSync('sh', ['-c', script], { cwd: repository, input, encoding: 'utf8' });
    const excluded = answer.split('\0');
    return SETS.map((_, index) => {
      const prefix = `${index}/`;
      const own = excluded.filter((path) => path.startsWith(prefix));
      return new Set(own.map((path) => path.slice(prefix.length)));
    });
  } finally {
    rmSync(repository, { recursive: true });
  }
}

/** With all directories above it, as a walk does. */
function isExcluded(patterns: readonly string[], path: string): boolean {
  const layers = [{ directory: '/r', patterns: parseIgnorePatterns(patterns.join('\n')) }];
  const names = path.split('/');
  return names.some((_, index) =>
    matchLayers(layers, `/r/${names.slice(0, index + 1).join('/')}`, index < names.length - 1),
  );
}

describe('patterns of an ignore file', () => {
  it('match the same files as in git', () => {
    const git = askGit();
    for (const [index, patterns] of SETS.entries()) {
      const ours = PATHS.filter((path) => isExcluded(patterns, path));
      expect(new Set(ours), JSON.stringify(patterns)).toEqual(git[index]);
    }
  });

  it('have a character for each ?, where git has a byte', () => {
    expect(isExcluded(['?.yaml'], 'ä.yaml')).toBe(true);
    expect(isExcluded(['[ä-ö].yaml'], 'ö.yaml')).toBe(true);
  });

  it('need no more time for a pattern that is made to be slow', () => {
    const [pattern] = parseIgnorePatterns(`${'*a'.repeat(500)}b`);
    expect(pattern?.matches('a'.repeat(5000))).toBe(false);
    const [path] = parseIgnorePatterns(`${'**/a/'.repeat(100)}b`);
    expect(path?.matches('a/'.repeat(300).slice(0, -1))).toBe(false);
  });

  it('apply to their directory, and deeper ones override those above', () => {
    const layers = [
      { directory: '/r', patterns: parseIgnorePatterns('*.yaml\n/top.json') },
      { directory: '/r/sub', patterns: parseIgnorePatterns('!keep.yaml') },
    ];
    const excluded = ['/r/a.yaml', '/r/sub/a.yaml', '/r/sub/keep.yaml', '/r/keep.yaml', '/r/top.json'];
    expect(excluded.filter((path) => matchLayers(layers, path, false))).toEqual([
      '/r/a.yaml',
      '/r/sub/a.yaml',
      '/r/keep.yaml',
      '/r/top.json',
    ]);
    expect(matchLayers(layers, '/r/sub/top.json', false)).toBe(false);
    expect(matchLayers(layers, '/elsewhere/a.yaml', false)).toBe(false);
  });
});
