// A pool's encapsulation (ipip, vxlan) and when it is used. Calico's VXLAN knows only Always and Never here, and the
// extension refuses any other combination: the pool is not changed, and the Shoot's network is not reconciled.
// `ipip` at the top level is the deprecated mode of the IPv4 pool, with the same words.

import networkConfig from '../../kinds/network-config.json' with { type: 'json' };
import type { FieldPath } from '../../policy/field-path.ts';
import { read } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import { wordsAt } from '../../schema/values.ts';
import type { NetworkConfigInput } from '../../targets/network-config.ts';
import { checkAllowedValue } from '../shared/allowed-value.ts';
import { POOL_MODES, VXLAN_POOL_MODES } from './shared/pool-modes.ts';

const POOLS = wordsAt(networkConfig, 'ipv4', 'pool');

export const pools: Rule<NetworkConfigInput> = {
  id: 'shoot/pools',
  title: 'pools and their modes are known and fit together',
  action: 'deny',
  docs: {
    why: 'The extension refuses any other pool or mode, and `CrossSubnet` and `Off` together with `vxlan`: the pools stay as they were, and the network is not reconciled.',
    fix: 'Write `ipip` or `vxlan` as pool; as mode `Always` or `Never`, and with `ipip` also `CrossSubnet` or `Off`. Words are case-sensitive.',
    good: `
kind: Shoot
spec:
  networking:
    type: calico
    providerConfig:
      ipv4:
        pool: vxlan
        mode: Always
`,
    bad: `
kind: Shoot
spec:
  networking:
    type: calico
    providerConfig:
      ipv4:
        pool: vxlan
        mode: CrossSubnet
`,
    source: 'gardener-extension-networking-calico, validation of the NetworkConfig; networking-calico#669',
    since: '0.1.0',
  },
  *check({ config, configPath }) {
    for (const family of ['ipv4', 'ipv6']) {
      const path = [...configPath, family];
      const pool = read(config, family, 'pool');
      yield* checkAllowedValue({
        path: [...path, 'pool'],
        value: pool,
        problem: 'not a kind of pool',
        allowed: POOLS,
      });
      yield* checkMode([...path, 'mode'], read(config, family, 'mode'), pool);
    }
    yield* checkMode([...configPath, 'ipip'], read(config, 'ipip'), undefined);
  },
};

function* checkMode(path: FieldPath, value: unknown, pool: unknown): Generator<Finding> {
  if (pool !== 'vxlan') {
    yield* checkAllowedValue({ path, value, problem: 'not a mode of a pool', allowed: POOL_MODES });
  } else if (typeof value === 'string' && POOL_MODES.includes(value) && !VXLAN_POOL_MODES.includes(value)) {
    yield {
      path,
      reason: 'FieldValueNotSupported',
      problem: 'a vxlan pool does not take this mode',
      got: value,
      advice: 'use Always or Never',
    };
  } else {
    yield* checkAllowedValue({
      path,
      value,
      problem: 'not a mode of a vxlan pool',
      allowed: VXLAN_POOL_MODES,
    });
  }
}
