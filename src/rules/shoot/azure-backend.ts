// On Azure pods of different nodes reach each other only through Azure's own route tables, that is with the backend
// none. Our mutating webhook writes it; where bird (or nothing, which means bird) still gets here, that webhook is
// missing or switched off. "None" is how Gardener's documentation spells it. Looks at providerConfig.backend.
import { isMap, isUnset, read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ShootInput } from '../../targets/shoot.ts';

export const azureBackend: Rule<ShootInput> = {
  id: 'shoot/azure-backend',
  title: 'on Azure the backend is none, or the mutating webhook makes it so',
  action: 'warn',
  docs: {
    why: "Azure's network carries neither BGP nor IP-in-IP. That this backend gets as far as the validating webhook means that the mutating one, which writes `none`, was not called or has its mutation `azure-backend` switched off.",
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
      problem: 'Azure needs the backend none, and no mutating webhook has written it',
      got: backend,
      advice: 'write backend: none',
    };
  },
};
