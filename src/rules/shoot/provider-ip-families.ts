// Clouds differ in the IP families that their networks carry: Azure only IPv4 in Gardener, GCP and OpenStack no IPv6
// alone. The infrastructure of such a Shoot cannot be made, or its nodes come up without an address that anyone can
// reach.
import type { FieldPath } from '../../policy/field-path.ts';
import { readList } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import { countItems } from '../../targets/object.ts';
import type { ShootInput } from '../../targets/shoot.ts';
import { hasNodes } from './shared/has-nodes.ts';

/** Clouds without IPv6 alone, as people call them. */
const NO_SINGLE_IPV6: ReadonlyMap<string, string> = new Map([
  ['gcp', 'GCP'],
  ['openstack', 'OpenStack'],
]);

export const providerIpFamilies: Rule<ShootInput> = {
  id: 'shoot/provider-ip-families',
  title: 'the cloud carries the IP families',
  action: 'deny',
  docs: {
    why: 'Gardener cannot make a network with these families in this cloud: the Shoot is refused or stays without a working network.',
    fix: 'On Azure use `[IPv4]`; on GCP and OpenStack use `[IPv4]` or `[IPv4, IPv6]`.',
    good: `
kind: Shoot
spec:
  provider:
    type: azure
  networking:
    type: calico
    ipFamilies: [IPv4]
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
    ipFamilies: [IPv4, IPv6]
    providerConfig:
      backend: none
`,
    source: 'gardener-extension-provider-azure, -gcp and -openstack, their Shoot validators',
    since: '0.1.0',
  },
  *check(input) {
    if (!hasNodes(input)) return;
    const { provider = '', networking, ipFamiliesPath } = input;
    const families = readList(networking, 'ipFamilies');
    if (provider === 'azure') yield* checkAzure(families, countItems(input, ipFamiliesPath), ipFamiliesPath);
    const cloud = NO_SINGLE_IPV6.get(provider);
    if (cloud === undefined || families.length !== 1 || families[0] !== 'IPv6') return;
    yield {
      path: ipFamiliesPath,
      reason: 'FieldValueForbidden',
      problem: `${cloud} does not carry IPv6 alone`,
      got: 'IPv6',
      advice: 'use [IPv4] or [IPv4, IPv6]',
    };
  },
};

function* checkAzure(families: readonly unknown[], count: number, path: FieldPath): Generator<Finding> {
  if (families.includes('IPv6')) {
    yield {
      path,
      reason: 'FieldValueForbidden',
      problem: 'Azure Shoots do not carry IPv6',
      got: 'IPv6',
      advice: 'use [IPv4]',
    };
  } else if (count > 1) {
    const problem = `Azure Shoots carry one IP family, not ${count}`;
    yield { path, reason: 'FieldValueForbidden', problem, advice: 'use [IPv4]' };
  }
}
