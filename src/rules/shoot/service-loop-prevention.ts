// Packets to an address of the Service range that no Service has can loop between node and gateway until their time to
// live ends; serviceLoopPrevention decides what Felix does with them. The extension accepts three words with a capital
// letter, and rejects the configuration otherwise.

import networkConfig from '../../kinds/network-config.json' with { type: 'json' };
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { wordsAt } from '../../schema/values.ts';
import type { NetworkConfigInput } from '../../targets/network-config.ts';
import { checkAllowedValue } from '../shared/allowed-value.ts';

const ALLOWED = wordsAt(networkConfig, 'serviceLoopPrevention');

export const serviceLoopPrevention: Rule<NetworkConfigInput> = {
  id: 'shoot/service-loop-prevention',
  title: 'serviceLoopPrevention must be Disabled, Drop or Reject',
  action: 'deny',
  docs: {
    why: 'The extension rejects any other word, so the network is not reconciled.',
    fix: 'Write `Disabled`, `Drop` or `Reject` with a capital letter, or remove the field to use the default of Felix.',
    good: `
kind: Shoot
spec:
  networking:
    type: calico
    providerConfig:
      serviceLoopPrevention: Drop
`,
    bad: `
kind: Shoot
spec:
  networking:
    type: calico
    providerConfig:
      serviceLoopPrevention: drop
`,
    source:
      'gardener-extension-networking-calico, validation of the NetworkConfig; Calico, FelixConfiguration serviceLoopPrevention',
    since: '0.1.0',
  },
  *check({ config, configPath }) {
    yield* checkAllowedValue({
      path: [...configPath, 'serviceLoopPrevention'],
      value: read(config, 'serviceLoopPrevention'),
      problem: 'unsupported serviceLoopPrevention',
      allowed: ALLOWED,
    });
  },
};
