import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shootWith } from '../check/command.ts';
import { cli, MAIN, run } from './process.ts';

let room: string;
beforeAll(() => {
  room = mkdtempSync(join(tmpdir(), 'calico-admission-e2e-check-'));
});
afterAll(() => rmSync(room, { recursive: true }));

describe('check, as it is installed', () => {
  it('says what is wrong, and exits with 1', async () => {
    const finished = await cli(['check', '-'], { input: shootWith('backend: birdy') });
    expect(finished).toMatchObject({ code: 1, stderr: '' });
    expect(finished.stdout).toMatch(
      /^-:19:16: error: unsupported backend \(got "birdy"\) \[shoot\/backend\]\n/,
    );
    expect(finished.stdout).toMatch(/\n1 error \(1 object evaluated, 1 document in 1 file\)\n$/);
  });

  it('exits with 0 and 2 where it should', async () => {
    expect(await cli(['check', '-'], { input: shootWith('backend: none') })).toMatchObject({ code: 0 });
    expect(await cli(['check', join(room, 'nothing')])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: `calico-admission: cannot read ${join(room, 'nothing')} (ENOENT); check the path and its permissions\n`,
    });
    expect(await cli(['check'])).toMatchObject({ code: 2 });
  });

  it('ends without an error if its reader stops early', async () => {
    const bad = Array.from({ length: 300 }, (_, index) => shootWith('backend: birdy', `s${index}`)).join(
      '---\n',
    );
    writeFileSync(join(room, 'many.yaml'), bad);
    const finished = await run('sh', [
      '-c',
      `"${process.execPath}" "${MAIN}" check "${join(room, 'many.yaml')}" | head -n 1`,
    ]);
    expect(finished).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('check --diff', () => {
  it('is what git apply makes --fix from, whatever the files are called and however their lines end', async () => {
    const bad = shootWith('vethMtu: "1440"\nbackend: Bird');
    const json = JSON.stringify({
      apiVersion: 'core.gardener.cloud/v1beta1',
      kind: 'Shoot',
      spec: {
        provider: { type: 'local' },
        networking: { type: 'calico', providerConfig: { backend: 'Bird' } },
      },
    });
    const files = {
      'plain.yaml': bad,
      'crlf.yaml': bad.replaceAll('\n', '\r\n'),
      'with a space.yaml': bad.trimEnd(),
      'line\nend "é".yaml': bad,
      // The mark stands in a line that changes.
      'mark.json': `\ufeff${json}`,
    };
    for (const directory of ['diff', 'fix']) {
      mkdirSync(join(room, directory, 'sub'), { recursive: true });
      for (const [name, text] of Object.entries(files))
        writeFileSync(join(room, directory, 'sub', name), text);
    }
    const diff = await cli(['check', '--diff', '.'], { cwd: join(room, 'diff') });
    expect(diff.code).toBe(1);
    // Each correction is reported beside the diff.
    expect(diff.stderr).toMatch(/plain\.yaml: line \d+: .*"Bird" would be "bird" \[shoot\/backend\]/);
    const applied = await run('git', ['apply', '--whitespace=nowarn', '-'], {
      cwd: join(room, 'diff'),
      input: diff.stdout,
    });
    expect(applied).toMatchObject({ code: 0, stderr: '' });
    expect(await cli(['check', '--fix', '.'], { cwd: join(room, 'fix') })).toMatchObject({
      code: 0,
      stderr: '',
    });
    for (const [name, before] of Object.entries(files)) {
      const after = readFileSync(join(room, 'diff', 'sub', name), 'utf8');
      expect(after).toBe(readFileSync(join(room, 'fix', 'sub', name), 'utf8'));
      expect(after).not.toBe(before);
      expect(after).toHaveLength(before.length);
    }
  });
});

describe('check reads', () => {
  it('200 MB of files with 64 MB of heap, and keeps findings and statements of all of them', async () => {
    const files = join(room, 'files');
    mkdirSync(files);
    const text = `    text: |\n${`      ${'x'.repeat(93)}\n`.repeat(10_000)}`;
    const NUMBER = 200;
    for (let index = 0; index < NUMBER; index += 1) {
      // Names and lines long enough for V8 to keep them as a part of the text that they were cut from.
      const shoot = shootWith('backend: birdy-is-no-backend', `a-name-of-some-length-${index}`);
      writeFileSync(join(files, `${index}.yaml`), shoot.replace('spec:\n', `  annotations:\n${text}spec:\n`));
    }
    const args = ['--max-old-space-size=64', MAIN, 'check', '-o', 'github', files];
    const finished = await run(process.execPath, args);
    expect(finished).toMatchObject({ code: 1, stderr: '' });
    expect(finished.stdout).toContain(`\n${NUMBER} errors, 0 warnings in ${NUMBER} documents\n`);
  });

  it('a file of a thousand documents, one by one, also where they are compared', async () => {
    const pool = (index: number) =>
      `apiVersion: projectcalico.org/v3\nkind: IPPool\nmetadata:\n  name: pool-of-some-length-${index}\n  labels: {${Array.from({ length: 60 }, (_, at) => `l${at}: x`).join(', ')}}\nspec: {cidr: 10.${index >> 8}.${index & 255}.0/23}\n`;
    const file = join(room, 'pools.yaml');
    writeFileSync(file, Array.from({ length: 1000 }, (_, index) => pool(index)).join('---\n'));
    const check = ['--max-old-space-size=64', MAIN, 'check', '-o', 'github'];
    const alone = await run(process.execPath, [...check, file]);
    expect(alone.stderr).toBe('');
    expect(alone.stdout).toContain('title=calico/ippool-overlap');
    const compared = await run(process.execPath, [...check, '--old', file, file]);
    expect(compared).toMatchObject({ code: 0, stderr: '' });
  });

  it.skipIf(process.platform === 'win32')('of a pipe that never ends only what it may hold', async () => {
    const line = `cat /dev/zero | "${process.execPath}" --max-old-space-size=96 "${MAIN}" check -`;
    const finished = await run('sh', ['-c', line]);
    expect(finished).toMatchObject({ code: 1, stderr: '' });
    expect(finished.stdout).toMatch(
      /^-:1:1: error: the file is larger than 64 MiB, which is too large to be read/,
    );
  });
});

/** The packages of all that a chunk of dist/ imports before it runs. */
function packagesOf(command: string): Set<string> {
  const dist = dirname(MAIN);
  const chunks = readdirSync(join(dist, 'chunks')).filter((name) =>
    new RegExp(`^${command}-[A-Z0-9]+\\.js$`).test(name),
  );
  expect(chunks).toHaveLength(1);
  const open = [MAIN, ...chunks.map((name) => join(dist, 'chunks', name))];
  const seen = new Set<string>();
  const packages = new Set<string>();
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const text = readFileSync(file, 'utf8');
    for (const [, from = ''] of text.matchAll(/^(?:import|export)\b[^'"`;]*?"(\.[^"]+)"/gm))
      open.push(join(dirname(file), from));
    for (const [, name = ''] of text.matchAll(/^\/\/ node_modules\/((?:@[^/]+\/)?[^/]+)\//gm))
      packages.add(name);
  }
  return packages;
}

describe('check starts at once', () => {
  it('because it loads nothing of the server, the certificates and the cluster', () => {
    const packages = packagesOf('check');
    expect([...packages]).toEqual(expect.arrayContaining(['ajv', 're2js', 'yaml']));
    const heavy = [
      'fastify',
      '@kubernetes/client-node',
      'selfsigned',
      '@peculiar/x509',
      'pino',
      'prom-client',
    ];
    expect(heavy.filter((name) => packages.has(name))).toEqual([]);
    // What the server loads shows that this would be seen.
    expect([...packagesOf('serve')]).toEqual(expect.arrayContaining(['fastify', 'pino', 'prom-client']));
  });
});
