import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiError } from '../../src/cluster/api.ts';
import { auditCluster } from '../../src/cluster/audit.ts';
import {
  renderWebhookConfigurations,
  WEBHOOK_CONFIGURATIONS,
} from '../../src/cluster/webhook-configurations.ts';
import { loadConfigFile } from '../../src/config.ts';
import type { Policy } from '../../src/policy/evaluate.ts';
import { listMutations, listRules } from '../../src/policy/registry.ts';
import { actionOf, isMutationOn } from '../../src/policy/settings.ts';
import { type Cluster, KIND_GROUPS } from '../../src/policy/types.ts';
import { toPolicySettings } from '../../src/policy-file.ts';
import { ensureDirectory } from '../../src/tls/directory.ts';
import { defaultSans } from '../../src/tls/names.ts';
import { registry } from '../support/registry.ts';
import { MANIFESTS, ROOT, tryRun } from './command.ts';
import {
  configText,
  deployment,
  INSTALLATIONS,
  type Installation,
  kustomize,
  type Manifest,
  parseManifests,
  renderKustomize,
  type WebhookConfiguration,
  webhookConfigurations,
} from './render.ts';

const version: string = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version;
const rendered = new Map<string, Manifest[]>(
  INSTALLATIONS.map((each) => [each.name, parseManifests(renderKustomize(each))]),
);

function manifestsOf({ name }: Installation): Manifest[] {
  return rendered.get(name) ?? [];
}

/** `<resource>.<group>` of all that an audit asks for: the cluster has none of it, so that it tries every group. */
const audited = await listAudited();

async function listAudited(): Promise<string[]> {
  const asked = new Set<string>();
  await auditCluster({
    registry,
    settings: toPolicySettings({}),
    // biome-ignore lint/correctness/useYield: there is nothing in this cluster.
    list: async function* ({ group, resource }) {
      asked.add(`${resource}.${group}`);
      throw new ApiError('GET', '/', 404);
    },
  });
  return [...asked].sort();
}

/** What a role's rules let its holder get and list, of which it may have nothing else. */
function readable(rules: unknown): string[] {
  if (!Array.isArray(rules)) throw new Error('the role has no rules');
  return rules
    .flatMap(({ apiGroups, resources, verbs, ...rest }: Record<string, string[]>) => {
      expect({ verbs, rest }).toEqual({ verbs: ['get', 'list'], rest: {} });
      return (resources ?? []).flatMap((resource) =>
        (apiGroups ?? []).map((group) => `${resource}.${group}`),
      );
    })
    .sort();
}

const each = INSTALLATIONS.map((installation) => [installation.name, installation] as const);

/** What each sort of cluster is asked about. */
const ASKED: Readonly<Record<Cluster, readonly string[]>> = {
  garden: ['Shoot'],
  seed: ['Network'],
  calico: ['IPPool', 'FelixConfiguration', 'Installation'],
};

/** Kinds that the registry evaluates, and that no webhook is registered for. */
const UNASKED: readonly string[] = [
  // kOps keeps them in a bucket; where its kinds are installed, an administrator can register /validate for them.
  'Cluster',
  'InstanceGroup',
  // Files that kubeadm reads.
  'ClusterConfiguration',
  'InitConfiguration',
  'JoinConfiguration',
  'KubeProxyConfiguration',
  // Used by all programs, and part of Calico's manifest only in a file that is read as a whole.
  'ConfigMap',
  'DaemonSet',
  'Deployment',
  'Service',
  // Optional; README.md says how to add them.
  ...registry.policies
    .filter(({ target }) => KIND_GROUPS.some((group) => group === target.registration))
    .map(({ target }) => target.kind),
];

/** Kinds without rules and mutations are read for the sake of others only. */
function speaks({ rules, mutations }: Policy): boolean {
  return rules.length + mutations.length > 0;
}

