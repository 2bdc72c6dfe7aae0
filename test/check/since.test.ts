import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { checkJson, createRoom, type Room, runCheck, shootWith, summarize } from './command.ts';

// Real repositories: what git says of renames, links and shallow clones is not for a test to make up.
let room: Room;
beforeEach(() => {
  room = createRoom();
  git('init', '--quiet', '--initial-branch=main');
});
afterEach(() => room.cleanUp());

function git(...args: string[]): string {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...identity, ...args], { cwd: room.path, encoding: 'utf8' });
}

function commit(files: Readonly<Record<string, string>>): void {
  room.write(files);
  git('add', '--all', '--force');
  git('commit', '--quiet', '--allow-empty', '--message', 'x');
}

async function since(ref: string, paths: readonly string[] = [''], args: readonly string[] = []) {
  const report = await checkJson(['--since', ref, ...args, ...paths.map((path) => room.at(path))]);
  return summarize(report, room.path);
}

const BAD = shootWith('backend: birdy');
const BAD_AND_CHANGED = BAD.replace('name: w', 'name: v');
const AT = '1:19:16';
const pool = (name: string, cidr: string, more = '') =>
  `apiVersion: projectcalico.org/v3\nkind: IPPool\nmetadata: {name: ${name}}\nspec: {cidr: ${cidr}, natOutgoing: true${more}}\n`;
const found = (file: string, severity: string, at = AT) =>
  `${file}:${at} ${severity} spec.networking.providerConfig.backend [shoot/backend]`;

describe('what was wrong at that commit', () => {
  it('is a warning where the object changes, and what is new is an error', async () => {
    commit({ 'a.yaml': BAD });
    room.write({ 'a.yaml': BAD_AND_CHANGED, 'b.yaml': shootWith('backend: birdy', 'other') });
    expect(await since('HEAD')).toEqual([found('b.yaml', 'error'), found('a.yaml', 'warning')]);
    expect((await runCheck(['--since', 'HEAD', room.at('a.yaml')])).code).toBe(0);
    expect((await runCheck(['--since', 'HEAD', room.path])).code).toBe(1);
    expect(await since('HEAD', [''], ['--strict'])).toEqual([
      found('a.yaml', 'error'),
      found('b.yaml', 'error'),
    ]);
  });

  it('is not evaluated where the object stays as it was', async () => {
    commit({ 'a.yaml': BAD });
    expect(await since('HEAD')).toEqual([]);
    git('tag', 'v1');
    commit({ 'other.yaml': pool('p', '10.0.0.0/16') });
    expect(await since('v1')).toEqual([]);
    expect(await since('main~1')).toEqual([]);
  });

  it('is the same object in a file that was renamed, split or put together', async () => {
    commit({ 'a.yaml': BAD, 'two.yaml': `${pool('p', '10.0.0.0/16')}---\n${pool('q', '10.1.0.0/16')}` });
    renameSync(room.at('a.yaml'), room.at('renamed.yaml'));
    room.write({
      'renamed.yaml': BAD_AND_CHANGED,
      'two.yaml': pool('p', '10.2.0.0/16'),
      'three.yaml': pool('q', '10.3.0.0/16'),
    });
    const immutable = 'error spec.cidr [calico/ippool-immutable]';
    const expected = [
      `three.yaml:1:4:14 ${immutable}`,
      `two.yaml:1:4:14 ${immutable}`,
      found('renamed.yaml', 'warning'),
    ];
    expect(await since('HEAD')).toEqual(expected);
    // Only what is to be checked is named, as a hook does.
    expect(await since('HEAD', ['renamed.yaml', 'three.yaml', 'two.yaml'])).toEqual([
      expected[0],
      expected[1],
      expected[2],
    ]);
    git('add', '--all');
    expect(await since('HEAD')).toEqual(expected);
  });

  it('is that of the same file, where several clusters have objects of one name', async () => {
    commit({
      'dev/pool.yaml': pool('default', '10.0.0.0/16'),
      'prod/pool.yaml': pool('default', '10.1.0.0/16'),
    });
    room.write({ 'dev/pool.yaml': pool('default', '10.0.0.0/16', ', nodeSelector: all()') });
    expect(await since('HEAD')).toEqual([]);
    // That of a third cluster is new: the others still have theirs.
    room.write({ 'new/pool.yaml': pool('default', '10.2.0.0/16') });
    expect(await since('HEAD')).toEqual([]);
    rmSync(room.at('dev'), { recursive: true });
    expect(await since('HEAD')).toEqual(['new/pool.yaml:1:4:14 error spec.cidr [calico/ippool-immutable]']);
  });

  it('is found for documents without a name, and for unreadable files', async () => {
    const kubeadm =
      'apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\nnetworking: {podSubnet: 10.0.0.0/33}\n';
    const twice = pool('p', '10.0.0.0/16').replace('{cidr', '{natOutgoing: true, cidr');
    const broken = 'apiVersion: projectcalico.org/v3\na: [\n';
    commit({ 'k.yaml': kubeadm, 'twice.yaml': twice, 'same.yaml': broken, 'broken.yaml': broken });
    room.write({
      'k.yaml': `${kubeadm}clusterName: x\n`,
      'twice.yaml': twice.replace('p}', 'p, labels: {a: b}}'),
      'broken.yaml': `${broken}\n`,
      'worse.yaml': broken,
    });
    expect(await since('HEAD')).toEqual([
      'worse.yaml:1:2:4 error  [syntax]',
      'broken.yaml:1:2:4 warning  [syntax]',
      'k.yaml:1:3:25 warning networking.podSubnet [kubeadm/subnets]',
      'same.yaml:1:2:4 warning  [syntax]',
      'twice.yaml:1:4:46 warning spec.natOutgoing [duplicate-key]',
    ]);
  });
});

