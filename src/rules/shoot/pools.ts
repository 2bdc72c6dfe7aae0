// The encapsulation of a pool (ipip, vxlan) and when it is used. VXLAN supports only Always and Never here. The
// extension rejects any other combination: the pool does not change, and the network of the Shoot is not reconciled.
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
  title: 'pools must have a supported encapsulation, with a mode that it allows',
  action: 'deny',
  docs: {
    why: 'The extension rejects any other pool or mode, and `CrossSubnet` and `Off` together with `vxlan`: the pools stay as they were, and the network is not reconciled.',
    fix: 'Write `ipip` or `vxlan` as pool. As mode write `Always` or `Never`, and with `ipip` also `CrossSubnet` or `Off`. Words are case-sensitive.',
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
        problem: 'unsupported pool encapsulation',
        allowed: POOLS,
      });
      yield* checkMode([...path, 'mode'], read(config, family, 'mode'), pool);
    }
    yield* checkMode([...configPath, 'ipip'], read(config, 'ipip'), undefined);
  },
};

function* checkMode(path: FieldPath, value: unknown, pool: unknown): Generator<Finding> {
  if (pool !== 'vxlan') {
    yield* checkAllowedValue({ path, value, problem: 'unsupported pool mode', allowed: POOL_MODES });
  } else if (typeof value === 'string' && POOL_MODES.includes(value) && !VXLAN_POOL_MODES.includes(value)) {
    yield {
      path,
      reason: 'FieldValueNotSupported',
      problem: 'a vxlan pool does not support this mode',
      got: value,
      advice: 'use Always or Never',
    };
  } else {
    yield* checkAllowedValue({
      path,
      value,
      problem: 'unsupported mode of a vxlan pool',
      allowed: VXLAN_POOL_MODES,
    });
  }
}