describe.each(each)('%s', (name, installation) => {
  const manifests = manifestsOf(installation);
  /** The certificate comes from elsewhere. */
  const isOwn = name === 'cert-manager';

  it('asks about exactly what is evaluated and corrected there', () => {
    const expected = renderWebhookConfigurations(registry, {
      endpoint:
        name === 'virtual-garden'
          ? { kind: 'url', base: 'https://calico-admission-webhook.garden' }
          : { kind: 'service', name: 'calico-admission-webhook', namespace: installation.namespace },
      caBundle: '',
      cluster: installation.cluster,
      ...(name === 'trial' && { failurePolicy: 'Ignore' }),
    });
    const configurations = webhookConfigurations(manifests);
    expect(configurations.map(withoutSelectors)).toEqual(expected.map(withoutSelectors));

    const kinds = ASKED[installation.cluster];
    const policies = registry.policies.filter(
      (policy) => kinds.includes(policy.target.kind) && speaks(policy),
    );
    expect(policies).toHaveLength(kinds.length);
    const asked = (kind: string) =>
      configurations
        .filter((configuration) => configuration.kind === kind)
        .flatMap(({ webhooks }) => webhooks ?? [])
        .flatMap((webhook) => webhook.rules ?? []);
    const rules = ({ target }: (typeof policies)[number]) =>
      target.apis.map((api) => ({
        apiGroups: [api.group],
        apiVersions: api.versions,
        resources: [target.resource],
        operations: ['CREATE', 'UPDATE'],
        scope: target.scope,
      }));
    expect(asked('ValidatingWebhookConfiguration')).toEqual(
      policies.filter((policy) => policy.rules.length > 0).flatMap(rules),
    );
    expect(asked('MutatingWebhookConfiguration')).toEqual(
      policies.filter((policy) => policy.mutations.length > 0).flatMap(rules),
    );
  });

  it('rejects requests while the server is unavailable, where that is safe', () => {
    for (const { webhooks } of webhookConfigurations(manifests)) {
      const expected = ['trial', 'calico'].includes(name) ? 'Ignore' : 'Fail';
      expect(webhooks?.[0]?.failurePolicy).toBe(expected);
    }
  });

  it('selects what its comment names', () => {
    const label = { matchLabels: { 'networking.extensions.gardener.cloud/calico': 'true' } };
    const except = (...values: string[]) => ({
      matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values }],
    });
    const opted = [{ key: 'calico-admission.gardener.cloud/trial', operator: 'In', values: ['enabled'] }];
    const selectors: Record<string, object> = {
      base: { namespaceSelector: except('calico-admission', 'kube-system'), objectSelector: label },
      calico: {},
      'virtual-garden': { namespaceSelector: except('kube-system'), objectSelector: label },
      trial: { namespaceSelector: { matchExpressions: opted } },
      seed: {
        namespaceSelector: {
          matchExpressions: [
            { key: 'shoot.gardener.cloud/provider', operator: 'In', values: ['azure'] },
            { key: 'networking.shoot.gardener.cloud/provider', operator: 'In', values: ['calico'] },
          ],
        },
      },
    };
    const expected = selectors[name] ?? { namespaceSelector: except('calico-admission', 'kube-system') };
    for (const { webhooks } of webhookConfigurations(manifests)) {
      expect(webhooks).toHaveLength(1);
      const { namespaceSelector, objectSelector, matchConditions } = webhooks?.[0] ?? {};
      expect({
        ...(namespaceSelector && { namespaceSelector }),
        ...(objectSelector && { objectSelector }),
      }).toEqual(expected);
      // A condition on the type would hide a Shoot that forgot it.
      if (name === 'calico') continue;
      expect(matchConditions?.map(({ expression }) => expression)).toEqual([
        '!has(object.metadata.deletionTimestamp)',
      ]);
    }
  });

  it('has no caBundle and no key, and a Secret only for the server to fill', () => {
    for (const { webhooks } of webhookConfigurations(manifests)) {
      expect(webhooks?.[0]?.clientConfig).not.toHaveProperty('caBundle');
    }
    const secrets = manifests.filter(({ kind }) => kind === 'Secret');
    expect(secrets.map(({ metadata }) => metadata.name)).toEqual(isOwn ? [] : ['calico-admission-tls']);
    for (const secret of secrets) {
      expect(Object.keys(secret).sort()).toEqual(['apiVersion', 'kind', 'metadata', 'type']);
      // Any other type would want its entries from the beginning.
      expect(secret['type']).toBe('Opaque');
    }
  });

  it('has every object in its namespace', () => {
    const clusterWide = [
      'Namespace',
      'ClusterRole',
      'ClusterRoleBinding',
      'CustomResourceDefinition',
      'MutatingWebhookConfiguration',
      'ValidatingWebhookConfiguration',
    ];
    for (const { kind, metadata } of manifests) {
      const expected = clusterWide.includes(kind) ? undefined : installation.namespace;
      expect([kind, metadata.name, metadata.namespace]).toEqual([kind, metadata.name, expected]);
    }
    const namespaces = manifests.filter(({ kind }) => kind === 'Namespace').map((found) => found.metadata);
    // Gardener's own namespace is Gardener's to make.
    if (name === 'virtual-garden') return expect(namespaces).toEqual([]);
    expect(namespaces).toMatchObject([
      {
        name: 'calico-admission',
        labels: {
          'pod-security.kubernetes.io/enforce': 'restricted',
          'pod-security.kubernetes.io/warn': 'restricted',
          'pod-security.kubernetes.io/audit': 'restricted',
        },
      },
    ]);
  });

  it('gives the server rights for its certificate alone, and audits a role that reads what they ask for', () => {
    const of = (kind: string, named: string) =>
      manifests.find((each) => each.kind === kind && each.metadata.name === named);
    const kinds = manifests.map(({ kind }) => kind).filter((kind) => /Role(Binding)?$/.test(kind));
    const rights = ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'];
    expect(kinds.sort()).toEqual(isOwn ? ['ClusterRole'] : ['ClusterRole', ...rights]);
    const keeper = `calico-admission${installation.cluster === 'calico' ? '-calico' : ''}-ca-bundle`;
    if (!isOwn) {
      expect(of('Role', 'calico-admission')?.['rules']).toEqual([
        {
          apiGroups: [''],
          resources: ['secrets'],
          resourceNames: ['calico-admission-tls'],
          verbs: ['get', 'list', 'watch', 'update'],
        },
      ]);
      expect(of('ClusterRole', keeper)?.['rules']).toEqual([
        {
          apiGroups: ['admissionregistration.k8s.io'],
          resources: ['validatingwebhookconfigurations', 'mutatingwebhookconfigurations'],
          resourceNames: WEBHOOK_CONFIGURATIONS,
          verbs: ['get', 'list', 'watch', 'patch'],
        },
      ]);
      const subjects = [
        { kind: 'ServiceAccount', name: 'calico-admission', namespace: installation.namespace },
      ];
      for (const [binding, role, named] of [
        ['RoleBinding', 'Role', 'calico-admission'],
        ['ClusterRoleBinding', 'ClusterRole', keeper],
      ] as const) {
        expect(of(binding, named)).toMatchObject({ roleRef: { kind: role, name: named }, subjects });
      }
    }
    const role = of('ClusterRole', 'calico-admission-audit');
    expect(readable(role?.['rules'])).toEqual(audited);
    expect(manifests.find(({ kind }) => kind === 'ServiceAccount')?.['automountServiceAccountToken']).toBe(
      false,
    );
  });

  it('runs a release, hardened, spread and in no hurry to go', () => {
    const { spec } = deployment(manifests);
    const pod = spec?.template.spec;
    const container = pod?.containers[0];
    expect(pod?.containers).toHaveLength(1);
    expect(container?.image).toBe(`registry.example.org/calico-admission:${version}`);
    const elsewhere = name === 'virtual-garden';
    expect(container?.args).toEqual([
      'serve',
      '--host=0.0.0.0',
      isOwn ? '--cert-dir=/certs' : '--cert-secret=calico-admission-tls',
      '--config=/etc/calico-admission/config.yaml',
      ...(elsewhere ? ['--target-kubeconfig=/var/run/secrets/virtual-garden/kubeconfig'] : []),
    ]);
    expect(spec).toMatchObject({
      replicas: 2,
      minReadySeconds: 5,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    });
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 120,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65532,
        runAsGroup: 65532,
        fsGroup: 65532,
        seccompProfile: { type: 'RuntimeDefault' },
      },
    });
    expect(container?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      runAsUser: 65532,
      runAsGroup: 65532,
      capabilities: { drop: ['ALL'] },
    });
    for (const host of ['hostNetwork', 'hostPID', 'hostIPC']) expect(pod).not.toHaveProperty(host);
    expect(container?.resources?.limits?.['memory']).toBe('512Mi');
    expect(pod?.topologySpreadConstraints?.map((constraint) => constraint.whenUnsatisfiable)).toEqual([
      'ScheduleAnyway',
      'ScheduleAnyway',
    ]);
    expect(pod?.affinity?.podAntiAffinity).not.toHaveProperty(
      'requiredDuringSchedulingIgnoredDuringExecution',
    );
    expect(pod?.priorityClassName).toBe(
      {
        seed: 'gardener-system-900',
        'virtual-garden': 'gardener-garden-system-400',
      }[name] ?? 'system-cluster-critical',
    );
    expect([container?.startupProbe, container?.readinessProbe, container?.livenessProbe]).toMatchObject([
      { httpGet: { path: '/readyz', port: 'health' }, periodSeconds: 1, failureThreshold: 30 },
      { httpGet: { path: '/readyz', port: 'health' }, periodSeconds: 2, failureThreshold: 1 },
      { httpGet: { path: '/healthz', port: 'health' }, periodSeconds: 10, failureThreshold: 6 },
    ]);
    // Directories: a file mounted by subPath is never updated. The token is there only for who needs it.
    const token = '/var/run/secrets/kubernetes.io/serviceaccount';
    expect(container?.volumeMounts).toEqual([
      isOwn
        ? { name: 'certs', mountPath: '/certs', readOnly: true }
        : { name: 'token', mountPath: token, readOnly: true },
      { name: 'config', mountPath: '/etc/calico-admission', readOnly: true },
      ...(elsewhere
        ? [{ name: 'virtual-garden', mountPath: '/var/run/secrets/virtual-garden', readOnly: true }]
        : []),
    ]);
    expect(pod?.volumes).toMatchObject([
      isOwn
        ? { name: 'certs', secret: { secretName: 'calico-admission-cert', defaultMode: 0o440 } }
        : {
            name: 'token',
            projected: {
              defaultMode: 0o440,
              sources: [
                { serviceAccountToken: { path: 'token', expirationSeconds: 3607 } },
                { configMap: { name: 'kube-root-ca.crt' } },
                { downwardAPI: { items: [{ path: 'namespace' }] } },
              ],
            },
          },
      {
        name: 'config',
        configMap: { name: expect.stringMatching(/^calico-admission-config-[a-z0-9]{10}$/) },
      },
      ...(elsewhere
        ? [{ name: 'virtual-garden', secret: { secretName: 'calico-admission-virtual-garden' } }]
        : []),
    ]);
  });

  it('reaches the Pods that it means', () => {
    const labels = deployment(manifests).spec?.selector.matchLabels;
    expect(deployment(manifests).spec?.template.metadata?.labels).toMatchObject(labels ?? {});
    const ports = deployment(manifests).spec?.template.spec?.containers[0]?.ports;
    expect(ports?.map((port) => [port.name, port.containerPort])).toEqual([
      ['webhook', 8443],
      ['health', 8081],
    ]);
    const services = manifests.filter(({ kind }) => kind === 'Service');
    expect(services.map(({ metadata, spec }) => [metadata.name, spec])).toMatchObject([
      ['calico-admission-metrics', { selector: labels, ports: [{ port: 8081, targetPort: 'health' }] }],
      ['calico-admission-webhook', { selector: labels, ports: [{ port: 443, targetPort: 'webhook' }] }],
    ]);
    const [toApi, toDns] = [
      [443, 6443].map((port) => ({ port, protocol: 'TCP' })),
      [53, 8053].flatMap((port) => ['UDP', 'TCP'].map((protocol) => ({ port, protocol }))),
    ].map((allowed) => ({ ports: allowed }));
    const monitoring = ['seed', 'virtual-garden'].includes(name) ? 'garden' : 'monitoring';
    expect(manifests.find(({ kind }) => kind === 'NetworkPolicy')?.['spec']).toEqual({
      podSelector: { matchLabels: labels },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        { ports: [{ port: 'webhook', protocol: 'TCP' }] },
        {
          from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': monitoring } } }],
          ports: [{ port: 'health', protocol: 'TCP' }],
        },
      ],
      ...(!isOwn && { egress: name === 'virtual-garden' ? [toApi, toDns] : [toApi] }),
    });
    expect(manifests.find(({ kind }) => kind === 'PodDisruptionBudget')?.['spec']).toEqual({
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
      selector: { matchLabels: labels },
    });
  });

  it('has a configuration that the server accepts', () => {
    const text = configText(manifests);
    const settings = toPolicySettings(loadConfigFile('config.yaml', () => text));
    const denying = listRules(registry)
      .filter((rule) => actionOf(rule, settings, 'any') === 'deny')
      .map(({ id }) => id);
    const mutating = listMutations(registry)
      .filter(({ id }) => isMutationOn(id, settings))
      .map(({ id }) => id);
    if (name === 'trial') {
      expect(denying).toEqual([]);
      expect(mutating).toEqual([]);
      return;
    }
    expect(settings.rules).toEqual({});
    const withGardener = ['seed', 'virtual-garden'].includes(name);
    expect(mutating).toEqual(
      listMutations(registry)
        .map(({ id }) => id)
        .filter((id) => !id.startsWith('overlay-') || !withGardener),
    );
  });
});

