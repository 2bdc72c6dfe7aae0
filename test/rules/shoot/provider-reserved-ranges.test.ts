import { OTHER_TYPES, STRANGE_TEXTS } from '../../support/odd-values.ts';
import { testRule } from '../../support/rule-tester.ts';
import { SHOOT } from './base.ts';

const alicloud = { provider: { type: 'alicloud' } };
const ALL = ['networking.nodes', 'networking.pods', 'networking.services'];

function everywhere(range: unknown) {
  return { nodes: range, pods: range, services: range };
}

testRule('shoot/provider-reserved-ranges', 'deny', SHOOT, {
  valid: [
    ...[
      '100.63.255.0/24',
      '100.128.0.0/9',
      '10.250.0.0/16',
      '192.168.0.0/16',
      '2001:db8::/32',
      '::/0',
      '64:100::/10',
    ].map((range) => ({ name: range, spec: alicloud, networking: everywhere(range) })),
    ...['', '100.64.0.0', '100.064.0.0/10', '100.64.0.0/10,10.0.0.0/8', '100.64.0.0/33'].map((range) => ({
      name: `"${range}" is no range`,
      spec: alicloud,
      networking: everywhere(range),
    })),
    ...OTHER_TYPES.map(({ name, value }) => ({ name, spec: alicloud, networking: everywhere(value) })),
    ...STRANGE_TEXTS.map(({ name, text }) => ({ name, spec: alicloud, networking: everywhere(text) })),
    ...['aws', 'azure', 'gcp', 'openstack', 'local', 'Alicloud', ''].map((type) => ({
      name: `${type} has no such range`,
      spec: { provider: { type } },
      networking: everywhere('100.64.0.0/10'),
    })),
    {
      name: 'a workerless Shoot, as the API server sends it',
      spec: { provider: { type: 'alicloud', workers: undefined } },
      networking: { type: undefined, nodes: undefined, services: '100.64.0.0/13' },
    },
    {
      name: 'an empty list of workers',
      spec: { provider: { type: 'alicloud', workers: [] } },
      networking: { services: '100.64.0.0/13' },
    },
    {
      name: 'another network',
      spec: { provider: { type: 'alicloud' } },
      networking: { type: 'cilium', services: '100.64.0.0/13' },
    },
  ],
  invalid: [
    ...[
      '100.64.0.0/10',
      '100.64.0.0/13',
      '100.96.0.0/11',
      '100.127.255.255/32',
      '100.64.0.0/32',
      '100.100.100.200/24',
      '100.0.0.0/8',
      '0.0.0.0/0',
      '::ffff:100.64.0.0/112',
    ].map((range) => ({ name: range, spec: alicloud, networking: everywhere(range), found: ALL })),
    {
      name: 'only the range that overlaps',
      spec: alicloud,
      networking: { nodes: '10.0.0.0/16', pods: '100.96.0.0/11', services: null },
      found: [
        {
          path: 'networking.pods',
          message:
            'overlaps 100.64.0.0/10, which Alibaba Cloud reserves (got "100.96.0.0/11"); use a range outside it, such as one in 10.0.0.0/8',
          reason: 'FieldValueForbidden',
        },
      ],
    },
  ],
});