describe('the effects of an update on an existing cluster', () => {
  it('is reported', async () => {
    commit({ 'a.yaml': shootWith('overlay: {enabled: true}') });
    room.write({ 'a.yaml': shootWith('overlay: {enabled: false}') });
    expect(await since('HEAD')).toEqual([
      'a.yaml:1:19:26 warning spec.networking.providerConfig.overlay.enabled [shoot/overlay-switch]',
    ]);
  });

  it('is reported for a deletion, where others lack the document', async () => {
    const node = readFileSync(new URL('../cases/found/typha/split/node.yaml', import.meta.url), 'utf8');
    const typha = readFileSync(new URL('../cases/found/typha/split/typha.yaml', import.meta.url), 'utf8');
    commit({ 'node.yaml': node, 'typha.yaml': typha });
    expect(await since('HEAD')).toEqual([]);
    rmSync(room.at('typha.yaml'));
    expect((await since('HEAD')).map((each) => each.replace(/:\d+:\d+:\d+/, ''))).toEqual([
      expect.stringMatching(/^node\.yaml error .*\[kubeadm\/typha\]$/),
    ]);
    commit({});
    // From then on it is an old fault, of an object that has not changed.
    expect((await since('HEAD')).map((each) => each.replace(/:\d+:\d+:\d+/, ''))).toEqual([
      expect.stringMatching(/^node\.yaml warning .*\[kubeadm\/typha\]$/),
    ]);
  });
});

describe('the files', () => {
  it('are the same through links, from below, with any name, and with what git ignores', async () => {
    const odd = 'ä b\n"c\\.yaml';
    commit({ [`in/${odd}`]: BAD, 'in/.gitignore': 'ignored.yaml\n' });
    room.write({ [`in/${odd}`]: BAD_AND_CHANGED, 'in/ignored.yaml': shootWith('backend: birdy', 'new') });
    const link = `${room.path.slice(0, -1)}-link`;
    symlinkSync(room.path, link);
    try {
      for (const path of [room.at('in'), join(link, 'in')]) {
        const { findings } = await checkJson(['--since', 'HEAD', path]);
        expect(findings.map(({ severity, name }) => `${severity} ${name}`)).toEqual([
          'error new',
          'warning dev',
        ]);
      }
    } finally {
      rmSync(link);
    }
  });

  it('are all new before the first commit', async () => {
    room.write({ 'a.yaml': BAD });
    expect(await since('HEAD')).toEqual([found('a.yaml', 'error')]);
  });

  it('may have been links, submodules, directories or empty', async () => {
    commit({ 'a.yaml': '', 'b.yaml/c.yaml': BAD, 'd.yaml': BAD });
    symlinkSync('d.yaml', room.at('l.yaml'));
    commit({});
    rmSync(room.at('b.yaml'), { recursive: true });
    rmSync(room.at('d.yaml'));
    mkdirSync(room.at('d.yaml'));
    room.write({ 'b.yaml': BAD_AND_CHANGED, 'd.yaml/x.yaml': '' });
    rmSync(room.at('l.yaml'));
    expect(await since('HEAD')).toEqual([found('b.yaml', 'warning')]);
  });

  it('are corrected as updates', async () => {
    const wrong = pool('p', '10.0.0.0/16').replace('natOutgoing', 'natoutgoing');
    commit({ 'a.yaml': pool('p', '10.0.0.0/16') });
    room.write({ 'a.yaml': wrong });
    const { stderr, code } = await runCheck(['--since', 'HEAD', '--fix', room.path]);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(readFileSync(room.at('a.yaml'), 'utf8')).toBe(pool('p', '10.0.0.0/16'));
  });
});

