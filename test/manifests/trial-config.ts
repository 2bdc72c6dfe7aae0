import { stringify } from 'yaml';
import { listMutations, listRules, type Registry } from '../../src/policy/registry.ts';

const HEAD = `# yaml-language-server: $schema=../../../schemas/config.json
# Made from the rules by \`npm run docs\`. Nothing is rejected and nothing is changed: each rule that denies warns instead.
# Rules for the audit keep their action, because they also find something in good Shoots.
`;

/** What a trial runs with: no rule that denies, no mutation. */
export function trialConfig(registry: Registry): Record<string, unknown> {
  const rules = listRules(registry).filter((rule) => rule.action !== 'audit');
  return {
    logLevel: 'info',
    rules: Object.fromEntries(rules.map((rule) => [rule.id, 'warn'])),
    mutations: Object.fromEntries(listMutations(registry).map((mutation) => [mutation.id, 'off'])),
  };
}

// YAML 1.1 makes a boolean of an unquoted off, and Helm reads that.
export function renderTrialConfig(registry: Registry): string {
  return HEAD + stringify(trialConfig(registry), { version: '1.1' });
}

export function renderTrialValues(registry: Registry): string {
  const application = {
    failurePolicy: 'Ignore',
    onlyLabelledShoots: false,
    namespaceSelector: {
      matchExpressions: [
        { key: 'calico-admission.gardener.cloud/trial', operator: 'In', values: ['enabled'] },
      ],
    },
  };
  const head = HEAD.split('\n').slice(1).join('\n');
  return `# As overlays/trial.\n${head}${stringify(
    { application, runtime: { config: trialConfig(registry) } },
    { version: '1.1' },
  )}`;
}
