import { OTHER_TYPES, STRANGE_TEXTS } from '../../support/odd-values.ts';
import { testRule } from '../../support/rule-tester.ts';
import { SHOOT } from './base.ts';

testRule('shoot/overlapping-ranges', 'deny', SHOOT, {
  valid: [
    {
      name: 'side by side',
      networking: { pods: '10.0.0.0/16', nodes: '10.1.0.0/16', services: '10.2.0.0/16' },
    },
    { name: 'one alone', networking: { pods: '10.0.0.0/8', nodes: undefined, services: undefined } },
    { name: 'two families', networking: { pods: '::/0', nodes: '0.0.0.0/0', services: undefined } },
    ...OTHER_TYPES.map(({ name, value }) => ({
      name,
      networking: { pods: value, nodes: value, services: value },
    })),
    ...STRANGE_TEXTS.map(({ name, text }) => ({
      name,
      networking: { pods: text, nodes: text, services: text },
    })),
  ],
  invalid: [
    {
      name: 'pods and nodes',
      networking: { pods: '10.250.0.0/16', nodes: '10.250.0.0/16', services: '100.64.0.0/13' },
      found: [
        {
          path: 'networking.pods',
          message: 'overlaps the range of nodes, 10.250.0.0/16 (got "10.250.0.0/16"); choose another range',
        },
      ],
    },
    {
      name: 'Services in nodes',
      networking: { pods: '10.0.0.0/16', nodes: '10.250.0.0/16', services: '10.250.7.0/24' },
      found: [{ path: 'networking.services', says: 'the range of nodes' }],
    },
    {
      name: 'all of them, each reported once',
      networking: { pods: '10.0.0.0/8', nodes: '10.0.0.0/8', services: '10.0.0.0/8' },
      found: ['networking.services', 'networking.pods'],
    },
    {
      name: 'IPv6',
      networking: { ipFamilies: ['IPv6'], pods: 'fd00::/48', nodes: 'FD00::/64', services: undefined },
      found: ['networking.pods'],
    },
  ],
});
