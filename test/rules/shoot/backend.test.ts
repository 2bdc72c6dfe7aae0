import { OTHER_TYPES, STRANGE_TEXTS } from '../../support/odd-values.ts';
import { testRule } from '../../support/rule-tester.ts';
import { SHOOT } from './base.ts';

const path = 'config.backend';
const reason = 'FieldValueNotSupported';

testRule('shoot/backend', 'deny', SHOOT, {
  valid: [
    {
      name: 'a value in quotes',
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
            providerConfig: {backend: 'vxlan'}
      `,
    },
    ...['bird', 'none', 'vxlan'].map((backend) => ({ name: backend, config: { backend } })),
    ...OTHER_TYPES.map(({ name, value }) => ({ name, config: { backend: value } })),
    { name: 'a key in another case is not ours', config: { Backend: 'geneve' } },
    { name: 'no providerConfig', config: undefined },
    { name: 'null as providerConfig', config: null },
    { name: 'a list as providerConfig', config: ['backend'] },
    { name: 'a string as providerConfig', config: 'backend: geneve' },
  ],
  invalid: [
    {
      name: 'a value in quotes, with a comment behind it',
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
              backend: "Bird" # as the daemon is called
                       ^^^^^^
      `,
      found: [
        { path, message: 'unsupported backend (got "Bird"); did you mean bird? Use bird, none or vxlan' },
      ],
    },
    ...STRANGE_TEXTS.map(({ name, text }) => ({
      name,
      config: { backend: text },
      found: [{ path, reason }],
    })),
    {
      name: 'Bird',
      config: { backend: 'Bird' },
      found: [
        { path, message: 'unsupported backend (got "Bird"); did you mean bird? Use bird, none or vxlan' },
      ],
    },
    {
      name: 'empty',
      config: { backend: '' },
      found: [{ path, message: 'unsupported backend (got ""); remove it or use bird, none or vxlan' }],
    },
    {
      name: 'geneve',
      config: { backend: 'geneve' },
      found: [{ path, message: 'unsupported backend (got "geneve"); use bird, none or vxlan' }],
    },
    {
      name: 'None, as the documentation prints it',
      config: { backend: 'None' },
      found: [
        {
          path,
          message: `unsupported backend (got "None"); write none in lower case (Gardener's documentation prints None)`,
        },
      ],
    },
    {
      name: 'None on Azure, past the mutating webhook',
      config: { backend: 'None' },
      spec: { provider: { type: 'azure' } },
      found: [path],
    },
    { name: 'NONE', config: { backend: 'NONE' }, found: [path] },
    { name: 'VXLAN', config: { backend: 'VXLAN' }, found: [path] },
    { name: 'a trailing blank', config: { backend: 'bird ' }, found: [path] },
  ],
});
