import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fixText } from '../../src/check/fix.ts';
import { replaceText } from '../../src/files/write-file.ts';
import { DEFAULT_SETTINGS } from '../../src/policy/settings.ts';
import { run } from '../e2e/process.ts';
import { registry } from '../support/registry.ts';
import { createRoom, type Room, runCheck, shootWith } from './command.ts';

const options = { registry, settings: DEFAULT_SETTINGS };

async function fixed(text: string): Promise<string> {
  return fixText(text, options).text;
}

/** The configuration of a Shoot, before and after; as text, so that its form is seen. */
async function fixedConfig(
  config: string,
  change: (shoot: string) => string = (shoot) => shoot,
): Promise<string> {
  const before = change(shootWith(config));
  const after = await fixed(before);
  const marker = 'kind: NetworkConfig\n';
  return after
    .slice(after.indexOf(marker) + marker.length)
    .replaceAll(/^ {6}/gm, '')
    .trimEnd();
}

const onCloud = (cloud: string) => (shoot: string) => shoot.replace('type: local', `type: ${cloud}`);
const onAzure = onCloud('azure');

describe('--fix corrects', () => {
  it.each<{ name: string; config: string; change?: (shoot: string) => string; after: string }>([
    {
      name: 'a name by its case, and then its value',
      config: 'vethMtu: 1440  # jumbo\nbackend: none',
      after: 'vethMTU: "1440"  # jumbo\nbackend: none',
    },
    { name: 'a name by one letter', config: 'backand: none', after: 'backend: none' },
    {
      name: 'a value by its case, in its quotes',
      config: 'backend: \'None\'\nipam:\n  type: "Host-Local"',
      after: 'backend: \'none\'\nipam:\n  type: "host-local"',
    },
    {
      name: 'a boolean in quotes, in flow style',
      config: 'overlay: {enabled: "false" , createPodRoutes: \'true\'}',
      after: 'overlay: {enabled: false , createPodRoutes: true}',
    },
    {
      name: 'bird on Azure',
      config: 'backend: bird # ours\noverlay:\n  enabled: false',
      change: onAzure,
      after: 'backend: none # ours\noverlay:\n  enabled: false',
    },
    {
      name: 'what /mutate fills in, behind the last key',
      config: 'overlay:\n    enabled: false # routes\n# the end',
      change: onAzure,
      after: 'overlay:\n    enabled: false # routes\nbackend: none\n# the end',
    },
    {
      name: 'several things at once',
      config: 'Backend: None\nipam: {Type: calico_ipam}',
      change: onAzure,
      after: 'backend: none\nipam: {type: calico-ipam}',
    },
    {
      name: 'the one that counts of a merge',
      config: 'backend: none\nipam:\n  <<: {}\n  type: HOST-LOCAL',
      after: 'backend: none\nipam:\n  <<: {}\n  type: host-local',
    },
  ])('$name', async ({ config, change, after }) => {
    expect(await fixedConfig(config, change)).toBe(after);
  });

  it.each<{ name: string; config: string; change?: (shoot: string) => string }>([
    { name: 'a name whose right one is there already', config: 'vethMtu: "1440"\nvethMTU: "1400"' },
    { name: 'a name that may be another', config: 'bkend: none' },
    { name: 'a value that is more than misspelt', config: 'backend: birdy' },
    { name: 'a string that looks like another type', config: 'backend: none\nipam: {type: no}' },
    { name: 'what is good', config: 'backend: none\nvethMTU: "1440"' },
    { name: 'an overlay that is not set, on AWS', config: 'backend: none', change: onCloud('aws') },
    { name: 'an overlay that is not set, on GCP', config: '', change: onCloud('gcp') },
    { name: 'an overlay that is not set, on OpenStack', config: '', change: onCloud('openstack') },
    {
      name: 'the SNAT of a cluster without overlay',
      config: 'overlay: {enabled: false}',
      change: onCloud('gcp'),
    },
    { name: 'its routes', config: 'overlay: {enabled: false}', change: onCloud('openstack') },
  ])('nothing of $name', async ({ config, change = (shoot) => shoot }) => {
    const before = change(shootWith(config));
    expect(await fixed(before)).toBe(before);
  });

  it('the whole configuration where there is none', async () => {
    const shoot = onAzure(shootWith('')).replace(/ {4}providerConfig:[\s\S]*$/, '');
    const config =
      '    providerConfig:\n      apiVersion: calico.networking.extensions.gardener.cloud/v1alpha1\n      kind: NetworkConfig\n      backend: none\n';
    expect(await fixed(shoot)).toBe(shoot + config);
    expect(await fixed(`${shoot}    providerConfig: null # later\n`)).toBe(
      `${shoot}${config.trimEnd()} # later\n`,
    );
    expect(await fixed(`${shoot}    providerConfig:\n---\na: 1\n`)).toBe(`${shoot}${config}---\na: 1\n`);
  });

  it('JSON as JSON', async () => {
    const make = (config: object) => ({
      apiVersion: 'core.gardener.cloud/v1beta1',
      kind: 'Shoot',
      spec: { provider: { type: 'azure' }, networking: { type: 'calico', providerConfig: config } },
    });
    for (const space of [undefined, 2, '\t']) {
      const before = JSON.stringify(make({ ipam: { type: 'Host-Local' }, vethMTU: 1 }), null, space);
      const after = await fixed(before);
      expect(JSON.parse(after)).toEqual(
        make({ ipam: { type: 'host-local' }, vethMTU: '1', backend: 'none' }),
      );
      expect(after.split('\n')).toHaveLength(before.split('\n').length + (space === undefined ? 0 : 1));
    }
    expect(JSON.parse(await fixed(JSON.stringify(make({}))))).toEqual(make({ backend: 'none' }));
  });

  it('items of Lists, but no reviews', async () => {
    const item = shootWith('backend: None')
      .split('\n')
      .map((line) => `  ${line}`)
      .join('\n');
    const list = `kind: List\nitems:\n-${item.slice(1)}`;
    expect(await fixed(list)).toBe(list.replace('None', 'none'));
    const review = `request:\n  object:\n${item.replaceAll(/^/gm, '  ')}`;
    expect(await fixed(review)).toBe(review);
  });

  it('lines that end in CRLF, and a last line that does not end', async () => {
    const text = onAzure(shootWith('overlay:\n  enabled: false')).trimEnd().replaceAll('\n', '\r\n');
    expect(await fixed(text)).toBe(`${text}\r\n      backend: none`);
  });

  it('nothing that an alias shares, and reports that', async () => {
    const text = onAzure(shootWith('ipam: &x {type: Host-Local}\nbackend: none'))
      .replace('spec:\n', 'spec:\n  x: *x\n')
      .replace('  x: *x\n', '');
    expect(await fixed(text)).toBe(text.replace('Host-Local', 'host-local'));
    const shared = `${shootWith('backend: none\nipam: *x').replace('kind: Shoot', 'x: &x {type: Host-Local}\nkind: Shoot')}`;
    const result = fixText(shared, options);
    expect(result.text).toBe(shared);
    expect(result.refused).toEqual([
      'document 1: spec.networking.providerConfig.ipam.type: not corrected, the text has an unusual form; correct it by hand',
    ]);
  });

  it('documents beside broken ones', async () => {
    const good = shootWith('backend: None');
    expect(await fixed(`a: [\n---\n${good}---\n}\n`)).toBe(
      `a: [\n---\n${good.replace('None', 'none')}---\n}\n`,
    );
  });

  it.each([
    ['a variable', shootWith('backend: ${BACKEND}\nvethMTU: $(MTU)')],
    ['a part of a value', shootWith('vethMTU: "14${REST}"')],
    ['a template with nothing but values', shootWith('backend: {{ backend }}\nvethMTU: 1440')],
    ['a template with lines', shootWith('{% if bird %}\nbackend: None\n{% endif %}\nvethMTU: 1440')],
    [
      'a variable for all of it',
      shootWith('')
        .replace(/ {6}apiVersion[\s\S]*/, '')
        .replace('providerConfig:', 'providerConfig: ${CONFIG}'),
    ],
  ])('nothing about %s', async (_name, text) => {
    expect(await fixed(text)).toBe(text);
  });

  it('what is beside a variable, and the name of a field that holds one', async () => {
    const text = shootWith('backend: None\nvethMtu: ${MTU}');
    expect(await fixed(text)).toBe(text.replace('None', 'none').replace('vethMtu', 'vethMTU'));
  });
});

