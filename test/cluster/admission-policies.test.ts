import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { renderAdmissionPolicies } from '../../src/cluster/admission-policies.ts';
import { renderWebhookConfigurations } from '../../src/cluster/webhook-configurations.ts';
import { formatPath } from '../../src/policy/field-path.ts';
import { read } from '../../src/policy/json.ts';
import { renderMessage } from '../../src/policy/message.ts';
import { DEFAULT_SETTINGS } from '../../src/policy/settings.ts';
import { loadRegistry } from '../../src/registry.ts';
import { validate } from '../support/evaluate.ts';
import { withVersions } from '../support/versions.ts';

const registry = loadRegistry();
const OPTIONS = { cluster: 'garden', mutating: true, settings: DEFAULT_SETTINGS } as const;
const RULES = ['shoot/kube-proxy-off-needs-ebpf', 'shoot/vpa-mode-needs-vpa'] as const;

function render(options: Partial<Parameters<typeof renderAdmissionPolicies>[1]> = {}) {
  return renderAdmissionPolicies(registry, { ...OPTIONS, ...options });
}

function summarize(options: Parameters<typeof render>[0] = {}) {
  return render(options).map(({ kind, metadata }) => `${kind} ${metadata?.name}`);
}

const validating = (name: string) => [
  `ValidatingAdmissionPolicy calico-admission-shoot-${name}`,
  `ValidatingAdmissionPolicyBinding calico-admission-shoot-${name}`,
];
const mutating = (name: string) => [
  `MutatingAdmissionPolicy calico-admission-${name}`,
  `MutatingAdmissionPolicyBinding calico-admission-${name}`,
];

describe('admission policies', () => {
  it('are there for the two denials, and for the backend on Azure where it is asked for', () => {
    const denials = [...validating('kube-proxy-off-needs-ebpf'), ...validating('vpa-mode-needs-vpa')];
    expect(summarize({ mutating: false })).toEqual(denials);
    expect(summarize()).toEqual([...denials, ...mutating('shoot-azure-backend')]);
    expect(summarize({ cluster: 'seed' })).toEqual(mutating('network-azure-backend'));
    expect(summarize({ cluster: 'seed', mutating: false })).toEqual([]);
    expect(summarize({ cluster: 'calico' })).toEqual([]);
  });

  it.each(['garden', 'seed'] as const)('of a %s are about the same objects as its webhooks', (cluster) => {
    const endpoint = { kind: 'url', base: 'https://x' } as const;
    const webhooks = renderWebhookConfigurations(registry, { endpoint, caBundle: 'PEM', cluster });
    const [webhook] = webhooks[0]?.webhooks ?? [];
    const policies = render({ cluster }).filter(({ kind }) => kind?.endsWith('Policy'));
    expect(policies).not.toEqual([]);
    for (const policy of policies) {
      expect(read(policy, 'spec', 'matchConstraints', 'resourceRules')).toEqual(webhook?.rules);
      expect(read(policy, 'spec', 'matchConstraints', 'namespaceSelector')).toEqual(
        webhook?.namespaceSelector,
      );
      expect(read(policy, 'spec', 'matchConstraints', 'matchPolicy')).toBe(webhook?.matchPolicy);
      expect(read(policy, 'spec', 'matchConditions')).toEqual(webhook?.matchConditions);
    }
  });

  it.each(RULES)('report %s as the webhook does, and no other rule', (id) => {
    const rule = registry.policies.flatMap(({ rules }) => rules).find((each) => each.id === id);
    const object: unknown = parse(rule?.docs.bad ?? '');
    for (const settings of [DEFAULT_SETTINGS, withVersions({ networkingCalico: '1.58' })]) {
      const [found] = validate(registry, { object, settings }).findings.filter((each) => each.rule === id);
      if (found === undefined) throw new Error('the example is no bad one');
      const policy = render({ settings }).find(
        ({ metadata }) => metadata?.name === `calico-admission-${id.replace('/', '-')}`,
      );
      expect(read(policy, 'spec', 'validations')).toEqual([
        {
          expression: '!variables.isBroken || variables.wasBroken || variables.isLeftAlone',
          message: `${formatPath(found.path)}: ${renderMessage(found)} [${id}]`,
          reason: 'Invalid',
        },
      ]);
    }
  });

  it.each([
    { action: 'warn', actions: ['Warn'] },
    { action: 'audit', actions: ['Audit'] },
    { action: 'deny', actions: ['Deny'] },
  ] as const)('follow the configuration file: $action', ({ action, actions }) => {
    const settings = { ...DEFAULT_SETTINGS, rules: { [RULES[0]]: action } };
    expect(read(render({ settings })[1], 'spec', 'validationActions')).toEqual(actions);
  });

  it('are left out for a rule or a mutation that is off', () => {
    const settings = {
      ...DEFAULT_SETTINGS,
      rules: { [RULES[0]]: 'off' },
      mutations: { 'azure-backend': 'off' },
    } as const;
    expect(summarize({ settings })).toEqual(validating('vpa-mode-needs-vpa'));
  });

  it('report nothing in an exempt namespace', () => {
    const settings = { ...DEFAULT_SETTINGS, exempt: [{ namespace: 'garden-old', rules: [RULES[1]] }] };
    const conditions = render({ settings, mutating: false }).flatMap(
      (each) => read(each, 'spec', 'matchConditions') ?? [],
    );
    expect(conditions).toEqual([
      { name: 'is-not-being-deleted', expression: '!has(object.metadata.deletionTimestamp)' },
      { name: 'is-not-being-deleted', expression: '!has(object.metadata.deletionTimestamp)' },
      { name: 'not-exempt', expression: "!(request.namespace in ['garden-old'])" },
    ]);
  });

  it('name each variable once, after those that it reads', () => {
    for (const policy of render()) {
      const variables = (read(policy, 'spec', 'variables') ?? []) as { name: string; expression: string }[];
      const known = new Set<string>();
      for (const { name, expression } of variables) {
        expect(known.has(name), name).toBe(false);
        for (const [, used = ''] of expression.matchAll(/variables\.(\w+)/g))
          expect(known, `${name}: ${used}`).toContain(used);
        known.add(name);
      }
    }
  });
});
