// IPAM gives pods their addresses. The extension rejects a configuration with an unknown type or an invalid range, and
// also calico-ipam with IPv6, because only host-local serves IPv6 in Gardener. The range is parsed strictly: leading
// zeros and host bits are errors, because two programs could read them differently.

import { strictCidrProblem } from '../../formats/cidr.ts';
import { nearest } from '../../formats/nearest.ts';
import networkConfig from '../../kinds/network-config.json' with { type: 'json' };
import type { FieldPath } from '../../policy/field-path.ts';
import { read } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import { wordsAt } from '../../schema/values.ts';
import type { NetworkConfigInput } from '../../targets/network-config.ts';
import { checkAllowedValue } from '../shared/allowed-value.ts';
import { adviseCidr } from '../shared/cidr-advice.ts';

const TYPES = wordsAt(networkConfig, 'ipam', 'type');
/** The pod range of each node, as Gardener's documentation spells it; case does not matter. */
const USE_POD_CIDR = 'usePodCIDR';

export const ipam: Rule<NetworkConfigInput> = {
  id: 'shoot/ipam',
  title: 'the IPAM type must fit the IP families, and its range must be a canonical CIDR',
  action: 'deny',
  docs: {
    why: 'The extension rejects any other type or range, and `calico-ipam` together with IPv6: the network is not reconciled, and new pods may get no address.',
    fix: 'Use `host-local` (required for IPv6) or `calico-ipam`. As `cidr` write `usePodCIDR` or a range in canonical form, or remove it.',
    good: `
kind: Shoot
spec:
  networking:
    type: calico
    providerConfig:
      ipam:
        type: host-local
        cidr: usePodCIDR
`,
    bad: `
kind: Shoot
spec:
  networking:
    type: calico
    providerConfig:
      ipam:
        type: host-local
        cidr: 10.0.0.5/16
`,
    source:
      'gardener-extension-networking-calico, validation of the NetworkConfig; networking-calico#501 and #669',
    since: '0.1.0',
  },
  *check({ config, configPath, ipFamilies }) {
    const type = read(config, 'ipam', 'type');
    const path = [...configPath, 'ipam', 'type'];
    if (type === 'calico-ipam' && ipFamilies.includes('IPv6')) {
      yield {
        path,
        reason: 'FieldValueForbidden',
        problem: 'calico-ipam does not support IPv6',
        got: 'calico-ipam',
        advice: 'use host-local or remove the type',
      };
    } else if (type !== '') {
      yield* checkAllowedValue({ path, value: type, problem: 'unsupported IPAM type', allowed: TYPES });
    }
    yield* checkRange([...configPath, 'ipam', 'cidr'], read(config, 'ipam', 'cidr'));
  },
};

function* checkRange(path: FieldPath, value: unknown): Generator<Finding> {
  if (typeof value !== 'string' || value.toLowerCase() === USE_POD_CIDR.toLowerCase()) return;
  const spelling = strictCidrProblem(value);
  if (spelling === undefined) return;
  const { problem, advice: other } = adviseCidr(value, spelling);
  const meant = nearest(value, [USE_POD_CIDR]);
  const advice = meant === undefined ? other : `did you mean ${meant}? It works for both IP families`;
  yield { path, reason: 'FieldValueInvalid', problem, got: value, advice };
}
