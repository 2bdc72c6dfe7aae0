import { describe, expect, it } from 'vitest';
import {
  renderWebhookConfigurations,
  type WebhookOptions,
} from '../../src/cluster/webhook-configurations.ts';
import { CLUSTERS, KIND_GROUPS } from '../../src/policy/types.ts';
import { registry } from '../support/registry.ts';

const OPTIONS: WebhookOptions = {
  endpoint: { kind: 'service', name: 'calico-admission-webhook', namespace: 'calico-admission' },
  caBundle: 'PEM',
  cluster: 'garden',
  failurePolicy: 'Fail',
};

describe('webhook configurations', () => {
  it.each([
    { cluster: 'garden', target: 'shoot', mutate: '/mutate' },
    { cluster: 'seed', target: 'network', mutate: '/mutate/azure' },
  ] as const)('of a $cluster cover exactly what is evaluated there', ({ cluster, target, mutate }) => {
    const configurations = renderWebhookConfigurations(registry, { ...OPTIONS, cluster });
    const policy = registry.policies.find((each) => each.target.id === target);
    const rule = {
      apiGroups: [policy?.target.apis[0].group],
      apiVersions: policy?.target.apis[0].versions,
      resources: [policy?.target.resource],
      operations: ['CREATE', 'UPDATE'],
      scope: 'Namespaced',
    };
    const validated = policy && policy.rules.length > 0 ? ['ValidatingWebhookConfiguration'] : [];
    expect(configurations.map((each) => each.kind)).toEqual([...validated, 'MutatingWebhookConfiguration']);
    for (const configuration of configurations) {
      const path = configuration.kind === 'MutatingWebhookConfiguration' ? mutate : '/validate';
      expect(configuration.webhooks).toHaveLength(1);
      expect(configuration.webhooks?.[0]).toMatchObject({
        rules: [rule],
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        matchPolicy: 'Equivalent',
        failurePolicy: 'Fail',
        matchConditions: [
          { name: 'is-not-being-deleted', expression: '!has(object.metadata.deletionTimestamp)' },
        ],
        clientConfig: {
          service: { name: 'calico-admission-webhook', namespace: 'calico-admission', path, port: 443 },
          caBundle: Buffer.from('PEM').toString('base64'),
        },
      });
    }
  });

  it('asks a seed only about shoot namespaces of its cloud with Calico', () => {
    for (const { webhooks } of renderWebhookConfigurations(registry, { ...OPTIONS, cluster: 'seed' })) {
      expect(webhooks?.[0]?.namespaceSelector?.matchExpressions).toEqual([
        { key: 'shoot.gardener.cloud/provider', operator: 'In', values: ['azure'] },
        { key: 'networking.shoot.gardener.cloud/provider', operator: 'In', values: ['calico'] },
      ]);
    }
  });

  it('of a cluster with Calico cover its own objects and leave Calico itself alone', () => {
    const { failurePolicy: _default, ...rest } = OPTIONS;
    const [configuration, ...others] = renderWebhookConfigurations(registry, { ...rest, cluster: 'calico' });
    expect(others).toEqual([]);
    // A garden or a seed may have both.
    expect(configuration).toMatchObject({
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'calico-admission-calico' },
    });
    const webhook = configuration?.webhooks?.[0];
    expect(webhook).toMatchObject({
      // The alerts of manifests/monitoring look for this beginning.
      name: expect.stringMatching(/^validate[.]calico-admission[.].+/),
      failurePolicy: 'Ignore',
      clientConfig: { service: { path: '/validate' } },
    });
    expect(webhook).not.toHaveProperty('namespaceSelector');
    const asked = webhook?.rules?.map(({ apiGroups, apiVersions, resources, operations, scope }) =>
      [resources, apiGroups, apiVersions, operations, scope].join(' '),
    );
    expect(asked).toEqual([
      'ippools projectcalico.org v3 CREATE,UPDATE Cluster',
      'ippools crd.projectcalico.org v1 CREATE,UPDATE Cluster',
      'felixconfigurations projectcalico.org v3 CREATE,UPDATE Cluster',
      'felixconfigurations crd.projectcalico.org v1 CREATE,UPDATE Cluster',
      'installations operator.tigera.io v1 CREATE,UPDATE Cluster',
    ]);
    expect(webhook?.matchConditions).toHaveLength(1);
    const expression = webhook?.matchConditions?.[0]?.expression;
    expect(expression).toMatch(/^!\(request\.userInfo\.username in \['[^']+'(, '[^']+')*\]\)$/);
    for (const account of [
      'kube-system:calico-node',
      'calico-system:calico-node',
      'tigera-operator:tigera-operator',
    ]) {
      expect(expression).toContain(`'system:serviceaccount:${account}'`);
    }
  });

  it('of a cluster with Calico cover further kinds on request, each with its scope', () => {
    const askedWith = (groups: WebhookOptions['groups'] = []) =>
      renderWebhookConfigurations(registry, { ...OPTIONS, cluster: 'calico', groups })
        .flatMap(({ webhooks }) => webhooks ?? [])
        .flatMap(({ rules }) => rules ?? [])
        .map(({ apiGroups, apiVersions, resources, scope }) =>
          [resources, apiGroups, apiVersions, scope].join(' '),
        );
    const before = askedWith();
    const more = (groups: WebhookOptions['groups']) =>
      askedWith(groups).filter((each) => !before.includes(each));
    expect(more(['bgp'])).toEqual([
      'bgpconfigurations projectcalico.org v3 Cluster',
      'bgpconfigurations crd.projectcalico.org v1 Cluster',
      'bgppeers projectcalico.org v3 Cluster',
      'bgppeers crd.projectcalico.org v1 Cluster',
      'bgpfilters projectcalico.org v3 Cluster',
      'bgpfilters crd.projectcalico.org v1 Cluster',
    ]);
    expect(more(['ipam'])).toEqual([
      'ipreservations projectcalico.org v3 Cluster',
      'ipreservations crd.projectcalico.org v1 Cluster',
      'ipamconfigurations projectcalico.org v3 Cluster',
      'ipamconfigs crd.projectcalico.org v1 Cluster',
    ]);
    const namespaced = more(['policies']).filter((each) => each.endsWith(' Namespaced'));
    expect(namespaced.map((each) => each.split(' ')[0])).toEqual([
      ...['networkpolicies', 'networkpolicies', 'stagednetworkpolicies', 'stagednetworkpolicies'],
      ...['networksets', 'networksets'],
    ]);
    expect(more(['policies'])).toHaveLength(16);
    // Every kind of Calico that is evaluated can be asked about.
    const all = askedWith(KIND_GROUPS);
    for (const { target } of registry.policies.filter((each) => each.target.id === 'calico')) {
      for (const { group, versions } of target.apis) {
        expect(all).toContain([target.resource, group, versions, target.scope].join(' '));
      }
    }
  });

  it('have failurePolicy Fail where that is safe, unless set otherwise', () => {
    const { failurePolicy: _given, ...rest } = OPTIONS;
    const policyOf = (options: WebhookOptions) =>
      renderWebhookConfigurations(registry, options)[0]?.webhooks?.[0]?.failurePolicy;
    expect(CLUSTERS.map((cluster) => policyOf({ ...rest, cluster }))).toEqual(['Fail', 'Fail', 'Ignore']);
    expect(policyOf({ ...rest, cluster: 'calico', failurePolicy: 'Fail' })).toBe('Fail');
    expect(policyOf({ ...rest, cluster: 'garden', failurePolicy: 'Ignore' })).toBe('Ignore');
  });

  it('accepts a URL instead of a Service', () => {
    const endpoint = { kind: 'url', base: 'https://10.0.0.7:8443' } as const;
    const urls = renderWebhookConfigurations(registry, { ...OPTIONS, endpoint }).map(
      (each) => each.webhooks?.[0]?.clientConfig.url,
    );
    expect(urls).toEqual(['https://10.0.0.7:8443/validate', 'https://10.0.0.7:8443/mutate']);
  });
});
