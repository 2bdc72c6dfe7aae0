// Clouds differ in the IP families that their networks support in Gardener: Azure supports only IPv4; GCP and
// OpenStack do not support IPv6 alone. The infrastructure of such a Shoot cannot be created, or its nodes have no
// address that can be reached.
import type { FieldPath } from '../../policy/field-path.ts';
import { readList } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import { countItems } from '../../targets/object.ts';
import type { ShootInput } from '../../targets/shoot.ts';
import { hasNodes } from './shared/has-nodes.ts';

/** Clouds that do not support IPv6 alone, with their usual names. */
const NO_SINGLE_IPV6: ReadonlyMap<string, string> = new Map([
  ['gcp', 'GCP'],
  ['openstack', 'OpenStack'],
]);

export const providerIpFamilies: Rule<ShootInput> = {
  id: 'shoot/provider-ip-families',
  title: 'the IP families must be ones that the cloud supports',
  action: 'deny',
  docs: {
    why: 'Gardener cannot create a network with these families in this cloud: the Shoot is rejected, or has no working network.',
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
      problem: `${cloud} does not support IPv6 alone`,
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
      problem: 'Shoots on Azure do not support IPv6',
      got: 'IPv6',
      advice: 'use [IPv4]',
    };
  } else if (count > 1) {
    const problem = `Shoots on Azure support one IP family, not ${count}`;
    yield { path, reason: 'FieldValueForbidden', problem, advice: 'use [IPv4]' };
  }
}
