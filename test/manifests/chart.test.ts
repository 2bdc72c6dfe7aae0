import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { renderWebhookConfigurations } from '../../src/cluster/webhook-configurations.ts';
import { KIND_GROUPS } from '../../src/policy/types.ts';
import { loadRegistry } from '../../src/registry.ts';
import { issueAuthority } from '../../src/tls/issue.ts';
import { MANIFESTS, type Output, ROOT, tryRun } from './command.ts';
import {
  configText,
  deployment,
  INSTALLATIONS,
  type Installation,
  type Manifest,
  parseConfig,
  parseManifests,
  renderKustomize,
  type WebhookConfiguration,
  webhookConfigurations,
} from './render.ts';
import { findTool } from './tools.ts';

const CHART = `${MANIFESTS}/chart`;
const [DEFAULTS] = INSTALLATIONS;
const work = mkdtempSync(join(tmpdir(), 'calico-admission-'));
const caFile = join(work, 'ca.crt');
let helm: string;
let ca: string;
beforeAll(async () => {
  helm = findTool('helm');
  ca = (await issueAuthority({ now: () => new Date() })).cert;
  writeFileSync(caFile, ca);
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

function template(chart: string, namespace: string, ...more: readonly string[]): Output {
  const args = ['template', 'calico-admission', chart, '--namespace', namespace, '--kube-version', '1.36.0'];
  return tryRun(helm, [...args, ...more]);
}

function render({ example, namespace }: Installation, ...more: readonly string[]): Manifest[] {
  const values = typeof example === 'string' ? ['--values', `${CHART}/examples/${example}.yaml`] : [];
  const { code, stdout, stderr } = template(CHART, namespace, ...values, ...more);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return parseManifests(stdout);
}

/**
 * What must not differ, whichever way it was made: everything but labels and the traces of each way: names of
 * ConfigMaps and checksums that roll the Pods, the Namespace, which Helm leaves to its user, and the caBundle.
 */
function essence(manifests: readonly Manifest[]): Record<string, unknown> {
  const kept = manifests.filter(({ kind }) => !['Namespace', 'CustomResourceDefinition'].includes(kind));
  return Object.fromEntries(kept.map((manifest) => [titleOf(manifest), contentOf(manifest)]));
}

function titleOf({ kind, metadata }: Manifest): string {
  return `${kind} ${metadata.name.replace(/^(calico-admission-config)-\w+$/, '$1')}`;
}

function contentOf(manifest: Manifest): unknown {
  const { metadata, ...rest } = manifest;
  const content: unknown = JSON.parse(
    JSON.stringify(
      {
        ...rest,
        ...(rest.kind === 'ConfigMap' && { data: parseConfig(configText([manifest])) }),
        namespace: metadata.namespace,
        annotations: metadata.annotations,
        exclude: metadata.labels?.['remediation.webhook.shoot.gardener.cloud/exclude'],
        component: metadata.labels?.['app.kubernetes.io/component'],
      },
      (key, value: unknown) => {
        if (key === 'caBundle' || key === 'checksum/config') return undefined;
        // What is left of annotations that only had a checksum.
        if (key === 'annotations' && JSON.stringify(value)?.startsWith('{"checksum/config"'))
          return undefined;
        return typeof value === 'string' ? value.replace(/^(calico-admission-config)-\w+$/, '$1') : value;
      },
    ),
  );
  return content;
}

const charted = INSTALLATIONS.filter(({ example }) => example !== undefined);

describe.each(charted.map((each) => [each.name, each] as const))('%s', (_name, installation) => {
  it('is the same by Helm as by kustomize', () => {
    const byKustomize = essence(parseManifests(renderKustomize(installation)));
    // Of Calico's own objects nothing is corrected, so there is one configuration less.
    const fewest = installation.cluster === 'calico' ? 9 : 10;
    expect(Object.keys(byKustomize).length).toBeGreaterThanOrEqual(fewest);
    expect(essence(render(installation))).toEqual(byKustomize);
  });

  it('has no caBundle, which is for the server or for cert-manager', () => {
    for (const { webhooks } of webhookConfigurations(render(installation))) {
      expect(webhooks?.[0]?.clientConfig).not.toHaveProperty('caBundle');
    }
  });
});

describe('the chart', () => {
  it('has the versions of the release', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    for (const chart of ['.', 'charts/application', 'charts/runtime']) {
      const text = readFileSync(join(CHART, chart, 'Chart.yaml'), 'utf8');
      expect(text, chart).toContain(`\nversion: ${version}\n`);
      expect(text, chart).toContain(`\nappVersion: ${version}\n`);
    }
  });

  it('accepts a given certificate and caBundle', () => {
    if (DEFAULTS === undefined) throw new Error('there is no installation');
    const brought = [
      ...['--set', 'runtime.tls.source=secret', '--set', 'application.keeper.enabled=false'],
      ...['--set-file', `application.caBundle=${caFile}`],
    ];
    const manifests = render(DEFAULTS, ...brought);
    for (const { webhooks } of webhookConfigurations(manifests)) {
      expect(webhooks?.[0]?.clientConfig.caBundle).toBe(Buffer.from(ca).toString('base64'));
    }
    const pod = deployment(manifests).spec?.template.spec;
    expect(pod?.containers[0]?.args).toContain('--cert-dir=/certs');
    expect(pod?.volumes?.[0]).toMatchObject({ secret: { secretName: 'calico-admission-cert' } });
    // It talks to no API, so it has no rights, no token and no way out.
    expect(manifests.map(({ kind }) => kind).filter((kind) => /Role|^Secret$/.test(kind))).toEqual([
      'ClusterRole',
    ]);
    expect(JSON.stringify(pod)).not.toContain('serviceAccountToken');
    expect(manifests.find(({ kind }) => kind === 'NetworkPolicy')?.['spec']).not.toHaveProperty('egress');
  });

  it('has two parts, each of which can be installed alone', () => {
    const runtime = template(`${CHART}/charts/runtime`, 'garden');
    const application = template(`${CHART}/charts/application`, 'x');
    const kinds = (output: Output) => parseManifests(output.stdout).map(({ kind }) => kind);
    expect(kinds(runtime).sort()).toEqual([
      'ConfigMap',
      'Deployment',
      'NetworkPolicy',
      'PodDisruptionBudget',
      'Role',
      'RoleBinding',
      'Secret',
      'Service',
      'Service',
      'ServiceAccount',
    ]);
    expect(kinds(application).sort()).toEqual([
      'ClusterRole',
      'ClusterRole',
      'ClusterRoleBinding',
      'MutatingWebhookConfiguration',
      'ValidatingWebhookConfiguration',
    ]);
    if (DEFAULTS === undefined) throw new Error('there is no installation');
    const half = render(DEFAULTS, '--set', 'application.enabled=false').map(({ kind }) => kind);
    expect(half.sort()).toEqual(kinds(runtime).sort());
  });

  it("accepts gardener-operator's values", () => {
    const set = ['--set', 'gardener.runtimeCluster.priorityClassName=gardener-garden-system-400'];
    const { stdout } = template(`${CHART}/charts/runtime`, 'garden', ...set);
    expect(stdout).toContain('priorityClassName: gardener-garden-system-400');
  });

  it('gives both parts the same values, as gardener-operator does', () => {
    const file = `${MANIFESTS}/gardener/extension.yaml`;
    const { admission, extension } = parse(readFileSync(file, 'utf8')).spec.deployment;
    const values = (name: string, content: object): string => {
      const path = join(work, `${name}.yaml`);
      // JSON, as gardener-operator keeps them: of YAML, Helm would read off as false.
      writeFileSync(path, JSON.stringify(content));
      return path;
    };
    const runtime = template(
      ...([`${CHART}/charts/runtime`, 'garden', '-f'] as const),
      values('runtime', {
        ...admission.values,
        gardener: {
          runtimeCluster: { priorityClassName: 'gardener-garden-system-400' },
          virtualCluster: { enabled: true, namespace: 'extension-calico-admission' },
        },
      }),
    );
    expect(runtime.stderr).toBe('');
    expect(deployment(parseManifests(runtime.stdout)).spec?.template.spec?.containers[0]?.args).toEqual([
      'serve',
      '--host=0.0.0.0',
      '--cert-secret=calico-admission-tls',
      '--config=/etc/calico-admission/config.yaml',
      '--target-kubeconfig=$(GARDEN_KUBECONFIG)',
      '--registration=extension-calico-admission/calico-admission-registration',
    ]);
    const account = { name: 'extension-admission-calico-admission', namespace: 'kube-system' };
    const virtual = template(
      ...([`${CHART}/charts/application`, 'extension-calico-admission', '-f'] as const),
      values('virtual', {
        ...admission.values,
        gardener: { virtualCluster: { enabled: true, serviceAccount: account } },
      }),
    );
    expect(virtual.stderr).toBe('');
    const objects = parseManifests(virtual.stdout);
    expect(webhookConfigurations(objects)).toEqual([]);
    const bindings = objects.filter(({ kind }) => kind.endsWith('Binding'));
    expect(bindings.map(({ subjects }) => subjects)).toEqual(
      Array(2).fill([{ kind: 'ServiceAccount', ...account }]),
    );
    const seed = template(
      ...([CHART, 'extension-calico-admission-abcde', '-f'] as const),
      values('seed', { ...extension.values, gardener: { version: '1.150.0', seed: { name: 'azure' } } }),
    );
    expect(seed.stderr).toBe('');
    expect(seed.stdout).toContain(
      '--registration=extension-calico-admission-abcde/calico-admission-registration\n',
    );
  });

  it('has the same webhook configurations in the ConfigMap that the server makes them from', () => {
    if (DEFAULTS === undefined) throw new Error('there is no installation');
    const direct = webhookConfigurations(render(DEFAULTS));
    const objects = render(
      DEFAULTS,
      ...['--set', 'application.serverRegisters=true', '--set', 'runtime.serverRegisters=true'],
    );
    expect(webhookConfigurations(objects)).toEqual([]);
    const data = objects.find(({ metadata }) => metadata.name === 'calico-admission-registration')?.['data'];
    const { 'validating.yaml': validating = '', 'mutating.yaml': mutating = '' } = data as Record<
      string,
      string
    >;
    expect([parse(validating), parse(mutating)]).toEqual(direct);
  });

  it('lets each part accept the values of the other, but no misspelt ones', () => {
    const keys = ['runtime', 'application'].map((part) =>
      Object.keys(JSON.parse(readFileSync(`${CHART}/charts/${part}/values.schema.json`, 'utf8')).properties),
    );
    expect(keys[0]?.toSorted()).toEqual(keys[1]?.toSorted());
    for (const part of ['runtime', 'application']) {
      const { code, stderr } = template(`${CHART}/charts/${part}`, 'x', '--set', 'replica=3');
      expect([code === 0, stderr.includes('replica')]).toEqual([false, true]);
    }
  });

  it('runs the audit of its component where both parts are enabled', () => {
    const set = ['application', 'runtime'].map(
      (part) => `${part}.audit.enabled=true,${part}.audit.write=true`,
    );
    const { code, stdout, stderr } = template(CHART, 'calico-admission', '--set', set.join(','));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const before = new Set(parseManifests(template(CHART, 'calico-admission').stdout).map(titleOf));
    const added = parseManifests(stdout).filter((each) => !before.has(titleOf(each)));
    const files = ['serviceaccount', 'clusterrolebinding', 'deployment', 'service-metrics', 'networkpolicy'];
    const component = [
      ...files.map((file) => `audit/${file}`),
      ...['clusterrole', 'clusterrolebinding'].map((file) => `audit-write/${file}`),
    ].flatMap((file) => parseManifests(readFileSync(`${MANIFESTS}/components/${file}.yaml`, 'utf8')));
    const plain = (manifests: readonly Manifest[]) =>
      JSON.parse(
        JSON.stringify(essence(manifests))
          .replace(',"--write"', '')
          .replace(/"annotations":\{"checksum\/config":"\w+"\},/, '')
          .replace('"registry.example.org/calico-admission:0.1.0"', '"calico-admission"'),
      );
    expect(plain(added)).toEqual(plain(component));
    expect(stdout).toContain('- --write\n');
  });

  it('accepts a digest instead of the tag', () => {
    const digest = `sha256:${'0a'.repeat(32)}`;
    const { stdout } = template(`${CHART}/charts/runtime`, 'x', '--set', `image.digest=${digest}`);
    expect(stdout).toContain(`image: registry.example.org/calico-admission@${digest}\n`);
  });

  it('has failurePolicy Ignore for the target calico, unless Fail is set', () => {
    const policy = (...set: readonly string[]) =>
      /failurePolicy: (\w+)/.exec(
        template(CHART, 'x', ...['--set', 'application.target=calico', ...set]).stdout,
      )?.[1];
    expect(policy()).toBe('Ignore');
    expect(policy('--set', 'application.failurePolicy=Fail')).toBe('Fail');
  });

  it("can be installed twice in a cluster with one server, for Shoots and for the cluster's own Calico", () => {
    const readme = readFileSync(`${MANIFESTS}/README.md`, 'utf8');
    const [, flags = ''] =
      /calico-admission-calico manifests\/chart -n calico-admission \\\n(.*)/.exec(readme) ?? [];
    const more = template(CHART, 'calico-admission', ...flags.trim().split(' '));
    expect(more.stderr).toBe('');
    const titles = parseManifests(more.stdout).map(titleOf);
    expect(titles).toEqual([
      'ClusterRole calico-admission-calico-ca-bundle',
      'ClusterRoleBinding calico-admission-calico-ca-bundle',
      'ValidatingWebhookConfiguration calico-admission-calico',
    ]);
    const others = parseManifests(template(CHART, 'calico-admission').stdout).map(titleOf);
    expect(others.filter((each) => titles.includes(each))).toEqual([]);
  });

  it.each(KIND_GROUPS)('asks about the same %s as `manifests --kinds`', (group) => {
    const set = ['--set', 'application.target=calico', '--set', `application.kinds={${group}}`];
    const byHelm = webhookConfigurations(parseManifests(template(CHART, 'x', ...set).stdout));
    const byCommand = renderWebhookConfigurations(loadRegistry(), {
      endpoint: { kind: 'service', name: 'x', namespace: 'x' },
      caBundle: '',
      cluster: 'calico',
      groups: [group],
    });
    const rulesOf = (configurations: readonly Pick<WebhookConfiguration, 'webhooks'>[]) =>
      configurations
        .flatMap(({ webhooks }) => webhooks ?? [])
        .flatMap(({ rules }) => rules ?? [])
        .map((rule) => JSON.stringify(Object.entries(rule).sort()))
        .sort();
    expect(rulesOf(byHelm)).toEqual(rulesOf(byCommand));
    expect(byHelm[0]?.webhooks?.[0]?.failurePolicy).toBe('Ignore');
  });

  it.each(['garden', 'seed', 'calico'])(
    'has the break-glass of its component for the target %s',
    (target) => {
      const manifests = (...set: readonly string[]) =>
        parseManifests(template(CHART, 'x', '--set', `application.target=${target}`, ...set).stdout);
      const conditions = (from: readonly Manifest[]) =>
        webhookConfigurations(from).map(({ webhooks }) => webhooks?.[0]?.matchConditions);
      const opened = manifests('--set', 'application.breakGlass.enabled=true');
      const component = readFileSync(`${MANIFESTS}/components/break-glass/kustomization.yaml`, 'utf8');
      const [, expression = ''] = /expression: "(.*)"/.exec(component) ?? [];
      expect(conditions(opened)).toEqual(
        conditions(manifests()).map((before) => [...(before ?? []), { name: 'no-break-glass', expression }]),
      );
      const role = opened.find(({ metadata }) => metadata.name.endsWith('-break-glass'));
      const [own] = parseManifests(
        readFileSync(`${MANIFESTS}/components/break-glass/clusterrole.yaml`, 'utf8'),
      );
      expect(role?.['rules']).toEqual(own?.['rules']);
      expect(JSON.stringify(manifests())).not.toContain('break-glass');
    },
  );

  it('leaves the users alone that are named', () => {
    const exempt = ['--set', 'application.target=calico', '--set', 'application.exemptUsers={a:b,c}'];
    const { stdout } = template(CHART, 'x', ...exempt);
    expect(stdout).toContain(`expression: "!(request.userInfo.username in ['a:b', 'c'])"`);
  });

  it.each([
    {
      name: 'no certificate authority',
      set: ['application.keeper.enabled=false'],
      error: /--set-file application\.caBundle=ca\.crt/,
    },
    {
      name: 'two who write the caBundle',
      set: ['application.certManager.injectCaFrom=a/b'],
      error: /the server keeps the caBundle/,
    },
    { name: 'a source that is none', set: ['runtime.tls.source=file'], error: /source/ },
    { name: 'a misspelt value', set: ['runtime.replica=3'], error: /replica/ },
    { name: 'the tag latest', set: ['runtime.image.tag=latest'], error: /tag/ },
    { name: 'a URL with a path', set: ['application.endpoint.url=https://x/validate'], error: /url/ },
    { name: 'a policy that is none', set: ['application.failurePolicy=fail'], error: /failurePolicy/ },
    {
      name: 'a server that makes configurations and keeps no caBundle',
      set: ['application.serverRegisters=true,application.keeper.enabled=false,application.caBundle='],
      error: /serverRegisters needs/,
    },
    { name: 'kinds that are none', set: ['application.kinds={policy}'], error: /kinds/ },
    { name: 'a user with a quote', set: ["application.exemptUsers={a'b}"], error: /exemptUsers/ },
    {
      name: 'a switch without quotes',
      set: ['runtime.config.mutations.mtu-string=true'],
      error: /mtu-string/,
    },
    { name: 'an audit that is no duration', set: ['runtime.audit.every=6'], error: /every/ },
    {
      name: 'an audit of another cluster',
      set: ['runtime.audit.enabled=true,runtime.targetKubeconfig.secretName=x'],
      error: /audit\.enabled is for a cluster that has both/,
    },
    { name: 'base64 for PEM', set: ['application.caBundle=LS0tLS1CRUdJTg=='], error: /caBundle/ },
  ])('rejects $name', ({ set, error }) => {
    const { code, stderr } = template(CHART, 'calico-admission', ...set.flatMap((each) => ['--set', each]));
    expect(code).not.toBe(0);
    expect(stderr).toMatch(error);
  });

  it('rejects the target calico where Kubernetes would drop its condition', () => {
    const calico = ['--set', 'application.target=calico', '--kube-version', '1.27.16'];
    const { code, stderr } = template(CHART, 'x', ...calico);
    expect(code).not.toBe(0);
    expect(stderr).toContain('Kubernetes 1.28');
  });

  it('rejects break-glass where Kubernetes would drop its condition', () => {
    const opened = ['--set', 'application.breakGlass.enabled=true', '--kube-version', '1.27.16'];
    const { code, stderr } = template(CHART, 'x', ...opened);
    expect(code).not.toBe(0);
    expect(stderr).toContain('breakGlass.enabled needs Kubernetes 1.28');
  });

  it('passes its own linter', () => {
    const { code, stdout } = tryRun(helm, ['lint', '--strict', CHART]);
    expect(stdout).toContain('0 chart(s) failed');
    expect(code).toBe(0);
  });
});
