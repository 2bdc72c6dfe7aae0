import { testRule } from '../../support/rule-tester.ts';
import { SHOOT } from './base.ts';

testRule('shoot/deprecated-field', 'warn', SHOOT, {
  valid: [
    { name: 'null', config: { ipip: null, ipAutodetectionMethod: null } },
    { name: 'the new block', config: { ipv4: { mode: 'Always' } } },
    { name: 'an unknown spelling', config: { ipAutoDetectionMethod: 'first-found' } },
    { name: 'no configuration' },
    {
      name: 'known before',
      config: { ipip: 'Always', typha: { enabled: true } },
      old: { config: { ipip: 'Always' } },
    },
  ],
  invalid: [
    {
      name: 'both',
      yaml: `
        apiVersion: core.gardener.cloud/v1beta1
        kind: Shoot
        metadata:
          name: foo
        spec:
          provider:
            type: local
            workers: [{name: worker, maximum: 2}]
          networking:
            type: calico
            providerConfig:
              ipip: Always
                    ^^^^^^
              ipAutodetectionMethod: first-found
                                     ^^^^^^^^^^^
      `,
      found: ['config.ipip', 'config.ipAutodetectionMethod'],
    },
    { name: 'ipip', config: { ipip: 'Always' }, found: [{ path: 'config.ipip', says: 'use ipv4.mode' }] },
    {
      name: 'ipAutodetectionMethod',
      config: { ipAutodetectionMethod: 'first-found' },
      found: [{ path: 'config.ipAutodetectionMethod', says: 'use ipv4.autoDetectionMethod' }],
    },
    {
      name: 'both',
      config: { ipip: 'Off', ipAutodetectionMethod: 'x' },
      found: ['config.ipip', 'config.ipAutodetectionMethod'],
    },
    {
      name: 'a long value',
      config: { ipAutodetectionMethod: 'i'.repeat(5000) },
      found: ['config.ipAutodetectionMethod'],
    },
    { name: 'a wrong type', config: { ipip: true }, found: ['config.ipip'] },
    {
      name: 'another value than before',
      config: { ipip: 'Never' },
      old: { config: { ipip: 'Always' } },
      found: ['config.ipip'],
    },
  ],
});
