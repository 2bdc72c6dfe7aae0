// On Azure pods on different nodes reach each other only through the route tables of Azure, which means with the
// backend none. Our mutating webhook writes it. Where bird (or no backend, which means bird) still arrives here, that
// webhook is missing or disabled. Gardener's documentation spells the word "None". Looks at providerConfig.backend.
import { isMap, isUnset, read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ShootInput } from '../../targets/shoot.ts';

export const azureBackend: Rule<ShootInput> = {
  id: 'shoot/azure-backend',
  title: 'the backend should be none on Azure',
  action: 'warn',
  docs: {
    why: 'The network of Azure carries neither BGP nor IP-in-IP. The mutating webhook writes `none`. If another backend reaches the validating webhook, the mutating webhook was not called, or its mutation `azure-backend` is disabled.',
    fix: 'Write `backend: none`, and register the mutating webhook (`calico-admission manifests`).',
    good: `
kind: Shoot
spec:
  provider:
    type: azure
  networking:
    type: calico
    providerConfig:
      backend: none
`,
    bad: `
kind: Shoot
spec:
  provider:
    type: azure
  networking:
    type: calico
    providerConfig:
      backend: bird
`,
    source: 'gardener-extension-provider-azure, pkg/webhook/network (backend none on every Network)',
    since: '0.1.0',
  },
  *check({ provider, isTyped, config, configValue, configPath }) {
    if (provider !== 'azure' || !isTyped || !(isUnset(configValue) || isMap(configValue))) return;
    const backend = read(config, 'backend');
    if (!isUnset(backend) && backend !== 'bird' && backend !== 'None') return;
    yield {
      path: [...configPath, 'backend'],
      reason: 'FieldValueNotSupported',
      problem: 'Azure needs the backend none, and the mutating webhook did not set it',
      got: backend,
      advice: 'write backend: none',
    };
  },
};