function withoutSelectors({ kind, webhooks }: WebhookConfiguration) {
  const shared = (webhooks ?? []).map((webhook) => {
    const { namespaceSelector: _namespaces, objectSelector: _objects, clientConfig, ...rest } = webhook;
    return { ...rest, clientConfig: { ...clientConfig, caBundle: undefined } };
  });
  return { kind, webhooks: shared };
}

describe('all of them', () => {
  it('leave no kind out that the registry evaluates', () => {
    // A new kind needs webhook rules in manifests/ and src/cluster, or a place in UNASKED.
    const asked = INSTALLATIONS.flatMap((installation) => webhookConfigurations(manifestsOf(installation)))
      .flatMap((configuration) => configuration.webhooks ?? [])
      .flatMap(({ rules }) => rules ?? [])
      .flatMap(({ apiGroups, resources }) => `${resources?.join()}.${apiGroups?.join()}`);
    const evaluated = registry.policies
      .filter((policy) => !UNASKED.includes(policy.target.kind) && speaks(policy))
      .flatMap(({ target }) => target.apis.map(({ group }) => `${target.resource}.${group}`));
    expect([...new Set(asked)].sort()).toEqual(evaluated.sort());
    const known = registry.policies.map(({ target }) => target.kind);
    expect(UNASKED.filter((kind) => !known.includes(kind))).toEqual([]);
  });

  it('are looked at here', () => {
    const listed = INSTALLATIONS.flatMap(({ overlays }) => overlays).map((overlay) =>
      overlay.replace('overlays/', '').replace(/\/.*/, ''),
    );
    expect([...new Set(listed)].sort()).toEqual(['base', ...readdirSync(`${MANIFESTS}/overlays`)].sort());
  });

  it('come in an order in which no webhook is registered before its server', () => {
    for (const installation of INSTALLATIONS.filter(({ overlays }) => overlays.length === 1)) {
      const kinds = manifestsOf(installation).map(({ kind }) => kind);
      expect(kinds.indexOf('Namespace')).toBeLessThan(kinds.indexOf('ServiceAccount'));
      const registered = webhookConfigurations(manifestsOf(installation)).map(({ kind }) => kind);
      expect(
        kinds.filter((kind) => kind !== 'Certificate' && kind !== 'Issuer').slice(-registered.length),
      ).toEqual(registered.sort());
    }
  });

  it('have nothing in Git that is yours or this machine’s', () => {
    for (const file of readdirSync(MANIFESTS, { recursive: true, withFileTypes: true })) {
      // What `certs` has written into example/tls is there, but ignored by Git.
      if (!file.isFile() || /\.(crt|key)$/.test(file.name)) continue;
      const path = join(file.parentPath, file.name);
      const text = readFileSync(path, 'utf8');
      expect(text, path).not.toMatch(/PRIVATE KEY-|LS0tLS1|^ *caBundle: [A-Za-z0-9+/]{16}/m);
      expect(text, path).not.toContain(ROOT);
      expect(text, path).not.toMatch(/image: .*:latest|newTag: latest|tag: latest/);
    }
  });
});