const PIECE = fc.constantFrom(
  'backend: bird',
  'Backend: None',
  'backend: {}',
  'vethMtu: 1440',
  'vethMTU: 010',
  'vethMTU: 1440 # x',
  'overlay: {enabled: "true"}',
  'overlay:',
  'overlay: {}',
  'ipam:\n  type: Host-Local\n  cidr: usePodCIDR',
  'ipam: {Type: calico_ipam}',
  'ipv4:\n    mode: Always\n    pool: VXLAN',
  'typha: {enabled: "false"}',
  'ebpfDataplane:\n  enable: true',
  '# a comment',
  '',
  '"autoScaling": {"mode": "VPA"}',
  'backand: >-\n  bird',
  'snatToUpstreamDNS: null',
  'vxlan: {enabled: yes}',
);
const SHOOT = fc
  .record({
    pieces: fc.array(PIECE, { maxLength: 6 }),
    cloud: fc.constantFrom('aws', 'azure', 'gcp', 'openstack', 'local'),
    crlf: fc.boolean(),
    end: fc.constantFrom('', '\n', '\n---\na: 1', '\n# end\n'),
  })
  .map(({ pieces, cloud, crlf, end }) => {
    const text = shootWith(pieces.join('\n')).replace('type: local', `type: ${cloud}`).trimEnd() + end;
    return crlf ? text.replaceAll('\n', '\r\n') : text;
  });

