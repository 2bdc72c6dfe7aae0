// The backend decides how routes get from node to node. The extension accepts three words in lower case. With any
// other word it rejects the configuration, and the network of the Shoot is no longer reconciled. The most common
// mistake is None, which Gardener's documentation prints for Azure; the API value is none.

import networkConfig from '../../kinds/network-config.json' with { type: 'json' };
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { wordsAt } from '../../schema/values.ts';
import type { NetworkConfigInput } from '../../targets/network-config.ts';
import { checkAllowedValue } from '../shared/allowed-value.ts';

const BACKENDS = wordsAt(networkConfig, 'backend');

export const backend: Rule<NetworkConfigInput> = {
  id: 'shoot/backend',
  title: 'the backend must be bird, none or vxlan',
  action: 'deny',
  docs: {
    why: 'The extension rejects any other backend, so the network is not reconciled: new nodes get no routes to pods on other nodes.',
    fix: "Write `bird`, `none` or `vxlan` in lower case, or remove the field. Gardener's documentation prints `None` for Azure; write `none`.",
    good: `
kind: Shoot
spec:
  networking:
    type: calico
    providerConfig:
      backend: bird
`,
    bad: `
kind: Shoot
spec:
  networking:
    type: calico
    providerConfig:
      backend: Bird
`,
    source: 'gardener-extension-networking-calico, validation of the NetworkConfig; networking-calico#669',
    since: '0.1.0',
  },
  *check({ config, configPath }) {
    const path = [...configPath, 'backend'];
    const value = read(config, 'backend');
    if (value === 'None') {
      yield {
        path,
        reason: 'FieldValueNotSupported',
        problem: 'unsupported backend',
        got: value,
        advice: "write none in lower case (Gardener's documentation prints None)",
        fix: { kind: 'replace', value: 'none' },
      };
      return;
    }
    yield* checkAllowedValue({ path, value, problem: 'unsupported backend', allowed: BACKENDS });
  },
};
