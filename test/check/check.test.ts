import { chmodSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorkspace } from '../../src/check/workspace.ts';
import { UserError } from '../../src/errors.ts';
import { DEFAULT_SETTINGS } from '../../src/policy/settings.ts';
import { registry } from '../support/registry.ts';
import { checkJson, createRoom, type Room, runCheck, shootWith, summarize } from './command.ts';

let room: Room;
beforeEach(() => {
  room = createRoom();
});
afterEach(() => room.cleanUp());

const BAD = shootWith('backend: birdy');
const GOOD = shootWith('backend: none');

async function foundIn(text: string | Buffer, args: readonly string[] = []): Promise<string[]> {
  return summarize(await checkJson([...args, '-'], { stdin: text }));
}

describe('documents', () => {
  it.each<{ name: string; text: string | Buffer; found: string[] }>([
    { name: 'nothing', text: '', found: [] },
    { name: 'comments', text: '# a\n---\n# b\n', found: [] },
    { name: 'a good one', text: GOOD, found: [] },
    {
      name: 'a bad one',
      text: BAD,
      found: ['-:1:19:16 error spec.networking.providerConfig.backend [shoot/backend]'],
    },
    {
      name: 'behind a separator',
      text: `---\n${BAD}`,
      found: ['-:1:20:16 error spec.networking.providerConfig.backend [shoot/backend]'],
    },
    {
      name: 'behind a comment and a directive',
      text: `%YAML 1.1\n# x\n---\n${BAD}`,
      found: ['-:1:22:16 error spec.networking.providerConfig.backend [shoot/backend]'],
    },
    {
      name: 'the third of several',
      text: `${GOOD}--- # two\n---\n${BAD}`,
      found: ['-:3:43:16 error spec.networking.providerConfig.backend [shoot/backend]'].map((each) =>
        each.replace(':43:', ':40:'),
      ),
    },
    {
      name: 'with a byte order mark and CRLF',
      text: `\ufeff${BAD.replaceAll('\n', '\r\n')}`,
      found: ['-:1:19:16 error spec.networking.providerConfig.backend [shoot/backend]'],
    },
    {
      name: 'without a last line end',
      text: BAD.trimEnd(),
      found: ['-:1:19:16 error spec.networking.providerConfig.backend [shoot/backend]'],
    },
    { name: 'another kind', text: 'apiVersion: v1\nkind: Secret\ndata: {a: 1, a: 2}\n', found: [] },
    { name: 'a list and a string', text: '- a\n---\ntext\n---\n1\n', found: [] },
  ])('$name', async ({ text, found }) => {
    expect(await foundIn(text)).toEqual(found);
  });

  it('are evaluated beside broken ones, in the same file and in others', async () => {
    room.write({ 'a.yaml': `a: [1\n---\n${BAD}---\nb: "\n`, 'b.yaml': BAD });
    const report = await checkJson([room.at('a.yaml'), room.at('b.yaml')]);
    expect(summarize(report, room.path)).toEqual([
      'a.yaml:1:1:5 error  [syntax]',
      'a.yaml:2:21:16 error spec.networking.providerConfig.backend [shoot/backend]',
      'a.yaml:3:23:4 error  [syntax]',
      'b.yaml:1:19:16 error spec.networking.providerConfig.backend [shoot/backend]',
    ]);
    expect(report.summary).toEqual({ errors: 4, warnings: 0, notes: 0, files: 2, documents: 4, objects: 2 });
  });

  it('may be JSON, one behind the other', async () => {
    const object = {
      apiVersion: 'core.gardener.cloud/v1beta1',
      kind: 'Shoot',
      spec: { networking: { type: 'calico', providerConfig: { backend: '}"{' } } },
    };
    const text = `${JSON.stringify({ kind: 'Other', text: '"}{' })}\n${JSON.stringify(object, null, '\t')}`;
    expect(await foundIn(text)).toEqual([
      '-:2:9:16 error spec.networking.providerConfig.backend [shoot/backend]',
    ]);
  });

  it('may be Lists, and Lists of Lists, with paths in the item', async () => {
    const item = BAD.split('\n')
      .map((line) => `      ${line}`)
      .join('\n');
    const text = `kind: List\nitems:\n  - kind: ShootList\n    items:\n    -\n${item}\n`;
    expect(await foundIn(text)).toEqual([
      '-:1:24:22 error spec.networking.providerConfig.backend [shoot/backend]',
    ]);
    const typed =
      'apiVersion: core.gardener.cloud/v1beta1\nkind: ShootList\nitems:\n- spec: {networking: {type: calico, providerConfig: {backend: x}}}\n';
    expect(await foundIn(typed)).toEqual([
      '-:1:4:63 error spec.networking.providerConfig.backend [shoot/backend]',
    ]);
  });

  it('may be AdmissionReviews, evaluated as the API server has completed them', async () => {
    const sample = (name: string) => readFileSync(new URL(`../samples/${name}`, import.meta.url));
    const rules = (found: string[]) => found.map((each) => each.replace(/^\S+ (\w+) .*\[/, '$1 ['));
    expect(rules(await foundIn(sample('05-vpa-mode-without-vpa.json')))).toEqual([
      'error [shoot/vpa-mode-needs-vpa]',
    ]);
    expect(rules(await foundIn(sample('15-old-mistake-stays.json')))).toEqual([
      'warning [shoot/kube-proxy-off-needs-ebpf]',
    ]);
    expect(rules(await foundIn(sample('03-uid-and-object.json')))).toEqual([
      'error [shoot/kube-proxy-off-needs-ebpf]',
    ]);
    expect(rules(await foundIn(sample('11-good-shoot.json')))).toEqual([]);
  });

  it('are read as Kubernetes reads YAML: no is false, a merge is a merge', async () => {
    const shoot = GOOD.replace('  networking:', '    kubeProxy: {enabled: no}\n  networking:');
    expect(await foundIn(shoot)).toEqual([
      '-:1:14:26 error spec.kubernetes.kubeProxy.enabled [shoot/kube-proxy-off-needs-ebpf]',
    ]);
    const merged = `${GOOD.replace('      backend: none', '      <<: &base {backend: birdy}')}`;
    expect(await foundIn(merged)).toEqual([
      '-:1:19:27 error spec.networking.providerConfig.backend [shoot/backend]',
    ]);
  });
});

describe('a mistake is', () => {
  it.each<{ name: string; config: string; found: string }>([
    {
      name: 'at the value',
      config: 'ipam: {type: x}',
      found: '-:1:19:20 error spec.networking.providerConfig.ipam.type [shoot/ipam]',
    },
    {
      name: 'at the key of what should not be there',
      config: 'overlay:\n  enable: true',
      found: '-:1:20:9 error spec.networking.providerConfig.overlay.enable [shoot/unknown-field]',
    },
    {
      name: 'at the key of a map',
      config: 'backend: {}',
      found: '-:1:19:7 error spec.networking.providerConfig.backend [shoot/wrong-type]',
    },
    {
      name: 'at the last of several keys',
      config: 'backend: none\nbackend: none',
      found: '-:1:20:7 error spec.networking.providerConfig.backend [shoot/duplicate-field]',
    },
    {
      name: 'behind wide characters, in UTF-16 units',
      config: 'ipam: {"😀": 1}',
      found: '-:1:19:14 error spec.networking.providerConfig.ipam["😀"] [shoot/unknown-field]',
    },
  ])('$name', async ({ config, found }) => {
    expect(await foundIn(shootWith(config))).toContain(found);
  });

  it('at the value, also where that is the name of its field', async () => {
    const felix = (selector: string) =>
      `apiVersion: projectcalico.org/v3\nkind: FelixConfiguration\nmetadata: {name: default}\nspec:\n  nodeSelector: ${selector}\n`;
    const found = await foundIn(`${felix('has(edge)')}---\n${felix('nodeSelector')}`);
    expect(found).toEqual([
      '-:1:5:17 error spec.nodeSelector [calico/felix-node-selector]',
      '-:2:11:17 error spec.nodeSelector [calico/felix-node-selector]',
      '-:2:11:17 warning spec.nodeSelector [calico/felix-node-selector]',
    ]);
  });

  it('is a duplicate anywhere in what is ours, once', async () => {
    const text = GOOD.replace('  name: dev', '  name: dev\n  name: dev').replace(
      'backend: none',
      'backend: none\n      backend: none',
    );
    expect(await foundIn(text)).toEqual([
      '-:1:5:3 error metadata.name [duplicate-key]',
      '-:1:21:7 error spec.networking.providerConfig.backend [shoot/duplicate-field]',
    ]);
  });
});

describe('what cannot be read', () => {
  it.each<{ name: string; text: string | Buffer; found: string; message: RegExp }>([
    {
      name: 'UTF-16',
      text: Buffer.from('\ufeffa: 1', 'utf16le'),
      found: '-:1:1:1 error  [syntax]',
      message: /UTF-16/,
    },
    {
      name: 'other bytes',
      text: Buffer.from('a: 1\nä: \xe4\n', 'latin1'),
      found: '-:1:2:1 error  [syntax]',
      message: /not UTF-8/,
    },
    {
      name: 'an alias bomb',
      text: `a: &a0 [x, x]\n${Array.from({ length: 20 }, (_, i) => `b${i}: &a${i + 1} [*a${i}, *a${i}]`).join('\n')}`,
      found: '-:1:15:18 error  [syntax]',
      message: /too many values/,
    },
    {
      name: 'nesting',
      text: `a: ${'['.repeat(100_000)}`,
      found: '-:1:1:259 error  [syntax]',
      message: /nested too deeply/,
    },
    {
      name: 'a document of megabytes',
      text: `a: ${'x'.repeat(5 * 1024 * 1024)}`,
      found: '-:1:1:1 error  [syntax]',
      message: /has 5\.0 MiB, which is too large/,
    },
  ])('is reported with its place: $name', async ({ text, found, message }) => {
    const report = await checkJson(['-'], { stdin: text });
    expect(summarize(report)).toEqual([found]);
    expect(report.findings[0]?.message).toMatch(message);
  });

  it('has names of any type, and the answer only those that are text', async () => {
    for (const key of ['name', 'generateName']) {
      const text = JSON.stringify({
        apiVersion: 'projectcalico.org/v3',
        kind: 'IPPool',
        metadata: { [key]: { a: 1 } },
        spec: {},
      });
      const { findings } = await checkJson(['-'], { stdin: text });
      expect(findings.map(({ name, rule }) => `${name} ${rule}`)).toContain(' calico/ippool-cidr');
    }
  });

  it('is reported for a file that was only found if the file is ours', async () => {
    const broken = 'metadata: {name: a\n';
    const latin = (text: string) => Buffer.from(`# \xe4\n${text}`, 'latin1');
    room.write({
      'tsconfig.json': '{\n  // comment\n  "a": "b" "c",\n}',
      'other.json': '{"apiVersion": 1, ]',
      'deployment.yaml': `apiVersion: apps/v1\nkind: Deployment\n${broken}`,
      'words.yaml': `# calico, see https://docs.projectcalico.org/v3.8\na: [\n`,
      'latin.yaml': latin('a: 1\n'),
      'long.yaml': `a: ${'x'.repeat(5 * 1024 * 1024)}`,
      'sub/config-map.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: calico-config\n`,
      'sub/latin.yaml': latin('apiVersion: projectcalico.org/v3\n'),
      'sub/pool.json': '{"apiVersion": "crd.projectcalico.org\\/v1", ]',
      'sub/pool.yaml': `apiVersion: projectcalico.org/v3\n${broken}`,
      'sub/utf16.yaml': Buffer.from('\ufeffapiVersion: projectcalico.org/v3\n', 'utf16le'),
    });
    const report = await checkJson([room.path]);
    expect(summarize(report, room.path)).toEqual([
      'sub/config-map.yaml:1:3:30 error  [syntax]',
      'sub/latin.yaml:1:1:3 error  [syntax]',
      'sub/pool.json:1:1:45 error  [syntax]',
      'sub/pool.yaml:1:2:18 error  [syntax]',
      'sub/utf16.yaml:1:1:1 error  [syntax]',
    ]);
    expect((await checkJson([room.at('tsconfig.json')])).findings).toHaveLength(1);
  });

  it('never throws, whatever the bytes', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.string().map((text) => Buffer.from(`${BAD}${text}`)),
    );
    const options = { registry, settings: DEFAULT_SETTINGS, each: false, strict: false };
    fc.assert(
      fc.property(bytes, (each) => {
        const workspace = createWorkspace(options);
        workspace.put({ name: '-', isNamed: true, read: () => each });
        const { findings } = workspace.report();
        for (const { line, column } of findings) expect(Math.min(line, column)).toBeGreaterThan(0);
      }),
      { numRuns: 60 },
    );
  });
});