describe('it is rejected with advice', () => {
  async function rejection(args: readonly string[]): Promise<string> {
    const error: unknown = await runCheck(args).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(UserError);
    return error instanceof Error ? error.message.replaceAll(room.path, '') : '';
  }

  it.each([
    ['--output=/tmp/x', 'not a commit, branch or tag'],
    ['-', 'not a commit, branch or tag'],
    ['', 'not a commit, branch or tag'],
    ['a b', 'not a commit, branch or tag'],
    ['a\nb', 'not a commit, branch or tag'],
    ['gone', 'has no such commit (got "gone"); fetch it first'],
    ['HEAD..HEAD~1', 'has no such commit'],
    ['^HEAD', 'has no such commit'],
    ['HEAD:a.yaml', 'has no such commit'],
    ['x'.repeat(5000), 'not a commit, branch or tag'],
    ['0'.repeat(40), 'has no such commit'],
  ])('for the reference %j', async (ref, message) => {
    commit({ 'a.yaml': BAD });
    expect(await rejection([`--since=${ref}`, room.path])).toContain(message);
  });

  it('in a shallow clone', async () => {
    commit({ 'a.yaml': BAD });
    commit({ 'b.yaml': BAD });
    const first = git('rev-parse', 'HEAD~1').trim();
    const clone = createRoom();
    try {
      execFileSync('git', ['clone', '--quiet', '--depth=1', `file://${room.path}`, clone.at('c')]);
      const message = await rejection(['--since', first, clone.at('c')]);
      expect(message).toMatch(/no such commit .*shallow: fetch the commit first.*fetch-depth: 0/);
      expect((await runCheck(['--since', 'HEAD', clone.at('c')])).code).toBe(0);
    } finally {
      clone.cleanUp();
    }
  });

  it('outside of a repository, and between two', async () => {
    commit({ 'a.yaml': BAD });
    const other = createRoom();
    try {
      other.write({ 'a.yaml': BAD });
      expect(await rejection(['--since', 'HEAD', other.path])).toContain('is in no git repository');
      execFileSync('git', ['init', '--quiet', other.path]);
      expect(await rejection(['--since', 'HEAD', room.path, other.path])).toContain('the paths are in two');
    } finally {
      other.cleanUp();
    }
  });

  it('where another flag sets the old state', async () => {
    expect(await rejection(['--since', 'HEAD', '--old', 'x', room.path])).toContain('--old and --since');
    expect(await rejection(['--since', 'HEAD', '-'])).toContain('standard input');
  });
});

it('runs nothing that the repository names', async () => {
  commit({ 'a.yaml': BAD, '.gitattributes': '*.yaml diff=evil filter=evil\n' });
  for (const [key, command] of [
    ['core.fsmonitor', 'touch fsmonitor'],
    ['diff.external', 'touch external'],
    ['diff.evil.textconv', 'touch textconv'],
    ['core.pager', 'touch pager'],
  ] as const) {
    git('config', key, `${command}; cat`);
  }
  room.write({ 'a.yaml': BAD_AND_CHANGED });
  expect(await since('HEAD')).toEqual([found('a.yaml', 'warning')]);
  for (const name of ['fsmonitor', 'external', 'textconv', 'pager']) {
    expect(() => readFileSync(room.at(name)), name).toThrow('ENOENT');
  }
});

it('works within a hook of git, which names its repository to programs', async () => {
  commit({ 'a.yaml': BAD });
  room.write({ 'a.yaml': BAD_AND_CHANGED });
  const before = { ...process.env };
  try {
    Object.assign(process.env, { GIT_DIR: '.git', GIT_INDEX_FILE: '.git/index', GIT_PREFIX: '' });
    expect(await since('HEAD')).toEqual([found('a.yaml', 'warning')]);
  } finally {
    for (const name of ['GIT_DIR', 'GIT_INDEX_FILE', 'GIT_PREFIX']) delete process.env[name];
    Object.assign(process.env, before);
  }
});