describe('demo', () => {
  it('has the kinds that are evaluated', () => {
    const definitions = parseManifests(kustomize('overlays/demo'))
      .filter(({ kind }) => kind === 'CustomResourceDefinition')
      .map(({ spec }) => spec);
    expect(definitions).toMatchObject(
      ['network', 'shoot'].map((id) => {
        const target = registry.policies.find((policy) => policy.target.id === id)?.target;
        return {
          group: target?.apis[0].group,
          scope: 'Namespaced',
          names: { kind: target?.kind, plural: target?.resource },
          versions: [{ name: target?.apis[0].versions[0], served: true, storage: true }],
        };
      }),
    );
  });
});

describe('what README.md shows for Calico', () => {
  const work = mkdtempSync(join(tmpdir(), 'calico-admission-'));
  beforeAll(() => cpSync(MANIFESTS, work, { recursive: true, filter: (path) => !/\.(crt|key)$/.test(path) }));
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  function render(directory: string): WebhookConfiguration[] {
    mkdirSync(join(work, directory));
    writeFileSync(
      join(work, directory, 'kustomization.yaml'),
      shownInReadme(`${directory}/kustomization.yaml`),
    );
    return parseManifests(kustomize(join(work, directory)))
      .filter(({ kind }) => kind.endsWith('WebhookConfiguration'))
      .map((manifest) => manifest as unknown as WebhookConfiguration);
  }

  it('can be installed beside the overlay for Shoots', () => {
    expect(render('both').map(({ kind, metadata }) => `${kind} ${metadata?.name}`)).toEqual([
      'MutatingWebhookConfiguration calico-admission',
      'ValidatingWebhookConfiguration calico-admission',
      'ValidatingWebhookConfiguration calico-admission-calico',
    ]);
  });

  it('has the kinds that no webhook is registered for', () => {
    const rules = render('more').flatMap(({ webhooks }) => webhooks?.[0]?.rules ?? []);
    const added = rules.at(-1);
    expect(rules).toHaveLength(6);
    for (const resource of added?.resources ?? []) {
      for (const group of added?.apiGroups ?? []) {
        const policy = registry.findByResource(group, resource);
        expect(UNASKED, resource).toContain(policy?.target.kind);
        const versions = policy?.target.apis.flatMap((api) => api.versions);
        expect(versions?.toSorted(), resource).toEqual(added?.apiVersions);
      }
    }
    expect(added?.resources).toHaveLength(3);
  });
});

