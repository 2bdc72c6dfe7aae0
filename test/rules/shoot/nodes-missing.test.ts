import { testRule } from '../../support/rule-tester.ts';
import { SHOOT } from './base.ts';

const at = (type: string, workers: unknown = [{ name: 'w' }]) => ({ provider: { type, workers } });
const NODES = { nodes: '10.250.0.0/16' };
const CLOUDS = ['alicloud', 'aws', 'azure', 'gcp', 'openstack'];

testRule('shoot/nodes-missing', 'warn', SHOOT, {
  valid: [
    ...CLOUDS.flatMap((cloud) => [
      { name: `written on ${cloud}`, spec: at(cloud), networking: NODES },
      { name: `no workers on ${cloud}`, spec: at(cloud, []), networking: { nodes: undefined } },
      { name: `a part of a Shoot on ${cloud}`, spec: at(cloud, null), networking: { nodes: undefined } },
      {
        name: `workers of the wrong type on ${cloud}`,
        spec: at(cloud, {}),
        networking: { nodes: undefined },
      },
    ]),
    ...['local', 'equinixmetal', 'hcloud', 'ironcore'].map((cloud) => ({
      name: `not asked for on ${cloud}`,
      spec: at(cloud),
      networking: { nodes: undefined },
    })),
    { name: 'IPv6 alone on aws', spec: at('aws'), networking: { nodes: undefined, ipFamilies: ['IPv6'] } },
  ],
  invalid: [
    ...CLOUDS.flatMap((cloud) =>
      [undefined, null].map((nodes) => ({
        name: `${nodes} on ${cloud}`,
        spec: at(cloud),
        networking: { nodes },
        found: [
          {
            path: 'networking.nodes',
            says: 'rejects a Shoot without it; add a range, such as 10.250.0.0/16',
          },
        ],
      })),
    ),
    ...[[], ['IPv4'], ['IPv4', 'IPv6']].map((ipFamilies) => ({
      name: `${JSON.stringify(ipFamilies)} on aws`,
      spec: at('aws'),
      networking: { nodes: undefined, ipFamilies },
      found: ['networking.nodes'],
    })),
    {
      name: 'IPv6 alone elsewhere',
      spec: at('alicloud'),
      networking: { nodes: undefined, ipFamilies: ['IPv6'] },
      found: ['networking.nodes'],
    },
  ],
});