describe('files', () => {
  it('are found in directories, sorted, without hidden ones and those of others', async () => {
    room.write({
      'b/2.yml': BAD,
      'b/1.yaml': BAD,
      'a.json': JSON.stringify({ kind: 'Other' }),
      'c.txt': BAD,
      '.git/x.yaml': BAD,
      '.hidden.yaml': BAD,
      'node_modules/x/y.yaml': BAD,
    });
    symlinkSync(room.path, room.at('b/loop'));
    symlinkSync(room.at('c.txt'), room.at('b/3.yaml'));
    mkdirSync(room.at('dir.yaml'));
    const report = await checkJson([room.path]);
    expect(report.findings.map(({ file }) => file.slice(room.path.length))).toEqual([
      'b/1.yaml',
      'b/2.yml',
      'b/3.yaml',
    ]);
    expect(report.summary.documents).toBe(4);
  });

  it('are evaluated once, even if named several times', async () => {
    room.write({ 'a.yaml': BAD });
    symlinkSync(room.at('a.yaml'), room.at('z.yaml'));
    expect((await checkJson([room.at('a.yaml'), room.path, room.at('z.yaml')])).findings).toHaveLength(1);
    expect((await checkJson(['-', '-'], { stdin: BAD })).findings).toHaveLength(1);
  });

  it.skipIf(process.platform === 'win32')('that never end are not read to their end', async () => {
    const { findings } = await checkJson(['/dev/zero']);
    expect(findings.map(({ message }) => message)).toEqual([
      'the file is larger than 64 MiB, which is too large to be read; split it',
    ]);
  });

  it('that do not exist end the command before any output', async () => {
    room.write({ 'a.yaml': BAD });
    const missing = runCheck([room.at('a.yaml'), room.at('nothing.yaml')]);
    await expect(missing).rejects.toThrow(UserError);
    await expect(missing).rejects.toThrow(/cannot read .*nothing\.yaml \(ENOENT\); check the path/);
  });

  it('that were only found and cannot be read are reported, and change nothing', async () => {
    room.write({ 'a.yaml': GOOD });
    symlinkSync('nothing.yaml', room.at('b\u001b[31m.yaml'));
    symlinkSync('loop.yaml', room.at('loop.yaml'));
    symlinkSync('nothing', room.at('gone'));
    symlinkSync('user@host:1234', room.at('.#a.yaml'));
    const { code, stderr, stdout } = await runCheck([room.path]);
    expect(stderr).toBe(
      [
        `calico-admission: not read: ${room.at('loop.yaml')}: the link is part of a circle of links (ELOOP)\n`,
        `calico-admission: not read: ${room.at('b\\u001b[31m.yaml')}: the target of the link does not exist (ENOENT)\n`,
      ].join(''),
    );
    expect({ code, stdout }).toEqual(await pick(runCheck([room.at('a.yaml')])));
    await expect(runCheck([room.at('loop.yaml')])).rejects.toThrow(/loop\.yaml \(ELOOP\)/);
  });

  it.skipIf(process.getuid?.() === 0)('that cannot be read are reported where they were found', async () => {
    room.write({ 'a.yaml': GOOD, 'shut/b.yaml': BAD, 'shut.yaml': BAD });
    chmodSync(room.at('shut'), 0);
    chmodSync(room.at('shut.yaml'), 0);
    const { code, stderr } = await runCheck([room.path]);
    expect(code).toBe(0);
    expect(stderr).toContain(`not read: ${room.at('shut')}: it cannot be read (EACCES)`);
    expect(stderr).toContain(`not read: ${room.at('shut.yaml')}: it cannot be read (EACCES)`);
    await expect(runCheck([room.at('shut.yaml')])).rejects.toThrow(/shut\.yaml \(EACCES\)/);
  });

  it('are counted once there are many of them', async () => {
    room.write({ 'a.yaml': GOOD });
    for (let index = 10; index < 30; index += 1) symlinkSync('nothing', room.at(`${index}.yaml`));
    const lines = (await runCheck([room.path])).stderr.trimEnd().split('\n');
    expect(lines).toHaveLength(11);
    expect(lines.at(-1)).toBe('calico-admission: not read: 10 more paths');
  });

  it('are found behind links, as long as these stay inside the repository', async () => {
    room.write({
      'outside/x.yaml': BAD,
      'repo/.git/HEAD': '',
      'repo/base/pool.yaml': BAD,
      'repo/base/deep/pool.yaml': BAD,
      'repo/clusters/a/own.yaml': BAD,
    });
    symlinkSync('../../base', room.at('repo/clusters/a/base'));
    symlinkSync('../../base', room.at('repo/clusters/a/again'));
    symlinkSync('..', room.at('repo/clusters/a/up'));
    symlinkSync('../../..', room.at('repo/clusters/a/top'));
    symlinkSync('../../../outside', room.at('repo/clusters/a/outside'));
    symlinkSync('../../../outside/x.yaml', room.at('repo/clusters/a/x.yaml'));
    const filesOf = async (path: string) => {
      const { findings } = await checkJson([room.at(path)]);
      return findings.map(({ file }) => file.slice(room.at(path).length + 1));
    };
    const behind = await filesOf('repo/clusters');
    expect(behind.map((each) => each.replace('again', 'base'))).toEqual([
      'a/base/deep/pool.yaml',
      'a/base/pool.yaml',
      'a/own.yaml',
    ]);
    // Where the directory itself is there it goes before a link to it.
    expect(await filesOf('repo')).toEqual(['base/deep/pool.yaml', 'base/pool.yaml', 'clusters/a/own.yaml']);
    const { stderr } = await runCheck([room.at('repo')]);
    for (const name of ['outside', 'x.yaml']) {
      expect(stderr).toContain(
        `not read: ${room.at(`repo/clusters/a/${name}`)}: it is a link to a path outside of the repository\n`,
      );
    }
  });

  it('behind a link are not written', async () => {
    room.write({ '.git/HEAD': '', 'base/pool.yaml': shootWith('backend: None'), 'a/own.yaml': 'a: 1' });
    symlinkSync('../base', room.at('a/base'));
    const { stderr } = await runCheck(['--fix', room.at('a')]);
    expect(stderr).toContain(
      'a/base/pool.yaml: not written, it was found through a symbolic link; name the file itself',
    );
    expect(readFileSync(room.at('base/pool.yaml'), 'utf8')).toContain('None');
  });
});

