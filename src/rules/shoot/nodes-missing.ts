// This rule reports a missing range of the nodes. Gardener itself leaves it to the provider; the admission webhooks of
// five clouds reject a Shoot without it. Where they are not called, gardenlet may set it later.
import { isUnset, read, readList } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ShootInput } from '../../targets/shoot.ts';

const CLOUDS: ReadonlyMap<string, string> = new Map([
  ['alicloud', 'Alicloud'],
  ['aws', 'AWS'],
  ['azure', 'Azure'],
  ['gcp', 'GCP'],
  ['openstack', 'OpenStack'],
]);

export const nodesMissing: Rule<ShootInput> = {
  id: 'shoot/nodes-missing',
  title: 'spec.networking.nodes should be set where the cloud needs it',
  action: 'warn',
  docs: {
    why: 'The admission webhooks of the extensions for Alicloud, AWS, Azure, GCP and OpenStack reject a Shoot that has workers but no `nodes`; on AWS a Shoot with only IPv6 does not need it. This is a warning because a Gardener without these webhooks accepts the Shoot.',
    fix: 'Write `spec.networking.nodes`, a range that does not overlap `pods` and `services`.',
    good: `
kind: Shoot
spec:
  provider:
    type: aws
    workers:
    - name: worker
  networking:
    type: calico
    nodes: 10.250.0.0/16
`,
    bad: `
kind: Shoot
spec:
  provider:
    type: aws
    workers:
    - name: worker
  networking:
    type: calico
`,
    source:
      'gardener-extension-provider-alicloud, -aws, -azure, -gcp and -openstack, their Shoot validators: ValidateNetworking',
    since: '0.1.0',
  },
  *check({ provider = '', networking, spec }) {
    const cloud = CLOUDS.get(provider);
    // A document without workers is a part of a Shoot, or has no nodes.
    if (cloud === undefined || readList(spec, 'provider', 'workers').length === 0) return;
    if (!isUnset(read(networking, 'nodes'))) return;
    const families = readList(networking, 'ipFamilies');
    if (provider === 'aws' && families.length > 0 && !families.includes('IPv4')) return;
    yield {
      path: ['spec', 'networking', 'nodes'],
      reason: 'FieldValueRequired',
      problem: `the range of the nodes is missing, and ${cloud} rejects a Shoot without it`,
      advice: 'add a range, such as 10.250.0.0/16',
    };
  },
};
