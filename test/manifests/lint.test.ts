import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderAdmissionPolicies } from '../../src/cluster/admission-policies.ts';
import { DEFAULT_SETTINGS } from '../../src/policy/settings.ts';
import { loadRegistry } from '../../src/registry.ts';
import { MANIFESTS, run, tryRun } from './command.ts';
import { INSTALLATIONS, kustomize, renderKustomize } from './render.ts';
import { MINORS, prepareSchemas } from './schemas.ts';
import { findTool, ToolRefused } from './tools.ts';

/** Checks of kube-score that are ignored, each with its reason. */
const SCORE_EXCEPTIONS = {
  'container-image-pull-policy':
    'a release has a tag that never moves, or a digest; Always would make every start wait for the registry',
} as const;

const work = mkdtempSync(join(tmpdir(), 'calico-admission-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** Everything that is rendered, a file each. */
const files: { readonly name: string; readonly path: string }[] = [];
beforeAll(() => {
  const add = (name: string, text: string): void => {
    const path = join(work, `${name}.yaml`);
    writeFileSync(path, text);
    files.push({ name, path });
  };
  for (const installation of INSTALLATIONS) add(installation.name, renderKustomize(installation));

  add('audit', renderAudit());

  const helm = findTool('helm');
  for (const { name, example, namespace } of INSTALLATIONS) {
    if (example === undefined) continue;
    const chart = `${MANIFESTS}/chart`;
    const values = example === null ? [] : ['--values', `${chart}/examples/${example}.yaml`];
    for (const minor of MINORS) {
      const args = ['template', 'calico-admission', chart, '--namespace', namespace, '--kube-version', minor];
      add(`chart-${name}-${minor}`, run(helm, [...args, ...values]));
    }
  }
});

/** An overlay with the audit that goes on and keeps reports. */
function renderAudit(): string {
  const copy = join(work, 'manifests');
  cpSync(MANIFESTS, copy, { recursive: true, filter: (path) => !/\.(crt|key)$/.test(path) });
  mkdirSync(join(copy, 'mine'));
  const content =
    'resources: [../overlays/plain]\ncomponents: [../components/audit, ../components/audit-write]\n';
  writeFileSync(join(copy, 'mine/kustomization.yaml'), content);
  return kustomize(join(copy, 'mine'));
}

describe.each(MINORS)('kubeconform, strict, for Kubernetes %s', (minor) => {
  let conform: (...paths: readonly string[]) => ReturnType<typeof tryRun>;
  beforeAll(() => {
    const kubeconform = findTool('kubeconform');
    const location = prepareSchemas();
    conform = (...paths) =>
      tryRun(kubeconform, [
        '-strict',
        '-summary',
        '-kubernetes-version',
        minor,
        '-schema-location',
        location,
        ...paths,
      ]);
  });

  it('finds nothing in what `manifests --policies` prints', () => {
    // Kubernetes has MutatingAdmissionPolicy in v1 since 1.36.
    const mutating = Number(minor.split('.')[1]) >= 36;
    const policies = (['garden', 'seed'] as const).flatMap((cluster) =>
      renderAdmissionPolicies(loadRegistry(), { cluster, mutating, settings: DEFAULT_SETTINGS }),
    );
    expect(policies).toHaveLength(mutating ? 8 : 4);
    const path = join(work, `policies-${minor}.yaml`);
    writeFileSync(path, policies.map((each) => JSON.stringify(each)).join('\n---\n'));
    const { code, stdout } = conform(path);
    expect(stdout).toMatch(/Invalid: 0, Errors: 0, Skipped: 0/);
    expect(code).toBe(0);
  });

  it('finds nothing', () => {
    const { code, stdout, stderr } = conform(...files.map(({ path }) => path));
    expect(stderr).toBe('');
    expect(stdout).toMatch(/Invalid: 0, Errors: 0, Skipped: 0/);
    expect(code).toBe(0);
  });

  it.each([
    ['a misspelt field', '  minReadySeconds:', '  minReadySecond:'],
    ['a field of a list’s item', 'topologyKey: topology', 'topologykey: topology'],
    ['a wrong type', 'replicas: 2', 'replicas: "two"'],
    ['a field of a custom resource', 'secretName: calico-admission-ca', 'secretname: calico-admission-ca'],
    ['a kind that does not exist', 'kind: PodDisruptionBudget', 'kind: PodDisruptionBudge'],
  ])('would find %s', (_name, from, to) => {
    const installation = INSTALLATIONS.find(({ name }) => name === 'cert-manager');
    if (installation === undefined) throw new Error('there is no cert-manager');
    const good = renderKustomize(installation);
    const bad = good.replace(from, to);
    expect(bad).not.toBe(good);
    const path = join(work, 'bad.yaml');
    writeFileSync(path, bad);
    const { code, stdout } = conform(path);
    expect(stdout).toMatch(/Invalid: 1, Errors: 0|Invalid: 0, Errors: 1/);
    expect(code).toBe(1);
  });
});

/** One audit at a time is meant: two would write the same reports, and no client waits for one. */
const ONE_REPLICA = /^\[WARNING\] calico-admission-audit\/.*: Deployment (?:update strategy|few replicas)$/;

describe('linters', () => {
  it('kube-score finds nothing', () => {
    const kubeScore = findTool('kube-score');
    const ignored = Object.keys(SCORE_EXCEPTIONS).flatMap((check) => ['--ignore-test', check]);
    for (const { name, path } of files) {
      const { stdout } = tryRun(kubeScore, ['score', '--output-format', 'ci', ...ignored, path]);
      expect(
        stdout.split('\n').filter((line) => /^\[(CRITICAL|WARNING)/.test(line) && !ONE_REPLICA.test(line)),
        name,
      ).toEqual([]);
      expect(stdout, name).not.toBe('');
    }
  });

  it('kube-linter finds nothing', (context) => {
    let kubeLinter: string;
    try {
      kubeLinter = findTool('kube-linter');
    } catch (error) {
      if (!(error instanceof ToolRefused)) throw error;
      return context.skip(`kube-linter is not on PATH, and its module cannot be had: ${error.message}`);
    }
    const config = `${MANIFESTS}/.kube-linter.yaml`;
    for (const { name, path } of files) {
      const { code, stdout, stderr } = tryRun(kubeLinter, ['lint', '--config', config, path]);
      expect(`${stdout}${stderr}`, name).toContain('No lint errors found');
      expect(code, name).toBe(0);
    }
  });
});