async function pick(finished: ReturnType<typeof runCheck>) {
  const { code, stdout } = await finished;
  return { code, stdout };
}

const POOLS = ['10.0.0.0/8', '10.1.0.0/16'].map(
  (cidr, index) =>
    `apiVersion: crd.projectcalico.org/v1\nkind: IPPool\nmetadata: {name: p${index}}\nspec: {cidr: ${cidr}, natOutgoing: true}\n`,
);

describe('a bundle', () => {
  it('is all files, and its findings have places in the file that must change', async () => {
    room.write({ 'a.yaml': POOLS[0] ?? '', 'b.yaml': `a: 1\n---\n${POOLS[1]}` });
    const found = summarize(await checkJson([room.path]), room.path).filter((each) =>
      each.includes('overlap'),
    );
    expect(found).toEqual(['b.yaml:2:6:14 error spec.cidr [calico/ippool-overlap]']);
  });

  it('is a file with --each', async () => {
    room.write({ 'a.yaml': POOLS[0] ?? '', 'b.yaml': POOLS[1] ?? '', 'c.yaml': POOLS.join('---\n') });
    const found = summarize(await checkJson(['--each', room.path]), room.path).filter((each) =>
      each.includes('overlap'),
    );
    expect(found).toEqual(['c.yaml:2:9:14 error spec.cidr [calico/ippool-overlap]']);
  });

  it('keeps standard input for them', async () => {
    const found = (await foundIn(POOLS.join('---\n'))).filter((each) => each.includes('overlap'));
    expect(found).toEqual(['-:2:9:14 error spec.cidr [calico/ippool-overlap]']);
  });
});

