import { testRule } from './table.ts';

const paths = ['ipFamilies'];

function row(type: string, ipFamilies: unknown, isGood: boolean) {
  return {
    name: `${type} ${JSON.stringify(ipFamilies)}`,
    spec: { provider: { type } },
    networking: { ipFamilies },
    paths: isGood ? [] : paths,
  };
}

testRule('shoot/provider-ip-families', [
  ...[undefined, null, [], ['IPv4'], ['foo'], 'IPv6', { 0: 'IPv6' }].map((families) =>
    row('azure', families, true),
  ),
  ...[['IPv6'], ['IPv4', 'IPv6'], ['IPv6', 'IPv4'], ['IPv4', 'IPv4'], ['foo', 'bar'], ['IPv6', 5]].map(
    (families) => row('azure', families, false),
  ),
  ...['gcp', 'openstack'].flatMap((type) => [
    row(type, ['IPv6'], false),
    ...[undefined, null, [], ['IPv4'], ['IPv4', 'IPv6'], ['IPv6', 'IPv4'], ['ipv6'], 'IPv6', ['IPv6', 5]].map(
      (families) => row(type, families, true),
    ),
  ]),
  ...['aws', 'alicloud', 'local', 'GCP', 'constructor', '__proto__'].flatMap((type) => [
    row(type, ['IPv6'], true),
    row(type, ['IPv4', 'IPv6'], true),
  ]),
  {
    ...row('azure', ['IPv4', 'IPv6'], false),
    name: 'message on Azure',
    messages: ['Azure Shoots do not carry IPv6 (got "IPv6"); use [IPv4]'],
  },
  {
    ...row('azure', ['IPv4', 'x'], false),
    name: 'message on Azure without IPv6',
    messages: ['Azure Shoots carry one IP family, not 2; use [IPv4]'],
  },
  {
    ...row('gcp', ['IPv6'], false),
    name: 'message on GCP',
    messages: ['GCP does not carry IPv6 alone (got "IPv6"); use [IPv4] or [IPv4, IPv6]'],
  },
  {
    ...row('openstack', ['IPv6'], false),
    name: 'message on OpenStack',
    messages: ['OpenStack does not carry IPv6 alone (got "IPv6"); use [IPv4] or [IPv4, IPv6]'],
    reasons: ['FieldValueForbidden'],
  },

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
]);
