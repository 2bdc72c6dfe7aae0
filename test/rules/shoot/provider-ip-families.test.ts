import { testRule } from '../../support/rule-tester.ts';
import { SHOOT } from './base.ts';

const path = 'networking.ipFamilies';

function row(type: string, ipFamilies: unknown) {
  return {
    name: `${type} ${JSON.stringify(ipFamilies)}`,
    spec: { provider: { type } },
    networking: { ipFamilies },
  };
}

testRule('shoot/provider-ip-families', 'deny', SHOOT, {
  valid: [
    ...[undefined, null, [], ['IPv4'], ['foo'], 'IPv6', { 0: 'IPv6' }].map((families) =>
      row('azure', families),
    ),
    ...['gcp', 'openstack'].flatMap((type) =>
      [undefined, null, [], ['IPv4'], ['IPv4', 'IPv6'], ['IPv6', 'IPv4'], ['ipv6'], 'IPv6', ['IPv6', 5]].map(
        (families) => row(type, families),
      ),
    ),
    ...['aws', 'alicloud', 'local', 'GCP', 'constructor', '__proto__'].flatMap((type) => [
      row(type, ['IPv6']),
      row(type, ['IPv4', 'IPv6']),
    ]),
    {
      name: 'a workerless Shoot, as the API server sends it',
      spec: { provider: { type: 'gcp', workers: undefined } },
      networking: { type: undefined, nodes: undefined, ipFamilies: ['IPv6'] },
    },
    {
      name: 'an empty list of workers',
      spec: { provider: { type: 'gcp', workers: [] } },
      networking: { ipFamilies: ['IPv6'] },
    },
    {
      name: 'another network',
      spec: { provider: { type: 'gcp' } },
      networking: { type: 'cilium', ipFamilies: ['IPv6'] },
    },
  ],
  invalid: [
    ...[['IPv6'], ['IPv4', 'IPv6'], ['IPv6', 'IPv4'], ['IPv4', 'IPv4'], ['foo', 'bar'], ['IPv6', 5]].map(
      (families) => ({ ...row('azure', families), found: [path] }),
    ),
    ...['gcp', 'openstack'].map((type) => ({ ...row(type, ['IPv6']), found: [path] })),
    {
      ...row('azure', ['IPv4', 'IPv6']),
      name: 'message on Azure',
      found: [{ path, message: 'Shoots on Azure do not support IPv6 (got "IPv6"); use [IPv4]' }],
    },
    {
      ...row('azure', ['IPv4', 'x']),
      name: 'message on Azure without IPv6',
      found: [{ path, message: 'Shoots on Azure support one IP family, not 2; use [IPv4]' }],
    },
    {
      ...row('gcp', ['IPv6']),
      name: 'message on GCP',
      found: [{ path, message: 'GCP does not support IPv6 alone (got "IPv6"); use [IPv4] or [IPv4, IPv6]' }],
    },
    {
      ...row('openstack', ['IPv6']),
      name: 'message on OpenStack',
      found: [
        {
          path,
          message: 'OpenStack does not support IPv6 alone (got "IPv6"); use [IPv4] or [IPv4, IPv6]',
          reason: 'FieldValueForbidden',
        },
      ],
    },
  ],
});
