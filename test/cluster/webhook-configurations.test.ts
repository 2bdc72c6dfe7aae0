import { describe, expect, it } from 'vitest';
import {
  renderWebhookConfigurations,
  type WebhookOptions,
} from '../../src/cluster/webhook-configurations.ts';
import { loadRegistry } from '../../src/registry.ts';

const registry = loadRegistry();
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
  ] as const)('of a $cluster cover exactly what is judged there', ({ cluster, target, mutate }) => {
    const configurations = renderWebhookConfigurations(registry, { ...OPTIONS, cluster });
    const policy = registry.policies.find((each) => each.target.id === target);
    const rule = {
      apiGroups: [policy?.target.group],
      apiVersions: policy?.target.versions,
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

  it('takes a URL instead of a Service', () => {
    const endpoint = { kind: 'url', base: 'https://10.0.0.7:8443' } as const;
    const urls = renderWebhookConfigurations(registry, { ...OPTIONS, endpoint }).map(
      (each) => each.webhooks?.[0]?.clientConfig.url,
    );
    expect(urls).toEqual(['https://10.0.0.7:8443/validate', 'https://10.0.0.7:8443/mutate']);
  });
});