describe('the caBundle', () => {
  const work = mkdtempSync(join(tmpdir(), 'calico-admission-'));
  const mine = join(work, 'manifests');
  const tls = join(mine, 'example/tls');
  afterAll(() => rmSync(work, { recursive: true, force: true }));
  beforeAll(async () => {
    cpSync(MANIFESTS, mine, { recursive: true, filter: (path) => !/\.(crt|key)$/.test(path) });
    await ensureDirectory({
      dir: tls,
      sans: defaultSans(),
      now: () => new Date(),
      log: { info: () => {}, warn: () => {} },
      inCluster: false,
    });
  });

  function caBundles(manifests: readonly Manifest[]): string[] {
    return webhookConfigurations(manifests).map(({ webhooks }) =>
      Buffer.from(webhooks?.[0]?.clientConfig.caBundle ?? '', 'base64').toString(),
    );
  }

  it('is missing loudly where there is no certificate authority', () => {
    const bare = join(mine, 'bare');
    mkdirSync(bare);
    const text = 'resources: [../overlays/plain]\ncomponents: [../components/ca-bundle]\n';
    writeFileSync(join(bare, 'kustomization.yaml'), text);
    const { code, stderr } = tryRun('kubectl', ['kustomize', bare]);
    expect(code).not.toBe(0);
    expect(stderr).toContain('calico-admission-cert');
  });

  it.each(['demo', 'trial', 'plain', 'seed', 'calico'])(
    'is filled in by example/own-certificate with %s',
    (overlay) => {
      const file = join(mine, 'example/own-certificate/kustomization.yaml');
      const text = readFileSync(file, 'utf8').replace(/overlays\/\w+ #.*/, `overlays/${overlay}`);
      writeFileSync(file, text.replace(/overlays\/\w+$/m, `overlays/${overlay}`));
      const manifests = parseManifests(kustomize(join(mine, 'example/own-certificate')));
      const ca = readFileSync(join(tls, 'ca.crt'), 'utf8');
      expect(caBundles(manifests)).toEqual(overlay === 'calico' ? [ca] : [ca, ca]);
      const secret = manifests.find(({ kind }) => kind === 'Secret');
      expect(secret).toMatchObject({
        type: 'kubernetes.io/tls',
        metadata: { name: 'calico-admission-cert', namespace: 'calico-admission' },
      });
      expect(Object.keys(secret?.['data'] ?? {}).sort()).toEqual(['ca.crt', 'tls.crt', 'tls.key']);
    },
  );

  it("is cert-manager's where its component is used with another overlay", () => {
    const other = join(mine, 'other');
    mkdirSync(other);
    const text = 'resources: [../overlays/calico]\ncomponents: [../components/cert-manager]\n';
    writeFileSync(join(other, 'kustomization.yaml'), text);
    const configurations = webhookConfigurations(parseManifests(kustomize(other)));
    expect(configurations.map(({ metadata }) => [metadata?.name, metadata?.annotations])).toEqual([
      [
        'calico-admission-calico',
        { 'cert-manager.io/inject-ca-from': 'calico-admission/calico-admission-cert' },
      ],
    ]);
  });

  it('needs only the public part for a virtual garden, and applies no Secret there', () => {
    const target = join(mine, 'mine');
    mkdirSync(join(target, 'ca'), { recursive: true });
    cpSync(join(tls, 'ca.crt'), join(target, 'ca/ca.crt'));
    writeFileSync(join(target, 'kustomization.yaml'), shownInReadme('mine/kustomization.yaml'));
    writeFileSync(join(target, 'ca/kustomization.yaml'), shownInReadme('mine/ca/kustomization.yaml'));
    const manifests = parseManifests(kustomize(target));
    const ca = readFileSync(join(tls, 'ca.crt'), 'utf8');
    expect(caBundles(manifests)).toEqual([ca, ca]);
    expect(manifests.map(({ kind }) => kind)).toEqual([
      'ServiceAccount',
      'ClusterRole',
      'MutatingWebhookConfiguration',
      'ValidatingWebhookConfiguration',
    ]);
  });
});

describe('the component break-glass', () => {
  const work = mkdtempSync(join(tmpdir(), 'calico-admission-'));
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  it.each(['plain', 'trial', 'seed', 'calico', 'virtual-garden/target'])(
    'adds one condition to each webhook of %s, and a role without subjects',
    (overlay) => {
      const mine = join(work, overlay.replace('/', '-'));
      cpSync(MANIFESTS, mine, { recursive: true, filter: (path) => !/\.(crt|key)$/.test(path) });
      mkdirSync(join(mine, 'mine'));
      const text = `resources: [../overlays/${overlay}]\ncomponents: [../components/break-glass]\n`;
      writeFileSync(join(mine, 'mine/kustomization.yaml'), text);
      const before = parseManifests(kustomize(join(mine, 'overlays', overlay)));
      const after = parseManifests(kustomize(join(mine, 'mine')));
      const conditions = (manifests: readonly Manifest[]) =>
        webhookConfigurations(manifests).map(({ webhooks }) =>
          webhooks?.flatMap(({ matchConditions }) => matchConditions?.map(({ name }) => name)),
        );
      expect(conditions(after)).toEqual(
        conditions(before).map((names) => [...(names ?? []), 'no-break-glass']),
      );
      const added = after.filter(
        ({ kind, metadata }) =>
          !before.some((other) => other.kind === kind && other.metadata.name === metadata.name),
      );
      expect(added.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
        'ClusterRole calico-admission-break-glass',
      ]);
    },
  );
});