describe('--old', () => {
  it('pardons what two documents do to each other only while it is the same', async () => {
    const pool = (name: string, cidr: string) =>
      `apiVersion: projectcalico.org/v3\nkind: IPPool\nmetadata: {name: ${name}}\nspec: {cidr: ${cidr}, natOutgoing: true}\n`;
    const pools = (cidr: string) => `${pool('all', '10.244.0.0/16')}---\n${pool('part', cidr)}`;
    room.write({ 'old.yaml': pools('10.244.128.0/17'), 'new.yaml': pools('10.244.0.0/17') });
    const severities = async (path: string) => {
      const { findings } = await checkJson(['--old', room.at('old.yaml'), room.at(path)]);
      return findings.filter(({ rule }) => rule === 'calico/ippool-overlap').map(({ severity }) => severity);
    };
    expect(await severities('new.yaml')).toEqual(['error']);
    room.write({ 'same.yaml': pools('10.244.128.0/17') });
    expect(await severities('same.yaml')).toEqual(['warning']);
  });

  it('pairs by kind, namespace and name, and forgives what was there', async () => {
    room.write({
      'old/x.yaml': `${BAD}---\n${shootWith('backend: birdy', 'other')}`,
      'new/y.yaml': `${BAD.replace('name: w', 'name: v')}---\n${shootWith('backend: birdy', 'third')}`,
    });
    expect(summarize(await checkJson(['--old', room.at('old'), room.at('new')]), room.at(''))).toEqual([
      'new/y.yaml:2:39:16 error spec.networking.providerConfig.backend [shoot/backend]',
      'new/y.yaml:1:19:16 warning spec.networking.providerConfig.backend [shoot/backend]',
    ]);
  });

  it('recognizes an object in another version or group of its API', async () => {
    const v1 = POOLS[0] ?? '';
    const v3 = v1
      .replace('crd.projectcalico.org/v1', 'projectcalico.org/v3')
      .replace('10.0.0.0/8', '10.0.0.0/9');
    room.write({ 'old.yaml': v1, 'new.yaml': v3 });
    expect(
      summarize(await checkJson(['--old', room.at('old.yaml'), room.at('new.yaml')]), room.path),
    ).toEqual(['new.yaml:1:4:14 error spec.cidr [calico/ippool-immutable]']);
  });

  it('distinguishes objects of one name by their kinds', async () => {
    const pool = POOLS[0] ?? '';
    const felix =
      'apiVersion: projectcalico.org/v3\nkind: FelixConfiguration\nmetadata: {name: p0}\nspec: {}\n';
    room.write({ 'old.yaml': `${pool}---\n${felix}`, 'new.yaml': pool.replace('10.0.0.0/8', '10.0.0.0/9') });
    expect(
      summarize(await checkJson(['--old', room.at('old.yaml'), room.at('new.yaml')]), room.path),
    ).toEqual(['new.yaml:1:4:14 error spec.cidr [calico/ippool-immutable]']);
  });

  it('reports nothing about an unchanged object', async () => {
    room.write({ 'old.yaml': BAD, 'new.yaml': BAD });
    expect((await checkJson(['--old', room.at('old.yaml'), room.at('new.yaml')])).findings).toEqual([]);
  });

  it('reports what cannot be read, and compares with the rest', async () => {
    room.write({ 'old.yaml': `a: [\n---\n${BAD}`, 'new.yaml': BAD });
    const finished = await runCheck(['--old', room.at('old.yaml'), room.at('new.yaml')]);
    expect(finished).toMatchObject({ code: 0 });
    expect(finished.stderr).toMatch(/^calico-admission: not compared with .*old\.yaml: not YAML/);
    await expect(runCheck(['--old', room.at('x'), room.at('new.yaml')])).rejects.toThrow(
      /cannot read .*x \(ENOENT\)/,
    );
  });
});

