import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = new URL('../../', import.meta.url).pathname;
const SHOOT = `apiVersion: core.gardener.cloud/v1beta1
kind: Shoot
metadata: {name: dev, namespace: garden-dev}
spec: {networking: {type: calico, providerConfig: {backend: Bird}}}
`;

/** Of what is published: the types are there, they are strict, and wrong use is an error. */
const CONSUMER = `import { check, createWorkspace, review, rules, type Finding } from 'calico-admission';
const { findings } = check([{ name: 'a.yaml', text: new Uint8Array() }], { each: true, rules: { 'shoot/backend': 'warn' } });
const fixes: (string | undefined)[] = findings.map(({ fix }: Finding) => fix?.text);
const workspace = createWorkspace({ strict: true });
workspace.set({ name: 'a.yaml', text: '' });
const changed: string[] = workspace.changes().map(({ file }) => file);
const allowed: boolean = review('{}', { path: '/mutate' }).response.allowed;
const ids: string[] = rules().map(({ id, docs }) => id + docs.why);
// @ts-expect-error there is no such action
check([], { rules: { 'shoot/backend': 'deni' } });
// @ts-expect-error a file has a name
check([{ text: '' }]);
export { allowed, changed, fixes, ids };
`;

describe('the package', () => {
  let folder = '';
  const run = (command: string, args: readonly string[], cwd = folder) =>
    execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'calico-admission-package-'));
    const packed = JSON.parse(
      run('npm', ['pack', '--json', '--pack-destination', folder], ROOT).replace(/^[^[]*/, ''),
    );
    writeFileSync(join(folder, 'package.json'), '{"private": true, "type": "module"}');
    writeFileSync(join(folder, 'shoot.yaml'), SHOOT);
    run('npm', ['install', '--offline', '--no-audit', '--no-fund', `./${packed[0].filename}`]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is all that is installed', () => {
    const installed = readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'));
    expect(installed).toEqual(['calico-admission']);
  });

  it('has nothing in it that is not for its users', () => {
    const files = readdirSync(join(folder, 'node_modules/calico-admission'));
    expect(files.sort()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json', 'schemas']);
  });

  it('has the command', () => {
    expect(run('node_modules/.bin/calico-admission', ['rules'])).toContain('shoot/backend');
    const { status, stdout } = (() => {
      try {
        return { status: 0, stdout: run('npx', ['--offline', 'calico-admission', 'check', 'shoot.yaml']) };
      } catch (error) {
        return Object(error);
      }
    })();
    expect(status).toBe(1);
    expect(stdout).toContain('[shoot/backend]');
  });

  it('has the library', () => {
    const script = `import { readFileSync } from 'node:fs';
      import { check } from 'calico-admission';
      const { findings } = check([{ name: 'shoot.yaml', text: readFileSync('shoot.yaml') }]);
      console.log(JSON.stringify(findings.map(({ rule, fix }) => [rule, fix?.text])));`;
    const found = JSON.parse(run(process.execPath, ['--input-type=module', '--eval', script]));
    expect(found).toContainEqual(['shoot/backend', 'bird']);
  });

  it('has its types', () => {
    writeFileSync(join(folder, 'consumer.ts'), CONSUMER);
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    for (const how of [{ module: 'nodenext' }, { module: 'esnext', moduleResolution: 'bundler' }]) {
      const options = {
        noEmit: true,
        strict: true,
        exactOptionalPropertyTypes: true,
        target: 'es2022',
        types: [],
      };
      const config = { compilerOptions: { ...options, ...how }, files: ['consumer.ts'] };
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
      expect(run(process.execPath, [tsc, '-p', '.'])).toBe('');
    }
  });

  it('has the schemas', () => {
    const script = `import schema from 'calico-admission/schemas/config.json' with { type: 'json' };
      console.log(schema.$id);`;
    const args = ['--no-warnings', '--input-type=module', '--eval', script];
    expect(run(process.execPath, args).trim()).toBe('config.json');
  });
});