/** A file that manifests/README.md describes. */
function shownInReadme(file: string): string {
  const page = readFileSync(`${MANIFESTS}/README.md`, 'utf8');
  const found = new RegExp(`\`\`\`yaml\\n# ${file.replaceAll('.', '\\.')}\\n([\\s\\S]*?)\`\`\``).exec(page);
  if (found?.[1] === undefined) throw new Error(`manifests/README.md shows no ${file}`);
  return found[1];
}

describe('the audit with an interval', () => {
  const work = mkdtempSync(join(tmpdir(), 'calico-admission-'));
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  function withComponents(...components: readonly string[]): Manifest[] {
    const directory = join(work, 'mine');
    cpSync(MANIFESTS, work, { recursive: true, filter: (path) => !/\.(crt|key)$/.test(path) });
    mkdirSync(directory, { recursive: true });
    const list = components.map((each) => `../components/${each}`).join(', ');
    writeFileSync(
      join(directory, 'kustomization.yaml'),
      `resources: [../overlays/plain]\ncomponents: [${list}]\nimages: [{name: registry.example.org/calico-admission, newName: mine}]\n`,
    );
    return parseManifests(kustomize(directory));
  }

  const find = (manifests: readonly Manifest[], kind: string, name: string) =>
    manifests.find((each) => each.kind === kind && each.metadata.name === name);

  it('is one replica with the configuration of the server, and reads only', () => {
    const manifests = withComponents('audit');
    const audit = find(manifests, 'Deployment', 'calico-admission-audit');
    expect(audit?.['spec']).toMatchObject({
      replicas: 1,
      strategy: { type: 'Recreate' },
      template: {
        spec: { serviceAccountName: 'calico-admission-audit', automountServiceAccountToken: false },
      },
    });
    const text = JSON.stringify(audit);
    expect(text).toContain('"image":"mine:');
    expect(text).toContain(
      '"args":["audit","--every=6h","--host=0.0.0.0","--config=/etc/calico-admission/config.yaml"]',
    );
    const [config = ''] = /calico-admission-config-\w+/.exec(text) ?? [];
    expect(find(manifests, 'ConfigMap', config)).toBeDefined();
    const bound = manifests.filter(
      ({ kind, subjects }) =>
        kind.endsWith('Binding') && JSON.stringify(subjects).includes('calico-admission-audit'),
    );
    expect(bound.map(({ roleRef }) => roleRef)).toEqual([
      { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'calico-admission-audit' },
    ]);
  });

  it('may write reports if enabled, and nothing else', () => {
    const manifests = withComponents('audit', 'audit-write');
    expect(JSON.stringify(find(manifests, 'Deployment', 'calico-admission-audit'))).toContain('"--write"]');
    expect(find(manifests, 'ClusterRole', 'calico-admission-audit-reports')?.['rules']).toEqual([
      {
        apiGroups: ['openreports.io'],
        resources: ['reports', 'clusterreports'],
        verbs: ['list', 'create', 'patch', 'delete'],
      },
    ]);
  });
});