describe('the exit code', () => {
  const warned = GOOD.replace('type: local', 'type: azure')
    .replace('none', 'bird')
    .replace('    type: calico\n', '$&    nodes: 10.250.0.0/16\n');

  it.each<{ name: string; text: string; args: string[]; code: number }>([
    { name: 'of nothing wrong', text: GOOD, args: [], code: 0 },
    { name: 'of an error', text: BAD, args: [], code: 1 },
    { name: 'of a warning', text: warned, args: [], code: 0 },
    { name: 'of a warning that is strictly one', text: warned, args: ['--strict'], code: 1 },
    { name: 'of bad YAML', text: 'a: [', args: [], code: 1 },
    { name: 'of nothing of ours', text: 'a: 1', args: ['--strict'], code: 0 },
  ])('$name', async ({ text, args, code }) => {
    expect((await runCheck([...args, '-'], { stdin: text })).code).toBe(code);
  });

  it('depends on the reported severity', async () => {
    const { findings, summary } = await checkJson(['--strict', '-'], { stdin: warned });
    expect(findings.map(({ severity }) => severity)).toEqual(['error']);
    expect(summary).toEqual({ errors: 1, warnings: 0, notes: 0, files: 1, documents: 1, objects: 1 });
  });
});

describe('--config', () => {
  it('changes actions and exempts, and its mistakes end the command', async () => {
    room.write({
      'off.yaml': 'rules: {shoot/backend: "off"}',
      'exempt.yaml': 'exempt: [{namespace: garden-dev, rules: [shoot/backend]}]',
      'bad.yaml': 'rulez: {}',
    });
    expect(await foundIn(BAD, ['--config', room.at('off.yaml')])).toEqual([]);
    expect(await foundIn(BAD, ['--config', room.at('exempt.yaml')])).toEqual([]);
    await expect(foundIn(BAD, ['--config', room.at('bad.yaml')])).rejects.toThrow(UserError);
  });
});