describe('--fix', () => {
  it('has nothing left to do the second time, and never touches what it does not correct', async () => {
    await fc.assert(
      fc.asyncProperty(SHOOT, async (text) => {
        const once = await fixed(text);
        expect(await fixed(once)).toBe(once);
        const comments = (of: string) => of.match(/#.*/g);
        expect(comments(once)).toEqual(comments(text));
      }),
      { numRuns: 30 },
    );
  });
});

describe('files', () => {
  let room: Room;
  beforeEach(() => {
    room = createRoom();
  });
  afterEach(() => room.cleanUp());

  it('are written with their mode and byte order mark, and then evaluated', async () => {
    room.write({ 'a.yaml': `\ufeff${shootWith('backend: None')}`, 'b.yaml': shootWith('backend: none') });
    chmodSync(room.at('a.yaml'), 0o640);
    const untouched = statSync(room.at('b.yaml')).ino;
    const finished = await runCheck(['--fix', room.path]);
    expect(finished).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(room.at('a.yaml'), 'utf8')).toBe(`\ufeff${shootWith('backend: none')}`);
    expect(statSync(room.at('a.yaml')).mode & 0o777).toBe(0o640);
    expect(statSync(room.at('b.yaml')).ino).toBe(untouched);
    expect(readdirSync(room.path)).toEqual(['a.yaml', 'b.yaml']);
  });

  it.runIf(process.getuid?.() === 0)('keep their owner, as in a container that runs as root', async () => {
    room.write({ 'a.yaml': shootWith('backend: None') });
    chownSync(room.at('a.yaml'), 1234, 2345);
    chmodSync(room.at('a.yaml'), 0o4750);
    await runCheck(['--fix', room.path]);
    expect(readFileSync(room.at('a.yaml'), 'utf8')).toContain('backend: none');
    expect(statSync(room.at('a.yaml'))).toMatchObject({ uid: 1234, gid: 2345, mode: 0o104750 });
  });

  it('that another program changes meanwhile stay as they are', async () => {
    room.write({ 'a.yaml': 'theirs' });
    expect(await replaceText(room.at('a.yaml'), 'what was read', 'ours')).toEqual({
      isWritten: false,
      message: 'not written, another process is changing it; try again',
    });
    expect(readFileSync(room.at('a.yaml'), 'utf8')).toBe('theirs');
    expect(readdirSync(room.path)).toEqual(['a.yaml']);
  });

  it('may have the longest names there are', async () => {
    for (const name of [`${'a'.repeat(250)}.yaml`, `${'🐼'.repeat(62)}.yaml`]) {
      room.write({ [name]: shootWith('backend: None') });
      expect(await runCheck(['--fix', room.at(name)])).toMatchObject({ code: 0, stderr: '' });
      expect(readFileSync(room.at(name), 'utf8')).toContain('backend: none');
    }
  });

  it('are not replaced where they are none', async () => {
    const { code } = await run('mkfifo', [room.at('pipe.yaml')]);
    expect(code).toBe(0);
    expect(await replaceText(room.at('pipe.yaml'), 'before', 'after')).toEqual({
      isWritten: false,
      message: 'not written, it is not a regular file; correct the program that writes it',
    });
    expect(lstatSync(room.at('pipe.yaml')).isFIFO()).toBe(true);
  });

  it('are not written through symbolic links', async () => {
    room.write({ 'real.txt': shootWith('backend: None') });
    symlinkSync(room.at('real.txt'), room.at('link.yaml'));
    const finished = await runCheck(['--fix', room.at('link.yaml')]);
    expect(finished.code).toBe(1);
    expect(finished.stderr).toMatch(
      /link\.yaml: not written, it is a symbolic link; name the file itself\n$/,
    );
    expect(lstatSync(room.at('link.yaml')).isSymbolicLink()).toBe(true);
    expect(readFileSync(room.at('real.txt'), 'utf8')).toContain('None');
  });

  it.each([
    { name: 'a link in the same directory', link: 'a.yaml', args: (room: Room) => [room.path] },
    {
      name: 'a link that was named before the directory',
      link: 'a.yaml',
      args: (room: Room) => [room.at('a.yaml'), room.path],
    },
    {
      name: 'a link that was named before the file',
      link: 'a.yaml',
      args: (room: Room) => [room.at('a.yaml'), room.at('real.yaml')],
    },
    {
      name: 'a link to its directory, named first',
      link: 'linked',
      args: (room: Room) => [room.at('linked'), room.at('sub')],
    },
  ])('are written although $name came first', async ({ link, args }) => {
    const path = link === 'linked' ? 'sub/real.yaml' : 'real.yaml';
    room.write({ [path]: shootWith('backend: None') });
    symlinkSync(room.at(link === 'linked' ? 'sub' : path), room.at(link));
    const finished = await runCheck(['--fix', ...args(room)]);
    expect(finished).toMatchObject({ code: 0, stderr: '' });
    expect(finished.stdout).toContain('1 object evaluated');
    expect(readFileSync(room.at(path), 'utf8')).toContain('backend: none');
    expect(lstatSync(room.at(link)).isSymbolicLink()).toBe(true);
  });

  it('keep all of their names, and report that', async () => {
    room.write({ 'a.yaml': shootWith('backend: None # a longer text than before\nvethMTU: "1440"') });
    linkSync(room.at('a.yaml'), room.at('b.yaml'));
    const { code, stderr } = await runCheck(['--fix', room.path]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/a\.yaml: written under all of its 2 names \(hard links\)\n$/);
    expect(readFileSync(room.at('a.yaml'), 'utf8')).toContain('backend: none # a longer');
    expect(readFileSync(room.at('b.yaml'), 'utf8')).toBe(readFileSync(room.at('a.yaml'), 'utf8'));
    expect(statSync(room.at('a.yaml')).ino).toBe(statSync(room.at('b.yaml')).ino);
    expect(readdirSync(room.path)).toEqual(['a.yaml', 'b.yaml']);
  });

  it('with several names are cut where they get shorter', async () => {
    room.write({ 'a.yaml': 'a long text' });
    linkSync(room.at('a.yaml'), room.at('b.yaml'));
    expect(await replaceText(room.at('a.yaml'), 'a long text', 'short')).toMatchObject({ isWritten: true });
    expect(readFileSync(room.at('b.yaml'), 'utf8')).toBe('short');
  });

  it.skipIf(process.getuid?.() === 0)(
    'that cannot be written are reported, and the others are written',
    async () => {
      const text = shootWith('backend: None');
      room.write({ 'shut/a.yaml': text, 'z.yaml': text });
      chmodSync(room.at('shut'), 0o555);
      const { code, stderr, stdout } = await runCheck(['--each', '--fix', room.path]);
      chmodSync(room.at('shut'), 0o755);
      expect(code).toBe(2);
      expect(stderr).toMatch(
        /shut\/a\.yaml: not written \(EACCES\); check its permissions and those of its directory\n$/,
      );
      expect(stdout).toContain('z.yaml:19: corrected: ');
    },
  );

  it('that are read-only stay as they are, and are reported', async () => {
    const text = shootWith('backend: None');
    room.write({ 'a.yaml': text, 'b.yaml': text });
    chmodSync(room.at('a.yaml'), 0o444);
    const { code, stderr } = await runCheck(['--each', '--fix', room.path]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/a\.yaml: not written, it is read-only; make it writable first\n$/);
    expect(readFileSync(room.at('a.yaml'), 'utf8')).toBe(text);
    expect(readFileSync(room.at('b.yaml'), 'utf8')).toContain('backend: none');
  });

  it('stay as they are with --diff, which patch understands', async () => {
    const before = `${shootWith('backend: None')}---\n${onAzure(shootWith('overlay:\n  enabled: false', 'x')).trimEnd()}`;
    room.write({ 'sub/a.yaml': before });
    const { stdout, code } = await runCheck(['--diff', room.at('sub/a.yaml')]);
    expect(code).toBe(1);
    expect(readFileSync(room.at('sub/a.yaml'), 'utf8')).toBe(before);
    const patched = await run('patch', ['-p1', '-o', '-', room.at('sub/a.yaml')], { input: stdout });
    expect(patched.stdout).toBe(await fixed(before));
  });

  it('of standard input are shown as a diff', async () => {
    const { stdout } = await runCheck(['--diff', '-'], { stdin: shootWith('backend: None') });
    expect(stdout).toContain('--- a/stdin\n+++ b/stdin\n@@ -16,4 +16,4 @@\n');
    expect(stdout).toContain('-      backend: None\n+      backend: none\n');
  });
});
