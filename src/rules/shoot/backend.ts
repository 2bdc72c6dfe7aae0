// The backend says how routes get from node to node. The extension takes three words, in lower case, and rejects the
// configuration otherwise: the Shoot's network is not reconciled any more. The best known mistake is None, which
// Gardener's documentation prints for Azure; the value on the wire is none.

import networkConfig from '../../kinds/network-config.json' with { type: 'json' };
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { wordsAt } from '../../schema/values.ts';
import type { NetworkConfigInput } from '../../targets/network-config.ts';
import { checkAllowedValue } from '../shared/allowed-value.ts';

const BACKENDS = wordsAt(networkConfig, 'backend');

export const backend: Rule<NetworkConfigInput> = {
  id: 'shoot/backend',
  title: 'the backend is bird, none or vxlan',
  action: 'deny',
  docs: {
    why: 'The extension refuses any other backend, so the network is not reconciled: new nodes get no routes to the pods of the others.',
    fix: "Write `bird`, `none` or `vxlan` in lower case, or leave the field out. Gardener's documentation prints `None` for Azure; write `none`.",
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
        problem: 'not a backend of Calico',
        got: value,
        advice: "write none: what Gardener's documentation calls None is none in lower case",
        fix: { kind: 'replace', value: 'none' },
      };
      return;
    }
    yield* checkAllowedValue({ path, value, problem: 'not a backend of Calico', allowed: BACKENDS });
  },
};