describe('the command line', () => {
  it.each<{ args: string[]; message: RegExp }>([
    { args: [], message: /no path to check; name files/ },
    { args: ['--output', 'jsn', '-'], message: /no such output \(got "jsn"\); did you mean json\?/ },
    { args: ['--eech', '-'], message: /unknown flag "--eech"; did you mean --each\?/ },
    { args: ['--fix', '-'], message: /--fix cannot write standard input; use --diff/ },
    { args: ['--diff', '--output', 'json', '-'], message: /--diff prints a diff/ },
    {
      args: ['--diff', '--fix', 'a.yaml'],
      message: /--diff writes nothing and --fix does; leave one of them/,
    },
    {
      args: ['--output', 'gibberish', '-'],
      message: /\(got "gibberish"\); use text, json, sarif, github, gitlab or junit$/,
    },
    { args: ['--gibberish', '-'], message: /"--gibberish"; see calico-admission check --help$/ },
    // Else what is would be empty, and so without a mistake.
    {
      args: ['--old', '-', '-'],
      message: /standard input cannot be both the old and the new files; name a file/,
    },
  ])('$args', async ({ args, message }) => {
    const run = runCheck(args);
    await expect(run).rejects.toThrow(UserError);
    await expect(run).rejects.toThrow(message);
  });
});

describe('where there is nothing to check', () => {
  it.each([
    { stdin: '', args: ['-'], message: 'on standard input; it is empty' },
    { stdin: '# only a comment\n', args: ['-'], message: 'on standard input; it is empty' },
    {
      stdin: '',
      args: [new URL('../../src/policy', import.meta.url).pathname],
      message: '.yaml, .yml or .json',
    },
  ])('is reported on standard error: $args', async ({ stdin, args, message }) => {
    const { code, stderr } = await runCheck(args, { stdin });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^calico-admission: nothing to check /);
    expect(stderr).toContain(message);
  });

  it('and not where there is something', async () => {
    expect((await runCheck(['-'], { stdin: 'a: 1\n' })).stderr).toBe('');
  });
});
